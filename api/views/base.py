"""What all views of the public API share: JSON out, no session and no cookie, 304 for what has not changed,
and only so many requests from one network.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle, BaseThrottle
from rest_framework.views import APIView

from api import problems
from ytsynch.security.limits import network_of


class ReadThrottle(AnonRateThrottle):
    """Settings.REST_FRAMEWORK has the rate. Every web process counts for itself."""

    scope = "read"

    def get_ident(self, request: Request) -> str:
        return network_of(request)


@method_decorator(conditional_page, name="dispatch")
class PublicView(APIView):
    authentication_classes: Sequence[type[Any]] = ()
    permission_classes: Sequence[type[Any]] = ()
    renderer_classes: Sequence[type[BaseRenderer]] = (JSONRenderer,)
    throttle_classes: Sequence[type[BaseThrottle]] = (ReadThrottle,)

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response | None]:
        return problems.answer
