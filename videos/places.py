"""Where a video stands in the queue, at any length of it: counted from sums instead of row by row.

Triggers (`videos/migrations/0010`) note every change of the queue in `QueueCount`, by state, band and bucket
of tags, in buckets of three widths. They only add rows: nobody waits for anybody, and nothing deadlocks.
Upkeep adds them up (`fold`); whoever counts sums over both kinds, so a place is exact at every moment.

A place is then the sum of the bands before, of the wide buckets before within the band, of the narrower ones
within the widest that is begun, and the rows of the last bucket, along the index `video_queue`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from videos.states import SOURCE, State

WIDTHS = (1, 256, 65_536)
"""Of buckets by their level: seconds of the queue's virtual time, or of the clock (see `queue_order`)."""

FOLDED_AT_ONCE = 20_000
"""Rows."""

_FOLD_LOCK = 0x706C6163  # «plac»: an advisory lock number of our own

_QUEUED = "state IN ({}) AND held = ''".format(", ".join(f"'{state}'" for state in sorted(SOURCE.values())))
"""The condition of the index `video_queue`, word for word."""

_COUNTED = f"""
SELECT mine.id, mine.state, (
    SELECT coalesce(sum(videos), 0) FROM videos_queuecount
    WHERE state = mine.state AND level = 2 AND band < mine.band
) + (
    SELECT coalesce(sum(videos), 0) FROM videos_queuecount
    WHERE state = mine.state AND level = 2 AND band = mine.band AND bucket < mine.wide
) + (
    SELECT coalesce(sum(videos), 0) FROM videos_queuecount
    WHERE state = mine.state AND level = 1 AND band = mine.band
        AND bucket >= mine.wide * 256 AND bucket < mine.middle
) + (
    SELECT coalesce(sum(videos), 0) FROM videos_queuecount
    WHERE state = mine.state AND level = 0 AND band = mine.band
        AND bucket >= mine.middle * 256 AND bucket < mine.narrow
) + (
    SELECT count(*) FROM videos_video AS other
    WHERE {_QUEUED} AND other.state = mine.state AND other.band = mine.band
        AND other.tag >= mine.narrow AND (other.tag, other.id) <= (mine.tag, mine.id)
) AS place
FROM (
    SELECT id, state, band, tag, floor(tag)::bigint AS narrow, floor(tag / 256)::bigint AS middle,
        floor(tag / 65536)::bigint AS wide
    FROM videos_video WHERE id = ANY({{ids}}) AND {_QUEUED}
) AS mine
"""  # noqa: S608 (our own constants)

PLACES = _COUNTED.format(ids="%s")

ENDS = f"""
WITH ends AS MATERIALIZED (
    SELECT channel.id AS channel_id, first.id AS first_id, last.id AS last_id
    FROM unnest(%s::bigint[]) AS channel (id) CROSS JOIN unnest(%s::text[]) AS stage (state)
    CROSS JOIN LATERAL (
        SELECT id FROM videos_video WHERE {_QUEUED} AND channel_id = channel.id AND state = stage.state
        ORDER BY band, tag, id LIMIT 1
    ) AS first
    CROSS JOIN LATERAL (
        SELECT id FROM videos_video WHERE {_QUEUED} AND channel_id = channel.id AND state = stage.state
        ORDER BY band DESC, tag DESC, id DESC LIMIT 1
    ) AS last
), counted AS MATERIALIZED (
    {_COUNTED.format(ids="ARRAY(SELECT first_id FROM ends UNION SELECT last_id FROM ends)")}
)
SELECT channel_id, first.state, first.place, last.place
FROM ends JOIN counted AS first ON first.id = first_id JOIN counted AS last ON last.id = last_id
"""  # noqa: S608 (our own constants)

FOLD = """
WITH folded AS (
    DELETE FROM videos_queuecount WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM videos_queuecount WHERE NOT is_sum ORDER BY id LIMIT %s
    )) RETURNING state, band, level, bucket, videos
), summed AS (
    INSERT INTO videos_queuecount AS known (state, band, level, bucket, videos, is_sum)
    SELECT state, band, level, bucket, sum(videos), true FROM folded
    GROUP BY state, band, level, bucket HAVING sum(videos) <> 0
    ON CONFLICT (state, band, level, bucket) WHERE is_sum
    DO UPDATE SET videos = known.videos + excluded.videos
)
SELECT count(*) FROM folded
"""


def places(ids: Iterable[int]) -> dict[int, int]:
    """By primary key: the place of each of the videos that wait for a stage, from 1 within that stage. One query,
    if there are any.
    """
    wanted = list(ids)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(PLACES, [wanted])
        return {video: int(place) for video, _, place in cursor.fetchall()}


@dataclass(frozen=True)
class Ends:
    """The places of a channel's first and last video that wait for the stage of that state."""

    state: State
    first: int
    last: int


def of_channels(channels: Sequence[int]) -> dict[int, list[Ends]]:
    """By primary key of the channel. One query, however many channels and videos there are."""
    with connection.cursor() as cursor:
        cursor.execute(ENDS, [list(channels), sorted(SOURCE.values())])
        found: dict[int, list[Ends]] = {}
        for channel, state, first, last in cursor.fetchall():
            found.setdefault(channel, []).append(Ends(State(state), int(first), int(last)))
        return found


@transaction.atomic
def fold() -> int:
    """Add up what the triggers noted; one process at a time. Returns how many rows were folded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_FOLD_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(FOLD, [FOLDED_AT_ONCE])
        (folded,) = cursor.fetchone()
        cursor.execute("DELETE FROM videos_queuecount WHERE is_sum AND videos = 0")
    return int(folded)
