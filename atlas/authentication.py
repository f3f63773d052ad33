"""Operators prove themselves with a key: `Authorization: Bearer <key>`."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from channels import operator_keys


@dataclass(frozen=True)
class Operator:
    """Whoever holds an operator key; `name` goes into the history of what they do.

    It is a request's `auth`.
    """

    name: str


class OperatorKeyAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[AnonymousUser, Operator] | None:
        kind, _, key = get_authorization_header(request).decode("latin-1").partition(" ")
        if kind.lower() != "bearer":
            return None
        name = operator_keys.name_of(key.strip())
        if name is None:
            raise AuthenticationFailed("The operator key is wrong or revoked.")
        return AnonymousUser(), Operator(f"key {name}")

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HasOperatorKey(BasePermission):
    message = "This needs an operator key: Authorization: Bearer …"

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, Operator)


class OperatorKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document describes the key."""

    target_class = OperatorKeyAuthentication
    name = "operatorKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key of the operator API."}
