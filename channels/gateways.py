"""The gateway app that sign-ups belong to, and its lane: rows that are made from the configuration when they
are first needed.
"""

from django.conf import settings
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
