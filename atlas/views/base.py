"""What all views of the Atlas API share: JSON in and out, errors in the shape that Atlas reads, no session
and no cookie.
"""

from collections.abc import Callable, Sequence
from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from atlas import errors
from atlas.authentication import HasOperatorKey, OperatorKeyAuthentication
from atlas.parsing import Body
from atlas.serializers import ShownChannel, VideoDto
from channels.models import Channel
from videos import facts, sync_status
from videos.models import VideoQuerySet
from ytsynch.security.limits import SIGN_UPS, Throttle


class AtlasView(APIView):
    """Open to everybody, unless a subclass says otherwise."""

    authentication_classes: Sequence[type[Any]] = ()
    permission_classes: Sequence[type[Any]] = ()
    parser_classes: Sequence[type[BaseParser]] = (Body,)
    renderer_classes: Sequence[type[BaseRenderer]] = (JSONRenderer,)

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response | None]:
        return errors.answer


class OperatorView(AtlasView):
    """Open to whoever holds an operator key."""

    authentication_classes = (OperatorKeyAuthentication,)
    permission_classes = (HasOperatorKey,)


class SignUpThrottle(Throttle):
    limit = SIGN_UPS


def read(serializer: type[BaseSerializer[Any]], request: Request, *, many: bool = False) -> Any:
    """The validated body. Raises ValidationError."""
    options: dict[str, Any] = {"many": True, "allow_empty": False, "max_length": 1000} if many else {}
    body = serializer(data=request.data, **options)
    body.is_valid(raise_exception=True)
    return body.validated_data


def operator_name(request: Request) -> str:
    """Who holds the key that the request came with."""
    operator: Any = request.auth  # an Operator: OperatorView lets nobody else in
    return str(operator.name)


def channel_or_404(joystream_channel_id: int) -> Channel:
    channel = Channel.objects.of_joystream_channel(joystream_channel_id)
    if channel is None:
        raise NotFound(f"Channel {joystream_channel_id} not found.")
    return channel


def shown(channels: Sequence[Channel]) -> list[ShownChannel]:
    """The channels, each with how far its sync has come."""
    statuses = sync_status.of_channels(channels)
    return [ShownChannel(channel, statuses[channel.pk]) for channel in channels]


def shown_videos(videos: VideoQuerySet) -> object:
    """Those of the videos that everybody may know of, newest first."""
    found = videos.for_everybody().order_by("-published_at", "-id")
    return VideoDto(facts.of_videos(found), many=True).data
