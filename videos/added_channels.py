"""Channels that staff add without their owners' sign-in (mission C14): one by name, or many from a list.

Their videos are listed from their public pages. An owner who left or was suspended is not brought back this
way.
"""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from channels import sync
from channels.errors import AlreadyRegistered, ChannelSuspended, NotFound, Refused
from channels.models import App, Channel, Status
from videos import outside, quota
from ypp import sign_up
from ypp.statuses import LeftProgramme
from ytsynch.clusters.bell import ring
from ytsynch.joystream.errors import JoystreamError
from ytsynch.youtube.data_api import PAGE, YouTubeChannel
from ytsynch.youtube.errors import YouTubeError
from ytsynch.youtube.listing import channel_id_in

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Wish:
    """A channel to add, by id, @handle or address.

    Without a Joystream channel it is known and not synced. `limit`: videos of the back catalogue, at most.
    """

    name: str
    joystream_channel_id: int | None = None
    limit: int | None = None
    category_id: str = ""


@dataclass(frozen=True)
class Result:
    """What became of a wish: the channel, or the reason why not."""

    wish: Wish
    channel: Channel | None = None
    refusal: str = ""


def add(wishes: Sequence[Wish], *, app: App, by: str) -> list[Result]:
    """Add the channels, each by itself: what one is refused for does not stop the others.

    Results in their order.
    """
    ids: dict[Wish, str] = {}
    refusals: dict[Wish, str] = {}
    for wish in dict.fromkeys(wishes):
        try:
            ids[wish] = channel_id_in(wish.name) or outside.downloader().identify_channel(wish.name)
        except (ValueError, YouTubeError) as error:
            refusals[wish] = str(error)
    try:
        shown = _facts(ids.values())
    except YouTubeError as error:
        refusals |= dict.fromkeys(ids, str(error))
        shown = {}
    results: list[Result] = []
    for wish in wishes:
        if wish in refusals:
            results.append(Result(wish, refusal=refusals[wish]))
            continue
        try:
            results.append(Result(wish, _add(wish, shown.get(ids[wish]), app=app, by=by)))
        except (Refused, JoystreamError) as error:
            results.append(Result(wish, refusal=str(error)))
    return results


def _facts(ids: Iterable[str]) -> dict[str, YouTubeChannel]:
    """What YouTube shows of the channels: 1 unit of quota for fifty."""
    wanted = list(dict.fromkeys(ids))
    api = outside.data_api(quota.Purpose.SYNC)
    shown: dict[str, YouTubeChannel] = {}
    for start in range(0, len(wanted), PAGE):
        shown |= api.channels(wanted[start : start + PAGE])
    return shown


def _add(wish: Wish, found: YouTubeChannel | None, *, app: App, by: str) -> Channel:
    if found is None:
        raise NotFound("YouTube does not show this channel.")
    _check_joystream(wish)
    try:
        channel = _store(wish, found, app=app, by=by)
    except IntegrityError:
        raise AlreadyRegistered(wish.joystream_channel_id) from None
    ring("discovery")
    return channel


def _check_joystream(wish: Wish) -> None:
    if wish.joystream_channel_id is None:
        return
    if outside.query_node().channel(wish.joystream_channel_id) is None:
        raise Refused(f"Joystream channel {wish.joystream_channel_id} does not exist.")
    if wish.category_id:
        sign_up.require_category(wish.category_id, outside.query_node())


@transaction.atomic
def _store(wish: Wish, found: YouTubeChannel, *, app: App, by: str) -> Channel:
    facts = sign_up.facts(found)
    channel = Channel.objects.select_for_update().filter(youtube_id=found.id).first()
    if channel is None:
        channel = Channel(youtube_id=found.id, app=app, added_by_staff=True)
    else:
        _require_free(channel)
    for name, value in facts.items():
        setattr(channel, name, value)
    channel.joystream_channel_id = wish.joystream_channel_id
    channel.catalogue_limit = wish.limit
    channel.category_id = wish.category_id or channel.category_id
    channel.next_discovery_at = Now()
    channel.save()
    detail = {"joystream_channel": wish.joystream_channel_id, "limit": wish.limit}
    sync.record(channel, "added_by_staff", by=by, detail=detail)
    channel.refresh_from_db()
    return channel


def _require_free(channel: Channel) -> None:
    """A channel that takes part already, or must not, stays as it is."""
    if channel.status == Status.OPTED_OUT:
        raise LeftProgramme(f"The owner of {channel} has left the programme.")
    if channel.status == Status.SUSPENDED:
        raise ChannelSuspended(channel.joystream_channel_id)
    if channel.joystream_channel_id is not None:
        raise AlreadyRegistered(channel.joystream_channel_id)


# --- Lists --------------------------------------------------------------------------------------------------


class UnreadableList(ValueError):
    """The file is not such a list; the message says where."""


_FIELDS = frozenset({"channel", "joystreamChannelId", "limit", "categoryId"})


def read_list(path: Path) -> list[Wish]:
    """A list of channels: JSON (an array of names or of objects) or CSV (with a line of names on top).

    Fields: channel, joystreamChannelId, limit, categoryId; all but the first may be missing. Raises
    UnreadableList.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableList(f"{path}: {error}") from error
    rows = _json_rows(text) if path.suffix.lower() == ".json" else list(csv.DictReader(text.splitlines()))
    return [_wish(row, number) for number, row in enumerate(rows, start=1)]


def _json_rows(text: str) -> list[dict[str, Any]]:
    try:
        rows = json.loads(text)
    except ValueError as error:
        raise UnreadableList(f"not JSON: {error}") from error
    if not isinstance(rows, list):
        raise UnreadableList("not an array")
    return [{"channel": row} if isinstance(row, str) else row for row in rows]


def _wish(row: Any, number: int) -> Wish:
    if not isinstance(row, dict) or not row.get("channel"):
        raise UnreadableList(f"entry {number} names no channel")
    if unknown := set(row) - _FIELDS:
        raise UnreadableList(f"entry {number} has unknown fields: {', '.join(sorted(map(str, unknown)))}")
    return Wish(
        name=str(row["channel"]).strip(),
        joystream_channel_id=_number(row, "joystreamChannelId", number),
        limit=_number(row, "limit", number),
        category_id=str(row.get("categoryId") or ""),
    )


def _number(row: dict[str, Any], name: str, number: int) -> int | None:
    value = str(row.get(name) or "").strip()
    if not value:
        return None
    if not value.isdecimal():
        raise UnreadableList(f"entry {number}: {name} is not a number: {value[:40]}")
    return int(value)
