"""The gateway app that sign-ups belong to, and its lane: rows that are made from the configuration when they
are first needed.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from channels.errors import Closed
from channels.models import App, Lane
from ytsynch.joystream.keys import Signer


def known_app() -> App | None:
    """The app named by `joystream.app.name`, if it was ever needed."""
    return App.objects.select_related("lane").filter(name=settings.CONFIG.joystream.app.name or "").first()


def app_of_configuration() -> App:
    """The app named by `joystream.app.name`.

    Raises `Closed` while the configuration says too little to make it.
    """
    return known_app() or _make_app()


@dataclass(frozen=True)
class Support:
    """Where creators find help: an address to write to and a page, each empty where there is none."""

    email: str
    url: str


SUPPORT_KEPT = 30
"""Seconds for which it is not looked up again."""


def support_of(app: App | None) -> Support:
    """The app's own, or else that of the service."""
    return Support((app and app.support_email) or settings.SUPPORT_EMAIL, app.support_url if app else "")


def support() -> Support:
    """That of the app named by `joystream.app.name`: every page shows it."""
    known: Support | None = cache.get("support-of-the-app")
    if known is None:
        known = support_of(known_app())
        cache.set("support-of-the-app", known, SUPPORT_KEPT)
    return known


@transaction.atomic
def _make_app() -> App:
    configured = settings.CONFIG.joystream
    collaborator, app = configured.channel_collaborator, configured.app
    if not app.name or app.account_seed is None or collaborator.member_id is None or not collaborator.account:
        raise Closed("The operator of this service has not set up its Joystream app yet.")
    address = Signer.from_account(**collaborator.account[0].arguments()).address
    lane, _ = Lane.objects.get_or_create(member_id=collaborator.member_id, defaults={"address": address})
    made, _ = App.objects.get_or_create(
        name=app.name, defaults={"account_seed": app.account_seed.get_secret_value(), "lane": lane}
    )
    return made
