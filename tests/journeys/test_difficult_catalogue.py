"""The whole journey: every difficult kind of video, from the sign-up to what viewers find on Joystream.

A real devnet, the web service over HTTP for the sign-up, and the stages as clusters run them. What must come
of each video is said by the devnet's own catalogue; what is on chain is read back from the query node and the
storage node by plain requests, not by the service's clients.
"""

import io
import re
from dataclasses import dataclass
from typing import Any

import av
import pytest
import requests
from PIL import Image

from channels.gateways import app_of_configuration
from channels.models import Channel
from tests.support.devnet import Devnet, Person, running_devnet
from tests.support.service import facts_of, service_on, whereabouts, work, work_until
from videos.models import Video
from videos.states import State
from ypp.models import Requirement
from ytsynch.demo import creators
from ytsynch.devnet.youtube import formats

pytestmark = pytest.mark.django_db(transaction=True)

CATEGORY = "2"
REASONS = {
    "Private": "video_private",
    "Unlisted": "video_unlisted",
    "Deleted": "video_deleted",
    "MembersOnly": "members_only",
    "PaidOnly": "paid_only",
    "AgeRestricted": "age_restricted",
    "GeoBlocked": "geo_blocked",
    "Recording": "recording_refused",
    "EmptyDownload": "empty_download",
    "TooLong": "too_long",
    "LiveNow": "live_now",
    "Upcoming": "live_upcoming",
    "RecordingNotReady": "recording_not_ready",
    "StillProcessing": "still_processing",
}
"""The catalogue's word for a reason, and the service's."""

NOT_YET = ("live_now", "live_upcoming", "premiere_upcoming", "recording_not_ready", "still_processing")

CODECS = {"avc1": "h264", "vp9": "vp9"}
LICENCES = {"youtube": 1009, "creativeCommon": 1002}
"""Joystream's codes (contracts of the metadata: CC BY 3.0, and the licence of the platform it came from)."""

VIDEOS = """query Videos($channel: String!) {
  videos(where: {channel: {id_eq: $channel}}, orderBy: [createdAt_ASC]) {
    id title description duration language isShort isPublic isExplicit hasMarketing publishedBeforeJoystream
    ytVideoId entryApp { name } category { id } license { code attribution customText }
    mediaMetadata { pixelWidth pixelHeight size encoding { codecName container mimeMediaType } }
    media { id size isAccepted } thumbnailPhoto { id isAccepted }
    subtitles { type language mimeType asset { id isAccepted } }
  }
}"""


@dataclass(frozen=True)
class Pair:
    """A video as YouTube's catalogue has it, and as Joystream shows it."""

    source: dict[str, Any]
    shown: dict[str, Any]


def catalogue(devnet: Devnet, person: Person) -> list[dict[str, Any]]:
    channels = requests.get(f"{devnet.google}/_catalogue", timeout=30).json()["channels"]
    mine: dict[str, Any] = next(each for each in channels if each["id"] == person.youtube_channel_id)
    return list(mine["videos"])


def on_joystream(devnet: Devnet, person: Person) -> list[dict[str, Any]]:
    return list(devnet.ask(VIDEOS, channel=str(person.joystream_channel_id))["videos"])


def fetched(devnet: Devnet, object_id: str) -> bytes:
    """A file as any viewer's player gets it."""
    answer = requests.get(f"{devnet.storage_node}/api/v1/files/{object_id}", timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.content


def is_settled() -> bool:
    """Listed to the end, and nothing is left but what YouTube itself has not finished."""
    moving = Video.objects.exclude(state__in=(State.PUBLISHED, State.SKIPPED, State.STUCK, State.REMOVED))
    return (
        not Channel.objects.filter(catalogue_complete=False).exists()
        and not moving.exclude(reason__in=NOT_YET).exists()
    )


def test_every_video_of_a_difficult_channel_ends_as_it_must(tmp_path, settings, live_server, subtests):
    with (
        running_devnet(tmp_path / "devnet", block_time=0.25) as devnet,
        service_on(devnet, tmp_path / "var", settings),
    ):
        person = devnet.person("@oddsignals")
        sign_up(live_server.url, devnet, person)
        work_until(is_settled, seconds=120)

        sources = catalogue(devnet, person)
        states_are_those_of_the_catalogue(sources)
        shown = on_joystream(devnet, person)
        everything_publishable_is_there_once(sources, shown)
        by_id = {video["ytVideoId"]: video for video in shown}
        for source in sources:
            if source["expected"] == "published":
                with subtests.test(source["slug"]):
                    facts_agree(devnet, person, Pair(source, by_id[source["id"]]))

        a_second_run_publishes_nothing_twice(devnet, person)
        a_new_upload_appears(devnet, person)


def sign_up(web: str, devnet: Devnet, person: Person) -> None:
    """As Atlas does it; the devnet's channels are small, so its app asks for less than the programme."""
    Requirement.objects.update_or_create(app=app_of_configuration(), defaults={"min_videos": 2})
    facts = facts_of(devnet)
    row = next(row for row in facts["people"] if row["handle"] == person.handle)
    creators.sign_up(web, facts, row, category_id=CATEGORY)


def states_are_those_of_the_catalogue(sources: list[dict[str, Any]]) -> None:
    rows = {video.youtube_id: video for video in Video.objects.all()}
    ends = {source["slug"]: end_of(rows[source["id"]]) for source in sources if source["id"] in rows}
    expected = {source["slug"]: expectation(source["expected"]) for source in sources}
    assert ends == expected


def end_of(video: Video) -> tuple[str, str]:
    return video.state, video.reason


def expectation(word: str) -> tuple[str, str]:
    """`skipped:Private` as state and reason."""
    how, _, why = word.partition(":")
    state = {"published": State.PUBLISHED, "skipped": State.SKIPPED, "waiting": State.NEW}[how]
    return state.value, REASONS[why] if why else ""


def everything_publishable_is_there_once(sources: list[dict[str, Any]], shown: list[dict[str, Any]]) -> None:
    expected = sorted(source["id"] for source in sources if source["expected"] == "published")
    assert sorted(video["ytVideoId"] for video in shown) == expected


def facts_agree(devnet: Devnet, person: Person, pair: Pair) -> None:
    texts_agree(pair)
    flags_agree(pair)
    assert pair.shown["entryApp"] == {"name": devnet.app["name"]}
    assert pair.shown["license"] == licence(pair.source, person)
    picture_agrees(pair)
    file_agrees(devnet, pair)
    thumbnail_is_wide_and_has_no_bars(devnet, pair)
    subtitles_agree(devnet, pair)


def texts_agree(pair: Pair) -> None:
    source, shown = pair.source, pair.shown
    assert shown["title"] == source["title"]
    assert shown["description"] == source["description"]
    assert shown["duration"] == source["seconds"]
    assert shown["language"] == (source["language"] or "en"), "its own, or its channel's"
    assert shown["category"] == {"id": CATEGORY}
    assert seconds(shown["publishedBeforeJoystream"]) == seconds(source["published_at"])


def flags_agree(pair: Pair) -> None:
    source, shown = pair.source, pair.shown
    assert shown["isPublic"] is True
    assert shown["isExplicit"] is False
    assert shown["isShort"] is source["is_short"]
    assert shown["hasMarketing"] is source["paid_promotion"]


def licence(source: dict[str, Any], person: Person) -> dict[str, Any]:
    """Creative Commons asks for the author's name."""
    author = person.title if source["license"] == "creativeCommon" else None
    return {"code": LICENCES[source["license"]], "attribution": author, "customText": None}


def picture_agrees(pair: Pair) -> None:
    """1080 lines where YouTube offers them, else the most below; named as they are in the file."""
    best = best_picture(pair.source)
    media = pair.shown["mediaMetadata"]
    width, height = best.size(is_vertical=pair.source["is_vertical"])
    assert (media["pixelWidth"], media["pixelHeight"]) == (width, height)
    assert media["encoding"] == {
        "codecName": CODECS[best.codecs.partition(".")[0]],
        "container": "mp4",
        "mimeMediaType": "video/mp4",
    }


def best_picture(source: dict[str, Any]) -> formats.Format:
    offered = [formats.BY_ITAG[itag] for itag in source["itags"] if formats.BY_ITAG[itag].content != "audio"]
    return max((each for each in offered if each.lines <= 1080), key=lambda each: each.lines)


def file_agrees(devnet: Devnet, pair: Pair) -> None:
    """What the storage node serves is what the metadata says, and has its sound."""
    assert pair.shown["media"]["isAccepted"] is True
    content = fetched(devnet, pair.shown["media"]["id"])
    media = pair.shown["mediaMetadata"]
    assert len(content) == int(pair.shown["media"]["size"]) == int(media["size"])
    with av.open(io.BytesIO(content)) as container:
        picture = container.streams.video[0]
        assert (picture.width, picture.height) == (media["pixelWidth"], media["pixelHeight"])
        assert picture.codec_context.codec.canonical_name == media["encoding"]["codecName"]
        assert "mp4" in container.format.name
        assert bool(container.streams.audio) is pair.source["has_audio"]
        if pair.source["has_audio"]:
            assert seconds_of_sound(container) == pytest.approx(pair.source["seconds"], rel=0.1)


def seconds_of_sound(container: Any) -> float:
    """Decoded to the last sample."""
    samples = sum(frame.samples for frame in container.decode(audio=0))
    return float(samples / container.streams.audio[0].rate)


def thumbnail_is_wide_and_has_no_bars(devnet: Devnet, pair: Pair) -> None:
    assert pair.shown["thumbnailPhoto"]["isAccepted"] is True
    picture = Image.open(io.BytesIO(fetched(devnet, pair.shown["thumbnailPhoto"]["id"])))
    assert (picture.format, picture.size) == ("WEBP", (1280, 720))
    grey = picture.convert("L")
    for edge in (0, 1, 718, 719):
        assert max(grey.crop((0, edge, 1280, edge + 1)).tobytes()) > 24, f"line {edge} is black"


def subtitles_agree(devnet: Devnet, pair: Pair) -> None:
    """Those that people wrote, each with its file; what a machine wrote stays on YouTube."""
    shown = pair.shown["subtitles"]
    assert sorted(each["language"] for each in shown) == sorted(pair.source["subtitles"])
    for each in shown:
        assert (each["type"], each["mimeType"], each["asset"]["isAccepted"]) == (
            "subtitles",
            "text/vtt",
            True,
        )
        text = fetched(devnet, each["asset"]["id"]).decode()
        assert text.startswith("WEBVTT")
        assert re.search(r"\d\d:\d\d\.\d{3} --> ", text)


def seconds(moment: str) -> str:
    """An ISO moment without its fraction and zone: both sides are UTC."""
    return moment[:19]


def a_second_run_publishes_nothing_twice(devnet: Devnet, person: Person) -> None:
    """Everything due at once, as after a long stop."""
    before = on_joystream(devnet, person)
    Channel.objects.update(next_discovery_at="2026-01-01T00:00Z")
    Video.objects.update(next_attempt_at="2026-01-01T00:00Z")
    work()
    assert is_settled(), whereabouts()
    assert on_joystream(devnet, person) == before


def a_new_upload_appears(devnet: Devnet, person: Person) -> None:
    added = devnet.do(
        "youtube/add_video", channel=person.handle, title="Made this morning", traits={"itags": [136, 140]}
    )
    Channel.objects.update(next_discovery_at="2026-01-01T00:00Z")
    work_until(lambda: Video.objects.filter(youtube_id=added["id"], state=State.PUBLISHED).exists())
    titles = {video["ytVideoId"]: video["title"] for video in on_joystream(devnet, person)}
    assert titles[added["id"]] == "Made this morning"
