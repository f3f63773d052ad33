"""What operators order, each for a list of channels: all of it is done, or nothing."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from atlas.bodies import TIERS, CategoryOrder, HandleOrder, IngestionOrder, SuspendOrder, VerifyOrder
from atlas.examples import failures
from atlas.views.base import OperatorView, operator_name, read
from channels.models import SuspensionReason
from videos import on_request
from ypp import operators, whitelist
from ypp.sign_up import require_category

ALL_OR_NOTHING = "All of the list is done, or nothing."
REFUSALS = failures(400, 401, 404)


class SuspendView(OperatorView):
    @extend_schema(
        tags=["Operator"],
        operation_id="suspendChannels",
        summary="Suspend channels",
        description=ALL_OR_NOTHING,
        request=SuspendOrder(many=True),
        responses={200: None, **REFUSALS},
    )
    def put(self, request: Request) -> Response:
        orders = read(SuspendOrder, request, many=True)
        reasons = [(order["joystreamChannelId"], SuspensionReason(order["reason"])) for order in orders]
        operators.suspend(reasons, by=operator_name(request))
        return Response()


class VerifyView(OperatorView):
    @extend_schema(
        tags=["Operator"],
        operation_id="verifyChannels",
        summary="Verify channels, each with its tier",
        description=f"{ALL_OR_NOTHING} Lifts a suspension.",
        request=VerifyOrder(many=True),
        responses={200: None, **REFUSALS},
    )
    def put(self, request: Request) -> Response:
        orders = read(VerifyOrder, request, many=True)
        tiers = [(order["joystreamChannelId"], TIERS[order["tier"]]) for order in orders]
        operators.verify(tiers, by=operator_name(request))
        return Response()


class OperatorIngestionView(OperatorView):
    @extend_schema(
        tags=["Operator"],
        operation_id="setOperatorIngestion",
        summary="Let channels sync, or not, whatever their creators want",
        description=ALL_OR_NOTHING,
        request=IngestionOrder(many=True),
        responses={200: None, **REFUSALS},
    )
    def put(self, request: Request) -> Response:
        orders = read(IngestionOrder, request, many=True)
        switches = [(order["joystreamChannelId"], order["allowOperatorIngestion"]) for order in orders]
        operators.set_ingestion(switches, by=operator_name(request))
        return Response()


class OperatorCategoryView(OperatorView):
    @extend_schema(
        tags=["Operator"],
        operation_id="setCategoryOfChannels",
        summary="Choose the category of channels' videos to come",
        description=ALL_OR_NOTHING,
        request=CategoryOrder(many=True),
        responses={200: None, **REFUSALS, **failures(503)},
    )
    def put(self, request: Request) -> Response:
        orders = [
            (order["joystreamChannelId"], order["videoCategoryId"])
            for order in read(CategoryOrder, request, many=True)
        ]
        query_node = on_request.query_node()
        for category in dict.fromkeys(category for _, category in orders):
            require_category(category, query_node)
        operators.set_category(orders, by=operator_name(request))
        return Response()


class WhitelistView(OperatorView):
    @extend_schema(
        tags=["Operator"],
        operation_id="addToWhitelist",
        summary="Exempt YouTube handles from the requirements",
        request=HandleOrder(many=True),
        responses={201: None, **failures(400, 401)},
    )
    def post(self, request: Request) -> Response:
        orders = read(HandleOrder, request, many=True)
        whitelist.add([order["channelHandle"] for order in orders], by=operator_name(request))
        return Response(status=201)


class WhitelistedHandleView(OperatorView):
    @extend_schema(
        tags=["Operator"],
        operation_id="removeFromWhitelist",
        summary="Exempt a YouTube handle no longer",
        responses={200: None, **failures(401, 404)},
    )
    def delete(self, request: Request, handle: str) -> Response:
        whitelist.remove(handle, by=operator_name(request))
        return Response()
