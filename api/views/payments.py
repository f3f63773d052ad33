"""What was paid to channels of the programme, as final blocks have it."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from api import examples
from api.filters import PaymentFilter
from api.paging import Orderings, Pages
from api.problems import refusals
from api.serializers import PaymentSerializer
from api.views.base import PublicView
from api.views.channels import BY, channel_or_404
from payments.models import Payment


class PaymentsView(PublicView, ListAPIView[Payment]):
    queryset = Payment.objects.all()
    serializer_class = PaymentSerializer
    filterset_class = PaymentFilter
    pagination_class = Pages
    orderings: Orderings = {"-block": ("-block", "-id"), "block": ("block", "id")}

    @extend_schema(
        tags=["Public: payments"],
        summary="Payments to channels: the service's own, and those of others that were found on chain",
        responses={200: PaymentSerializer(many=True), **refusals(400)},
        examples=[examples.PAYMENT],
    )
    def get(self, request: Request) -> Response:
        return self.list(request)


class PaymentsOfChannelView(PaymentsView):
    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return super().filter_queryset(queryset.filter(channel=channel_or_404(self.kwargs["id"])))

    @extend_schema(
        tags=["Public: payments"],
        operation_id="api_v1_channels_payments_list",
        summary="What was paid to the channel",
        parameters=[BY],
        responses={200: PaymentSerializer(many=True), **refusals(400, 404)},
        examples=[examples.PAYMENT],
    )
    def get(self, request: Request, id: str) -> Response:  # type: ignore[override]
        return self.list(request)
