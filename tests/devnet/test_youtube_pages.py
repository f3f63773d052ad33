"""Feeds, push, thumbnails, the proxy's door, restarts, and the newcomer's own files."""

from __future__ import annotations

import hashlib
import hmac
import io
import subprocess
import sys
from pathlib import Path
from typing import cast
from xml.etree import ElementTree

import av
import numpy as np
import pytest
import requests
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from PIL import Image

from tests.devnet.youtube_support import (
    BEEKEEPING,
    ODD_SIGNALS,
    SLOW_RAIL,
    Subscriber,
    YouTube,
    extract,
)

pytest_plugins = ["tests.devnet.youtube_fixtures"]

NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "yt": "http://www.youtube.com/xml/schemas/2015",
    "at": "http://purl.org/atompub/tombstones/1.0",
}
CHANNEL = BEEKEEPING.youtube_channel_id
TOPIC = f"https://www.youtube.com/xml/feeds/videos.xml?channel_id={CHANNEL}"


def _get(youtube: YouTube, address: str) -> requests.Response:
    """Fetch an address of the real hosts through the proxy, trusting its authority."""
    proxies = {"http": youtube.youtube, "https": youtube.youtube}
    return requests.get(address, proxies=proxies, verify=youtube.ca_file, timeout=10)


def _feed_ids(text: str) -> list[str | None]:
    feed = ElementTree.fromstring(text)
    return [entry.findtext("yt:videoId", None, NAMES) for entry in feed.findall("atom:entry", NAMES)]


def test_a_feed_names_the_fifteen_newest_videos(youtube):
    channel = SLOW_RAIL.youtube_channel_id
    answer = _get(youtube, f"https://www.youtube.com/feeds/videos.xml?channel_id={channel}")
    assert _feed_ids(answer.text) == [video["id"] for video in youtube.videos(channel)[:15]]


def test_a_feed_escapes_titles_and_hides_what_is_not_public(youtube):
    answer = _get(
        youtube, f"https://www.youtube.com/feeds/videos.xml?channel_id={ODD_SIGNALS.youtube_channel_id}"
    )
    youtube.control("edit_video", video="plain", traits={"title": "A & B < C"})
    again = _get(youtube, answer.url)
    titles = [
        entry.findtext("atom:title", None, NAMES)
        for entry in ElementTree.fromstring(again.text).findall("atom:entry", NAMES)
    ]
    assert "A & B < C" in titles
    assert youtube.video("private")["id"] not in _feed_ids(again.text)


def test_feeds_fail_on_request_and_for_unknown_channels(youtube):
    address = f"{youtube.youtube}/feeds/videos.xml?channel_id="
    assert requests.get(address + "UCnone", timeout=10).status_code == 404
    youtube.control("feed_404")
    assert requests.get(address + CHANNEL, timeout=10).status_code == 404
    youtube.control("feed_404", missing=False)
    youtube.control("feed_empty")
    assert _feed_ids(requests.get(address + CHANNEL, timeout=10).text) == []


def _subscribe(youtube: YouTube, subscriber: Subscriber, mode: str = "subscribe", topic: str = TOPIC) -> int:
    form = {
        "hub.mode": mode,
        "hub.callback": f"{subscriber.callback}?id=7",
        "hub.topic": topic,
        "hub.secret": "s3cret",
        "hub.lease_seconds": "3600",
    }
    return requests.post(f"{youtube.google}/subscribe", data=form, timeout=10).status_code


def test_a_subscriber_is_verified_and_told_signed_of_uploads_and_deletions(youtube, subscriber):
    assert _subscribe(youtube, subscriber) == 202
    subscriber.wait_for(subscriber.questions, 1)
    question = subscriber.questions[0]
    assert (question["hub.mode"], question["hub.topic"], question["id"]) == ("subscribe", TOPIC, "7")
    assert question["hub.lease_seconds"] == "3600"
    _wait_until_subscribed(youtube, TOPIC)
    added = youtube.control("add_video", channel=CHANNEL, title="New swarm")["id"]
    subscriber.wait_for(subscriber.notices, 1)
    headers, body = subscriber.notices[0]
    signature = hmac.new(b"s3cret", body, hashlib.sha1).hexdigest()
    assert headers["X-Hub-Signature"] == f"sha1={signature}"
    assert _feed_ids(body.decode()) == [added]
    youtube.control("delete_video", video=added)
    subscriber.wait_for(subscriber.notices, 2)
    tombstone = ElementTree.fromstring(subscriber.notices[1][1]).find("at:deleted-entry", NAMES)
    assert tombstone is not None
    assert tombstone.get("ref") == f"yt:video:{added}"
    _subscribe(youtube, subscriber, "unsubscribe")
    subscriber.wait_for(subscriber.questions, 2)


def _wait_until_subscribed(youtube: YouTube, topic: str) -> None:
    for _ in range(100):
        if topic in requests.get(f"{youtube.google}/_control", timeout=10).json()["subscriptions"]:
            return
    raise AssertionError("never subscribed")


def test_the_hub_refuses_other_topics_and_can_be_down(youtube, subscriber):
    assert _subscribe(youtube, subscriber, topic="https://example.com/feed") == 400
    assert _subscribe(youtube, subscriber, mode="beg") == 400
    youtube.control("hub_down")
    assert _subscribe(youtube, subscriber) == 503


@pytest.mark.parametrize(
    ("name", "size", "has_bars"),
    [
        ("default", (120, 90), True),
        ("mqdefault", (320, 180), False),
        ("hqdefault", (480, 360), True),
        ("sddefault", (640, 480), True),
        ("hq720", (1280, 720), False),
        ("maxresdefault", (1280, 720), False),
    ],
)
@pytest.mark.parametrize("kind", [("vi", "jpg"), ("vi_webp", "webp")])
def test_thumbnails_have_youtubes_sizes_and_bars(youtube, name, size, has_bars, kind):
    folder, suffix = kind
    answer = _get(youtube, f"https://i.ytimg.com/{folder}/{youtube.video('plain')['id']}/{name}.{suffix}")
    picture = Image.open(io.BytesIO(answer.content)).convert("L")
    assert picture.size == size
    brightness = np.asarray(picture)
    assert bool(brightness[2, 5] < 10) is has_bars
    assert brightness[size[1] // 2, 5] > 40


def test_a_missing_thumbnail_is_404_with_the_grey_picture(youtube):
    for slug, name in (("no-maxres", "maxresdefault"), ("private", "default"), ("plain", "nonsense")):
        answer = _get(youtube, f"https://i.ytimg.com/vi/{youtube.video(slug)['id']}/{name}.jpg")
        assert answer.status_code == 404
        assert Image.open(io.BytesIO(answer.content)).size == (120, 90)
    there = _get(youtube, f"https://i.ytimg.com/vi/{youtube.video('no-maxres')['id']}/sddefault.jpg")
    assert there.status_code == 200


def test_the_proxy_leads_to_youtube_and_google_only(youtube):
    assert _get(youtube, "https://www.youtube.com/iframe_api").status_code == 200
    assert _get(youtube, "http://www.youtube.com/iframe_api").status_code == 200
    with pytest.raises(requests.exceptions.ProxyError, match="403"):
        _get(youtube, "https://example.com/")
    with pytest.raises(requests.exceptions.ProxyError, match="403"):
        _get(youtube, "https://notyoutube.com/")
    assert _get(youtube, "http://example.com/").status_code == 403


def test_a_person_can_watch_in_a_browser(youtube):
    home = requests.get(youtube.youtube, timeout=10).text
    assert ODD_SIGNALS.title in home
    page = requests.get(f"{youtube.youtube}/watch?v={youtube.video('plain')['id']}", timeout=10).text
    assert "<video controls" in page
    assert youtube.video("plain")["title"] in page


def test_streams_answer_ranges(youtube):
    address = f"{youtube.youtube}/videoplayback?id={youtube.video('plain')['id']}&itag=140"
    whole = requests.get(address, timeout=10)
    part = requests.get(address, headers={"Range": "bytes=10-19"}, timeout=10)
    size = len(whole.content)
    assert part.status_code == 206
    assert part.content == whole.content[10:20]
    assert part.headers["Content-Range"] == f"bytes 10-19/{size}"
    end = requests.get(address, headers={"Range": "bytes=-5"}, timeout=10)
    assert end.content == whole.content[-5:]
    beyond = requests.get(address, headers={"Range": f"bytes={size}-"}, timeout=10)
    assert beyond.status_code == 416


def test_a_restart_keeps_sign_ins_quota_and_changes(tmp_path, media_cache):
    before = YouTube(tmp_path, "--media-cache", str(media_cache))
    tokens = before.sign_in(BEEKEEPING.google_user)
    before.control("set_quota_left", units=7)
    added = before.control("add_video", channel=CHANNEL, title="Kept", traits={"seconds": 2})["id"]
    before.control("set_privacy", video="plain", privacy="private")
    authority = Path(before.ca_file).read_bytes()
    before.stop()
    after = YouTube(tmp_path, "--media-cache", str(media_cache))
    try:
        header = {"Authorization": f"Bearer {tokens['access_token']}"}
        who = requests.get(f"{after.google}/oauth2/v3/userinfo", headers=header, timeout=10)
        assert who.status_code == 200
        assert after.refresh(tokens["refresh_token"]).status_code == 200
        state = requests.get(f"{after.google}/_control", timeout=10).json()
        assert state["quota"]["spent"] == 9_993
        assert after.videos(CHANNEL)[0]["id"] == added
        assert after.video("plain")["privacy"] == "private"
        assert Path(after.ca_file).read_bytes() == authority
    finally:
        after.stop()


def test_in_memory_a_restart_forgets(tmp_path, media_cache):
    arguments = ("--media-cache", str(media_cache), "--in-memory")
    before = YouTube(tmp_path, *arguments)
    tokens = before.sign_in(BEEKEEPING.google_user)
    before.stop()
    after = YouTube(tmp_path, *arguments)
    try:
        assert after.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    finally:
        after.stop()


def test_the_world_is_the_same_for_the_same_seed_and_another_for_another(tmp_path, media_cache):
    ids = {}
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        running = YouTube(
            tmp_path / name, "--media-cache", str(media_cache / seed), "--seed", seed, "--small"
        )
        ids[name] = [video["id"] for video in running.videos(CHANNEL)]
        running.stop()
    assert ids["a"] == ids["b"]
    assert not set(ids["a"]) & set(ids["c"])


def _write_film(path: Path, codec: str, size: tuple[int, int], audio: str | None) -> None:
    with av.open(str(path), "w") as target:
        picture = cast(VideoStream, target.add_stream(codec, rate=10))
        picture.width, picture.height, picture.pix_fmt = *size, "yuv420p"
        sound = cast(AudioStream, target.add_stream(audio, rate=48_000)) if audio else None
        for number in range(20):
            planes = np.full((size[1] * 3 // 2, size[0]), 40 + number * 8, np.uint8)
            target.mux(picture.encode(av.VideoFrame.from_ndarray(planes, format="yuv420p")))
        target.mux(picture.encode())
        if sound:
            for start in range(0, 96_000, 960):
                wave = (np.sin(np.arange(start, start + 960) / 20) * 8000).astype(np.int16).reshape(1, -1)
                frame = av.AudioFrame.from_ndarray(wave, format="s16", layout="mono")
                frame.sample_rate, frame.pts = 48_000, start
                target.mux(sound.encode(frame))
            target.mux(sound.encode())


def test_the_newcomers_own_files_become_the_first_channels_videos(tmp_path, media_cache, monkeypatch):
    films = tmp_path / "films"
    films.mkdir()
    _write_film(films / "My_holiday.mp4", "libx264", (1280, 720), "aac")
    _write_film(films / "Upright.webm", "libvpx-vp9", (270, 480), "libopus")
    _write_film(films / "Old tape.avi", "mpeg4", (320, 240), None)
    (films / "broken.mkv").write_bytes(b"this is no film")
    (films / "notes.txt").write_text("hello")
    arguments = ("--media-cache", str(media_cache), "--media", str(films), "--in-memory", "--small")
    running = YouTube(tmp_path / "world", *arguments)
    monkeypatch.setenv("SSL_CERT_FILE", running.ca_file)
    try:
        listed = {video["title"]: video for video in running.videos(CHANNEL)}
        assert set(listed) == {"My holiday", "Upright", "Old tape"}
        got = {}
        for title, video in listed.items():
            facts = extract(running, video["id"], folder=tmp_path / "got")
            with av.open(facts["requested_downloads"][0]["filepath"]) as film:
                codecs = [stream.codec_context.name for stream in film.streams]
                got[title] = (codecs, film.streams.video[0].width, film.streams.video[0].height)
        assert got["My holiday"] == (["h264", "aac"], 1280, 720)
        assert got["Upright"] == (["vp9", "opus"], 270, 480)
        assert got["Old tape"] == (["h264"], 320, 240)
        assert listed["Upright"]["is_short"]
        address = f"{running.youtube}/vi/{listed['My holiday']['id']}/maxresdefault.jpg"
        assert Image.open(io.BytesIO(requests.get(address, timeout=10).content)).size == (1280, 720)
    finally:
        said = running.stop()
    assert "broken.mkv is left out: it cannot be read" in said
    assert "notes.txt is left out: not a video file by its name" in said


def _start_and_fail(*arguments: str) -> str:
    command = [sys.executable, "-m", "ytsynch.devnet.youtube", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    return done.stderr


def test_what_prevents_a_start_is_said_in_a_line(youtube, tmp_path):
    port = youtube.google.rpartition(":")[2]
    taken = _start_and_fail("--folder", str(tmp_path / "a"), "--google-port", port)
    assert f"port {port}" in taken
    assert "no such folder" in _start_and_fail(
        "--folder", str(tmp_path / "b"), "--media", str(tmp_path / "x")
    )
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "youtube.json").write_text("{")
    assert "youtube.json is damaged" in _start_and_fail("--folder", str(tmp_path / "c"))
