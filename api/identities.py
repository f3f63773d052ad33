"""The ids that addresses and filters name things by. What has the wrong form names nothing."""

import re

from channels.models import Channel

CHANNEL = r"(UC[0-9A-Za-z_-]{22}|[0-9]{1,19})"
"""A channel's YouTube id, or the id of the Joystream channel that it belongs to."""

VIDEO = r"[0-9A-Za-z_-]{11}"
"""A video's YouTube id."""


def channel_named(name: str) -> Channel | None:
    """Only channels whose owners finished the sign-up are shown."""
    if not re.fullmatch(CHANNEL, name):
        return None
    registered = Channel.objects.registered().select_related("app")
    if name.startswith("UC"):
        return registered.filter(youtube_id=name).first()
    return registered.of_joystream_channel(int(name))
