"""The service itself: where to begin, its numbers, and the document that describes all of its HTTP."""

from functools import cache
from typing import Any

from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from api import examples, metrics
from api.problems import refusals
from api.serializers import MetricsSerializer, RootSerializer
from api.views.base import PublicView


class RootView(PublicView):
    @extend_schema(
        tags=["Public: service"],
        operation_id="api_v1_root",
        summary="Where everything is",
        responses={200: RootSerializer, **refusals()},
        examples=[examples.ROOT],
    )
    def get(self, request: Request) -> Response:
        return Response({name: reverse(f"api:{name}", request=request) for name in RootSerializer().fields})


@method_decorator(cache_control(public=True, max_age=metrics.KEPT), name="get")
class MetricsView(PublicView):
    @extend_schema(
        tags=["Public: service"],
        operation_id="api_v1_metrics_retrieve",
        summary="The service in numbers",
        responses={200: MetricsSerializer, **refusals()},
        examples=[examples.METRICS],
    )
    def get(self, request: Request) -> Response:
        return Response(MetricsSerializer(metrics.current()).data)


@extend_schema(exclude=True)
class DocumentView(PublicView):
    """The OpenAPI document: YAML, or JSON for who asks for it (`Accept`, or `?format=json`)."""

    renderer_classes = (OpenApiYamlRenderer, OpenApiJsonRenderer)
    throttle_classes = ()

    def get(self, request: Request) -> Response:
        return Response(_document())


@extend_schema(exclude=True)
class NowhereView(PublicView):
    """Any other address below `/api/`."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFound("There is nothing at this address; /docs describes what there is.")


@cache
def _document() -> dict[str, Any]:
    """It follows from the code alone, so it is made once."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    document: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return document
