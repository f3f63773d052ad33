"""Google's sign-in for our own pages, as social-auth's backend. Its endpoints and its client are those of the
configuration.

Nobody becomes a Django user by it: what a sign-in proves is who the creator is, and the tokens go into the
creator's row, encrypted (`channels.grants`). social-auth's own table of associations stays empty.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from social_core.backends.google import GoogleOAuth2
from social_core.backends.oauth import BaseOAuth2PKCE

from ytsynch.youtube.sign_in import EMAIL_SCOPE, READ_SCOPE, Grant, granted_scopes

NAME = "google-oauth2"


class Google(BaseOAuth2PKCE[HttpResponse], GoogleOAuth2[HttpResponse]):
    """Asks for the two permissions that the service needs, and for a refresh token. A code is bound to the
    browser that asked (PKCE).
    """

    name = NAME

    def authorization_url(self) -> str:
        return str(settings.CONFIG.endpoints.google.auth)

    def access_token_url(self) -> str:
        return str(settings.CONFIG.endpoints.google.token)

    def get_key_and_secret(self) -> tuple[str, str]:
        youtube = settings.CONFIG.youtube
        return (
            youtube.client_id or "",
            youtube.client_secret.get_secret_value() if youtube.client_secret else "",
        )

    def get_scope(self) -> list[str]:
        return ["openid", EMAIL_SCOPE, READ_SCOPE]

    def auth_extra_arguments(self) -> dict[str, str]:
        # Without both of them Google gives no refresh token.
        return {"access_type": "offline", "prompt": "consent"}

    def user_data(self, access_token: str, *_: Any, **__: Any) -> dict[str, Any]:
        """Who signed in, with a verified e-mail address. Without the permission to know it `granted_scopes`
        says what is missing.
        """
        headers = {"Authorization": f"Bearer {access_token}"}
        person: dict[str, Any] = self.get_json(settings.CONFIG.endpoints.google.userinfo, headers=headers)
        if "email" in person:
            self.validate_email_verified(person)
        return person


def grant_of(response: Mapping[str, Any]) -> Grant:
    """The permission, from what the token endpoint and the user info said together. Raises `ScopeMissing`."""
    return Grant(
        access_token=response["access_token"],
        refresh_token=response.get("refresh_token"),
        expires_at=datetime.now(UTC) + timedelta(seconds=int(response.get("expires_in", 3600))),
        scopes=granted_scopes(response.get("scope", "")),
        subject=response["sub"],
        email=response["email"],
    )
