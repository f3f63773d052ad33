"""How the service itself is."""

from django.conf import settings
from django.core.cache import cache
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from atlas.examples import COLLABORATOR, QUOTA, STATUS, failures
from atlas.serializers import CollaboratorDto, QuotaDto, StatusDto
from atlas.views.base import AtlasView
from channels import switches
from channels.gateways import app_of_configuration
from channels.models import Switch
from videos import on_request, tally
from videos.models import QuotaDay
from videos.quota import quota_day
from videos.states import IN_PIPELINE

HAPI_PER_JOY = 10**10

BACKLOG_KEPT = 5
"""Seconds for which the backlog is not counted again."""


class StatusView(AtlasView):
    @extend_schema(
        tags=["Status"],
        operation_id="getStatus",
        summary="The service",
        responses=StatusDto,
        examples=[STATUS],
    )
    def get(self, request: Request) -> Response:
        is_on = settings.CONFIG.sync.enable and not switches.is_off(Switch.SYNC)
        status = {
            "version": settings.SPECTACULAR_SETTINGS["VERSION"],
            "syncStatus": "enabled" if is_on else "disabled",
            "syncBacklog": _backlog(),
        }
        return Response(StatusDto(status).data)


def _backlog() -> int:
    """Videos on their way: counted once in a while, at a cost that does not grow with them."""
    known: int | None = cache.get("sync-backlog")
    if known is None:
        videos = tally.of_videos()
        known = sum(videos.all[state] for state in IN_PIPELINE)
        cache.set("sync-backlog", known, BACKLOG_KEPT)
    return known


class QuotaUsageView(AtlasView):
    @extend_schema(
        tags=["Status"],
        summary="Units of the YouTube API that were used, by day in California, newest first",
        responses=QuotaDto(many=True),
    )
    def get(self, request: Request) -> Response:
        return Response(QuotaDto(QuotaDay.objects.order_by("-day"), many=True).data)


class QuotaUsageTodayView(AtlasView):
    @extend_schema(
        tags=["Status"],
        summary="Units of the YouTube API that were used today, in California",
        responses=QuotaDto,
        examples=[QUOTA],
    )
    def get(self, request: Request) -> Response:
        today = QuotaDay.objects.filter(day=quota_day()).first() or QuotaDay(day=quota_day())
        return Response(QuotaDto(today).data)


class CollaboratorView(AtlasView):
    @extend_schema(
        tags=["Status"],
        operation_id="getCollaborator",
        summary="The Joystream member that publishes, and what its account holds",
        responses={200: CollaboratorDto, **failures(503)},
        examples=[COLLABORATOR],
    )
    def get(self, request: Request) -> Response:
        lane = app_of_configuration().lane
        status = {
            "memberId": lane.member_id,
            "controllerAccount": lane.address,
            "balance": on_request.balance(lane.address) / HAPI_PER_JOY,
        }
        return Response(CollaboratorDto(status).data)
