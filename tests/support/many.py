"""Very many rows, written by the database itself: copies of one row, each different where it must be."""

from django.db import connection
from django.db.models import Model

from channels.models import Channel
from tests.support.factories import make_app, make_channel, make_video
from videos import places


def copies(template: Model, count: int, *, source: str = "", **columns: str) -> None:
    """`count` copies of a saved row. `columns` are SQL of what differs, with `n` from 1 to the count; `source` joins
    more tables to that.
    """
    table = template._meta.db_table
    every = [
        field.column for field in template._meta.concrete_fields if field.column and not field.primary_key
    ]
    others = [name for name in every if name not in columns]
    names = ", ".join([*others, *columns])
    values = ", ".join([*(f"template.{name}" for name in others), *columns.values()])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} "
            f"FROM generate_series(1, %s) AS numbers (n) {source}, {table} AS template WHERE template.id = %s",
            [count, template.pk],
        )


def make_many_channels(count: int) -> list[int]:
    """Primary keys of new channels of one app."""
    template = make_channel(app=make_app())
    copies(
        template,
        count - 1,
        youtube_id="'UC' || lpad((template.id * 10000000 + n)::text, 22, '0')",
        handle="'@many' || template.id || '-' || n",
        uploads_playlist_id="'UU' || lpad((template.id * 10000000 + n)::text, 22, '0')",
        joystream_channel_id="1000000000 + template.id * 10000000 + n",
    )
    return list(Channel.objects.filter(app=template.app).order_by("id").values_list("pk", flat=True))


def make_many_videos(channels: list[int], count: int, **columns: str) -> None:
    """Videos of the channels in turn, in a back catalogue as fair queueing spreads it: a minute to an hour of virtual
    time between two of a channel.
    """
    first = make_video(Channel.objects.get(pk=channels[0]), tag=0.0, duration=600)
    share = f"((n - 1) / {len(channels)})"
    copies(
        first,
        count - 1,
        source=f"JOIN unnest(ARRAY{channels}) WITH ORDINALITY AS owner (id, turn) "
        f"ON owner.turn = 1 + mod(n - 1, {len(channels)})",
        **{
            "youtube_id": "lpad(to_hex(template.id * 100000000 + n), 11, 'x')",
            "channel_id": "owner.id",
            "tag": f"1830.0 * {share} + (hashint8(n) & 1023) * 1.75",
            "published_at": "template.published_at - n * interval '1 minute'",
            **columns,
        },
    )


def settle() -> None:
    """What upkeep and the database's own housekeeping do in time."""
    while places.fold():
        pass
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
