"""Channels that staff add without their owners' sign-in (mission C14)."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from channels.models import App, Channel, Pause, Status
from tests.devnet.youtube_support import BEEKEEPING, ODD_SIGNALS, SLOW_RAIL
from tests.support.factories import make_app
from tests.units.videos.watching import follow, known, look, units
from videos import added_channels
from videos.added_channels import UnreadableList, Wish, read_list
from videos.discovery import descriptions
from videos.models import Video
from videos.states import State

pytest_plugins = ["tests.devnet.youtube_fixtures", "tests.units.videos.watching_fixtures"]

BY = "staff"


@pytest.fixture
def app(db) -> App:
    return make_app()


def add(app: App, *wishes: Wish) -> list[added_channels.Result]:
    return added_channels.add(wishes, app=app, by=BY)


@pytest.mark.parametrize(
    "name",
    [
        BEEKEEPING.youtube_channel_id,
        BEEKEEPING.handle,
        f"https://www.youtube.com/channel/{BEEKEEPING.youtube_channel_id}/videos",
        f"https://www.youtube.com/{BEEKEEPING.handle}?sub_confirmation=1",
    ],
)
def test_a_channel_is_added_by_id_handle_or_address(watched, app, name):
    [result] = add(app, Wish(name))
    channel = result.channel
    assert channel is not None
    assert (channel.youtube_id, channel.title) == (BEEKEEPING.youtube_channel_id, BEEKEEPING.title)
    assert (channel.added_by_staff, channel.creator, channel.joystream_channel_id) == (True, None, None)
    assert channel.events.get().event == "added_by_staff"
    assert channel.subscribers > 0


def test_many_channels_cost_one_unit_and_one_that_is_refused_stops_no_other(watched, app):
    before = units(watched)
    results = add(
        app,
        Wish(BEEKEEPING.youtube_channel_id),
        Wish("not a channel"),
        Wish("@nobodyhasthis"),
        Wish("UC" + "0" * 22),
        Wish(SLOW_RAIL.youtube_channel_id),
    )
    assert units(watched) == before + 1
    assert [result.channel is not None for result in results] == [True, False, False, False, True]
    assert all(result.refusal for result in results if result.channel is None)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Already registered"),
        ({"status": Status.OPTED_OUT, "pause": Pause.LEFT}, "has left the programme"),
        ({"status": Status.SUSPENDED, "pause": Pause.SUSPENDED}, "suspended"),
    ],
)
def test_a_channel_that_takes_part_left_or_was_suspended_is_not_added(watched, app, fields, words):
    follow(BEEKEEPING, **fields)
    [result] = add(app, Wish(BEEKEEPING.youtube_channel_id))
    assert result.channel is None
    assert words in result.refusal
    assert not Channel.objects.get().added_by_staff


def test_its_videos_are_listed_from_its_pages_and_described_fifty_for_a_unit(watched, app):
    [result] = add(app, Wish(ODD_SIGNALS.youtube_channel_id))
    channel = result.channel
    assert channel is not None
    Channel.objects.update(joystream_channel_id=1)
    before = units(watched)
    look(channel)
    assert units(watched) == before
    public = {video["id"] for video in watched.videos(channel.youtube_id) if video["privacy"] == "public"}
    gone = {video["id"] for video in watched.videos(channel.youtube_id) if video["obstacle"] == "removed"}
    assert public - gone <= known(channel)
    assert {"short", "live"} & {slug(watched, id) for id in known(channel)}
    assert channel.catalogue_complete
    assert descriptions.describe_due()
    assert units(watched) == before + 1
    assert not Video.objects.filter(needs_description=True).exists()


def slug(watched, id: str) -> str:
    return next(
        str(video["slug"]) for video in watched.videos(ODD_SIGNALS.youtube_channel_id) if video["id"] == id
    )


def test_a_limit_leaves_the_newest_and_explains_the_others(watched, app):
    add(app, Wish(SLOW_RAIL.youtube_channel_id, limit=3))
    Channel.objects.update(joystream_channel_id=1)
    channel = Channel.objects.get()
    look(channel)
    taken = Video.objects.filter(state=State.NEW).order_by("-published_at")
    assert taken.count() == 3
    newest = sorted(
        watched.videos(channel.youtube_id), key=lambda video: str(video["published_at"]), reverse=True
    )[:3]
    assert {video.youtube_id for video in taken} == {video["id"] for video in newest}
    assert set(Video.objects.exclude(state=State.NEW).values_list("reason", flat=True)) == {"beyond_tier_cap"}


def test_what_the_limit_left_out_comes_when_the_owner_has_taken_the_channel_over(watched, app):
    add(app, Wish(SLOW_RAIL.youtube_channel_id, limit=3))
    Channel.objects.update(joystream_channel_id=1)
    look(Channel.objects.get())
    left_out = Video.objects.filter(reason="beyond_tier_cap")
    first, count = Video.objects.filter(state=State.NEW).count(), left_out.count()
    assert count > 0
    # as the sign-up leaves it
    Channel.objects.update(added_by_staff=False, catalogue_limit=None, catalogue_complete=False)
    look(Channel.objects.get())
    assert left_out.count() == 0
    waiting = Video.objects.filter(state=State.NEW)
    assert waiting.count() >= first + count
    assert waiting.values("tag").distinct().count() == waiting.count()  # each has its own place


def test_a_list_is_read_from_json_and_csv(tmp_path):
    wishes = [Wish("@ada", 7, 10, "3"), Wish("UC" + "a" * 22)]
    rows = [{"channel": "@ada", "joystreamChannelId": 7, "limit": 10, "categoryId": "3"}, "UC" + "a" * 22]
    (tmp_path / "list.json").write_text(json.dumps(rows))
    (tmp_path / "list.csv").write_text(
        f"channel,joystreamChannelId,limit,categoryId\n@ada,7,10,3\nUC{'a' * 22},,,\n"
    )
    assert read_list(tmp_path / "list.json") == wishes
    assert read_list(tmp_path / "list.csv") == wishes


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.json", "{", "not JSON"),
        ("a.json", "{}", "not an array"),
        ("a.json", "[3]", "entry 1 names no channel"),
        ("a.json", '["@a", {"chanel": "@b"}]', "entry 2 names no channel"),
        ("a.json", '[{"channel": "@a", "joystream": 1}]', "entry 1 has unknown fields: joystream"),
        ("a.csv", "channel,limit\n@a,ten\n", "entry 1: limit is not a number: ten"),
    ],
)
def test_a_list_that_is_wrong_is_refused_with_the_place(tmp_path, name, text, words):
    (tmp_path / name).write_text(text)
    with pytest.raises(UnreadableList, match=words):
        read_list(tmp_path / name)


def test_a_list_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UnreadableList, match="No such file"):
        read_list(tmp_path / "nothing.csv")


@pytest.fixture
def configured_app(watched, settings):
    joystream = {
        "app": {"name": "gateway", "accountSeed": "seed"},
        "channelCollaborator": {"memberId": 10, "account": [{"suri": "//Collaborator"}]},
    }
    known = settings.CONFIG.model_dump(by_alias=True, exclude={"joystream"})
    known["youtube"]["apiKey"] = watched.world.youtube_api_key
    settings.CONFIG = type(settings.CONFIG).model_validate(known | {"joystream": joystream})


def run(*command: str) -> tuple[str, str, str]:
    """What a command wrote, and how it complained."""
    out, err, complaint = io.StringIO(), io.StringIO(), ""
    try:
        call_command(*command, stdout=out, stderr=err)
    except CommandError as error:
        complaint = str(error)
    return out.getvalue(), err.getvalue(), complaint


def test_the_command_adds_and_says_what_came_of_each(configured_app):
    out, err, complaint = run("add_channel", BEEKEEPING.handle, "nonsense", "--limit", "5")
    assert f"{BEEKEEPING.handle}: {BEEKEEPING.title} ({BEEKEEPING.youtube_channel_id}), not synced yet" in out
    assert "nonsense: not a YouTube channel" in err
    assert complaint == "1 of 2 channels were not added"
    assert Channel.objects.get().catalogue_limit == 5


def test_the_command_refuses_two_channels_for_one_joystream_channel(configured_app):
    _, _, complaint = run("add_channel", "@a", "@b", "--joystream-channel", "1")
    assert "one Joystream channel belongs to one YouTube channel" in complaint


def test_the_command_imports_a_list(configured_app, tmp_path):
    (tmp_path / "list.csv").write_text(f"channel\n{BEEKEEPING.handle}\n{SLOW_RAIL.youtube_channel_id}\n")
    out, _, complaint = run("import_channels", str(tmp_path / "list.csv"))
    assert (len(out.splitlines()), complaint) == (2, "")
    assert Channel.objects.filter(added_by_staff=True).count() == 2
