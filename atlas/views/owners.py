"""What the owner of a channel orders by signing it with the channel's Joystream key."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from atlas.bodies import CategoryRequest, IngestRequest, OptOutRequest, SignedRequest
from atlas.examples import INGEST_REQUEST, failures
from atlas.parsing import raw_member, stringify
from atlas.views.base import AtlasView, channel_or_404, read
from videos import on_request
from ypp import owner_actions
from ypp.owner_actions import Signed

SIGNED = (
    "`signature` is over the text that `JSON.stringify(message)` gives, or that in `<Bytes>…</Bytes>`, "
    "made with the key of the controller account of the member who owns the Joystream channel. "
    "`timestamp` must be newer than that of the last action."
)


def read_signed(serializer: type[SignedRequest], request: Request) -> tuple[dict[str, Any], Signed]:
    """The message, and the same with its signature. What was signed is the message as it came; a client
    between may have laid the JSON out anew, so its plainest form counts too.
    """
    body = read(serializer, request)
    data: Any = request.data
    texts = dict.fromkeys([raw_member(request._request.body, "message"), stringify(data["message"])])
    message: dict[str, Any] = body["message"]
    signed = Signed(tuple(text.encode() for text in texts), body["signature"], message["timestamp"])
    return message, signed


class IngestView(AtlasView):
    @extend_schema(
        tags=["Owner"],
        operation_id="setIngestion",
        summary="Pause or resume the sync",
        description=SIGNED,
        request=IngestRequest,
        responses={200: None, **failures(400, 404, 503)},
        examples=[INGEST_REQUEST],
    )
    def put(self, request: Request, joystream_channel_id: int) -> Response:
        message, signed = read_signed(IngestRequest, request)
        owner_actions.set_ingestion(
            channel_or_404(joystream_channel_id),
            wants_sync=message["shouldBeIngested"],
            category_id=message.get("videoCategoryId"),
            signed=signed,
            query_node=on_request.query_node(),
        )
        return Response()


class OptOutView(AtlasView):
    @extend_schema(
        tags=["Owner"],
        operation_id="optOut",
        summary="Leave the programme",
        description=SIGNED,
        request=OptOutRequest,
        responses={200: None, **failures(400, 404, 503)},
    )
    def put(self, request: Request, joystream_channel_id: int) -> Response:
        _, signed = read_signed(OptOutRequest, request)
        owner_actions.opt_out(
            channel_or_404(joystream_channel_id), signed=signed, query_node=on_request.query_node()
        )
        return Response()


class CategoryView(AtlasView):
    @extend_schema(
        tags=["Owner"],
        operation_id="setCategory",
        summary="Choose the category of the videos to come",
        description=SIGNED,
        request=CategoryRequest,
        responses={200: None, **failures(400, 404, 503)},
    )
    def put(self, request: Request, joystream_channel_id: int) -> Response:
        message, signed = read_signed(CategoryRequest, request)
        owner_actions.set_category(
            channel_or_404(joystream_channel_id),
            message["videoCategoryId"],
            signed=signed,
            query_node=on_request.query_node(),
        )
        return Response()
