"""What browsers are told to refuse: a Content-Security-Policy by address, and a Permissions-Policy.

Nothing of ours runs inline. Two rooms need more than our own pages do: the admin (its Alpine.js evaluates
expressions, its components carry styles) and the API's documentation (Swagger UI and Redoc make their styles
and a worker at run time).
"""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

Policy = Mapping[str, tuple[str, ...]]
SELF = "'self'"

PAGES: Policy = {
    "default-src": ("'none'",),
    "script-src": (SELF,),
    "style-src": (SELF,),
    "img-src": (
        SELF,
        "data:",
        "https://*.ytimg.com",
        "https://*.ggpht.com",
        "https://*.googleusercontent.com",
    ),
    "connect-src": (SELF,),
    "form-action": (SELF,),
    "frame-ancestors": ("'none'",),
    "base-uri": ("'none'",),
}
ADMIN: Policy = {
    **PAGES,
    "script-src": (SELF, "'unsafe-eval'"),
    "style-src": (SELF, "'unsafe-inline'"),
    "font-src": (SELF, "data:"),
    "frame-src": (SELF,),
}
DOCUMENTATION: Policy = {
    **PAGES,
    "style-src": (SELF, "'unsafe-inline'"),
    "font-src": (SELF, "data:"),
    "worker-src": (SELF, "blob:"),
}
BY_ADDRESS: tuple[tuple[str, Policy], ...] = (("/admin/", ADMIN), ("/docs", DOCUMENTATION), ("/", PAGES))
"""The first prefix that fits counts."""

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "camera",
        "display-capture",
        "geolocation",
        "microphone",
        "payment",
        "usb",
        "browsing-topics",
    )
)


class BrowserRules:
    """Adds both headers to every answer. One that brings a policy of its own keeps it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy_of(request.path))
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response


def policy_of(path: str) -> str:
    """The policy of an address, with what the configuration adds."""
    policy = dict(next(policy for prefix, policy in BY_ADDRESS if path.startswith(prefix)))
    # a browser holds the redirect after a form was sent against the policy too: the sign-in begins with one
    policy["form-action"] = (*policy["form-action"], _origin(settings.CONFIG.endpoints.google.auth))
    # a devnet has YouTube's pictures where it has YouTube's interface
    policy["img-src"] = (*policy["img-src"], _origin(settings.CONFIG.endpoints.youtube_api))
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in policy.items())


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
