"""Statistics and the queue from a terminal."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from channels.models import Channel
from tests.support.factories import make_channel, make_file, make_video
from videos import statistics
from videos.models import Band, Video, VideoEvent
from videos.states import State
from videos.statistics import Stretch
from ytsynch import printing

pytestmark = pytest.mark.django_db

MAY = Stretch(datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))
IN_MAY, IN_JUNE = datetime(2026, 5, 7, 12, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


IN_MAY_ONLY = ("--from", "2026-05-01", "--to", "2026-06-01")


def run(name: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(name, *arguments, stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def channel() -> Channel:
    channel = make_channel(handle="@bees", title="=Bees at work")
    Channel.objects.update(created_at="2025-01-01T00:00Z")
    return channel


def published(channel: Channel, at: datetime, **fields) -> Video:
    video = make_video(
        channel,
        state=State.PUBLISHED,
        published_on_joystream_at=at,
        discovered_at=at - timedelta(hours=2),
        **fields,
    )
    make_file(video, size=5000)
    return video


def test_a_channel_is_counted_within_the_stretch_and_not_beyond_it(channel):
    published(channel, IN_MAY, duration=100)
    published(channel, MAY.since, duration=20)
    published(channel, IN_JUNE, duration=7)
    make_video(channel, discovered_at=IN_MAY)
    skipped = make_video(channel, state=State.SKIPPED, discovered_at=IN_JUNE)
    for at in (IN_MAY, IN_JUNE):
        VideoEvent.objects.create(video=skipped, event="skipped", by="a test")
        VideoEvent.objects.filter(at__gt=datetime(2026, 6, 2, tzinfo=UTC)).update(at=at)
    (row,) = statistics.of_channels(MAY)
    assert (row.published, row.seconds, row.found, row.left_out, row.backlog) == (2, 120, 3, 1, 1)


def test_a_channel_that_nothing_happened_to_is_left_out_unless_it_is_new(channel):
    assert statistics.of_channels(MAY) == []
    Channel.objects.update(created_at=IN_MAY)
    assert [row.youtube_id for row in statistics.of_channels(MAY)] == [channel.youtube_id]


def test_channels_cost_as_many_queries_for_thirty_as_for_three(django_assert_num_queries):
    for _ in range(3):
        published(make_channel(), IN_MAY)
    with django_assert_num_queries(5):
        statistics.of_channels(MAY)
    for _ in range(27):
        published(make_channel(), IN_MAY)
    with django_assert_num_queries(5):
        assert len(statistics.of_channels(MAY)) == 30


def test_the_videos_of_a_channel(channel):
    video = published(channel, IN_MAY, duration=100)
    published(make_channel(), IN_MAY)
    (row,) = statistics.of_videos(channel, MAY)
    assert (row.youtube_id, row.took_seconds, row.bytes) == (video.youtube_id, 7200, 5000)


@pytest.mark.parametrize("name", ["youtube_id", "handle", "joystream_channel_id"])
def test_a_channel_is_named_in_three_ways(channel, name):
    assert statistics.find_channel(str(getattr(channel, name))) == channel


@pytest.mark.parametrize("name", ["UCnone", "@nobody", "99999999", "9" * 30, ""])
def test_a_channel_that_is_not_there_is_said_in_a_line(name):
    with pytest.raises(CommandError, match="There is no channel"):
        run("stats_videos", name)


def test_json_is_for_programs(channel):
    published(channel, IN_MAY)
    (row,) = json.loads(run("stats_channels", *IN_MAY_ONLY, "--format", "json"))
    assert (row["title"], row["published"]) == ("=Bees at work", 1)
    (video,) = json.loads(run("stats_videos", "@bees", *IN_MAY_ONLY, "--format", "json"))
    assert (video["channel"], video["state"]) == (channel.youtube_id, "published")


def test_csv_gives_a_spreadsheet_nothing_to_calculate(channel):
    published(channel, IN_MAY)
    text = run("stats_channels", *IN_MAY_ONLY, "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["title"], row["handle"], row["published"]) == ("'=Bees at work", "@bees", "1")


def test_a_table_is_for_people(channel):
    published(channel, IN_MAY, title="A very long title " * 10 + "\x1b[31m")
    text = run("stats_videos", "@bees", *IN_MAY_ONLY)
    assert "\x1b" not in text
    assert "A very long title" in text
    assert "…" in text


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", ""])
def test_what_is_no_date_is_said(text):
    with pytest.raises(CommandError, match="is no date such as"):
        run("stats_channels", f"--from={text}")


def test_the_last_thirty_days_are_what_nobody_names(channel):
    published(channel, datetime.now(UTC) - timedelta(days=29))
    published(channel, datetime.now(UTC) - timedelta(days=31))
    assert json.loads(run("stats_channels", "--format", "json"))[0]["published"] == 1


def test_the_queue_shows_what_waits_and_what_is_next(channel):
    first = make_video(channel, band=Band.BOOST)
    make_video(channel, attempts=2, reason="network_trouble")
    make_video(make_channel(pause="creator", wants_sync=False))
    make_video(channel, state=State.STUCK)
    rows = {row["state"]: row for row in json.loads(run("queue", "show", "--format", "json"))}
    assert (rows["new"]["waiting"], rows["new"]["failing"], rows["new"]["held"]) == (2, 1, 1)
    assert rows["stuck"]["waiting"] == 1
    assert first.youtube_id in run("queue", "show")


def test_videos_are_retried_by_their_reason(channel):
    failed = make_video(channel, state=State.STUCK, reason="network_trouble")
    other = make_video(channel, state=State.STUCK, reason="no_space")
    assert "1 would be done" in run("queue", "retry", "--reason", "network_trouble", "--dry-run")
    failed.refresh_from_db()
    assert failed.state == State.STUCK
    assert "1 done, 0 refused" in run("queue", "retry", "--reason", "network_trouble")
    failed.refresh_from_db()
    other.refresh_from_db()
    assert (failed.state, other.state) == (State.NEW, State.STUCK)
    assert failed.events.get().by == "the command queue"


def test_a_channels_videos_are_left_out_with_a_reason(channel):
    videos = [make_video(channel) for _ in range(2)]
    make_video()
    run("queue", "skip", "--channel", "@bees", "--because", "agreed with the creator")
    assert set(Video.objects.filter(state=State.SKIPPED)) == set(videos)


def test_a_refusal_is_told_and_keeps_no_other(channel):
    there, waits = published(channel, IN_MAY), make_video(channel)
    text = run("queue", "boost", there.youtube_id, waits.youtube_id)
    assert "it is «published»" in text
    assert "1 done, 1 refused" in text
    waits.refresh_from_db()
    assert waits.band == Band.BOOST


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["retry"], "name videos"),
        (["retry", "nothere"], "there is no video nothere"),
        (["boost", "--channel", "@nobody"], "There is no channel"),
    ],
)
def test_an_order_for_nothing_is_refused(arguments, says):
    with pytest.raises(CommandError, match=says):
        run("queue", *arguments)


@pytest.mark.parametrize("form", printing.FORMATS)
def test_nothing_is_written_as_nothing(form):
    out = io.StringIO()
    printing.write([], ["a", "b"], form, out)
    assert "a" in out.getvalue() or json.loads(out.getvalue()) == []
