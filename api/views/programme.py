"""The partner programme: its tiers, what it asks for, and the gateways that bring creators. Short lists."""

from itertools import pairwise

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import examples
from api.problems import refusals
from api.serializers import AppSerializer, RequirementSerializer, TierSerializer
from api.views.base import PublicView
from channels.models import App
from ypp.models import Requirement, Tier


class TiersView(PublicView):
    @extend_schema(
        tags=["Public: programme"],
        operation_id="api_v1_tiers_list",
        summary="Tiers, the lowest first",
        responses={200: TierSerializer(many=True), **refusals()},
        examples=[examples.TIER],
    )
    def get(self, request: Request) -> Response:
        tiers = TierSerializer(Tier.objects.order_by("min_subscribers"), many=True).data
        for tier, above in pairwise([*tiers, None]):
            tier["max_subscribers"] = above["min_subscribers"] - 1 if above else None
        return Response(tiers)


class RequirementsView(PublicView):
    @extend_schema(
        tags=["Public: programme"],
        operation_id="api_v1_requirements_list",
        summary="What a channel must have to join, by app",
        responses={200: RequirementSerializer(many=True), **refusals()},
        examples=[examples.REQUIREMENT],
    )
    def get(self, request: Request) -> Response:
        rows = Requirement.objects.select_related("app").order_by("app__name")
        return Response(RequirementSerializer(rows, many=True).data)


class AppsView(PublicView):
    @extend_schema(
        tags=["Public: programme"],
        operation_id="api_v1_apps_list",
        summary="Gateway apps that bring creators",
        responses={200: AppSerializer(many=True), **refusals()},
        examples=[examples.APP],
    )
    def get(self, request: Request) -> Response:
        return Response(AppSerializer(App.objects.select_related("lane").order_by("name"), many=True).data)
