import hashlib
import hmac
from datetime import UTC, datetime

import pytest

from tests.devnet.youtube_support import BEEKEEPING, Subscriber, YouTube
from tests.units.youtube.atom_samples import BOMB, CHANNEL, OTHER, deletion, entry, feed
from ytsynch.youtube import atom, errors
from ytsynch.youtube.push import Announced, Hub, is_signed, read_notice, topic

pytest_plugins = ["tests.devnet.youtube_fixtures"]

BODY = b"<feed/>"
SECRET = "only the hub and we know"


def signature(body: bytes = BODY, secret: str = SECRET, algorithm: str = "sha1") -> str:
    return f"{algorithm}={hmac.new(secret.encode(), body, getattr(hashlib, algorithm)).hexdigest()}"


def test_a_wish_carries_what_websub_asks_for(google):
    google.will_answer(202, b"")
    Hub(f"{google.url}/subscribe").subscribe(
        CHANNEL, callback="https://us.example/push/k", secret=SECRET, lease_seconds=432_000
    )
    assert google.asked[0].method == "POST"
    assert google.asked[0].form == {
        "hub.mode": "subscribe",
        "hub.topic": f"https://www.youtube.com/xml/feeds/videos.xml?channel_id={CHANNEL}",
        "hub.callback": "https://us.example/push/k",
        "hub.secret": SECRET,
        "hub.lease_seconds": "432000",
        "hub.verify": "async",
    }


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (503, errors.HubUnavailable),
        (429, errors.HubUnavailable),
        (400, errors.HubRefused),
        (302, errors.HubRefused),
    ],
)
def test_a_hub_that_fails_is_told_from_one_that_refuses(google, status, expected):
    google.will_answer(status, b"no")
    with pytest.raises(expected, match=str(status)):
        Hub(google.url).unsubscribe(CHANNEL, callback="https://us.example/push/k")


def test_a_hub_that_does_not_answer_is_unavailable():
    with pytest.raises(errors.HubUnavailable):
        Hub("http://127.0.0.1:9/subscribe", timeout=1).unsubscribe(CHANNEL, callback="https://us.example/p")


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha384", "sha512"])
def test_the_hubs_own_signature_is_accepted(algorithm):
    assert is_signed(BODY, signature(algorithm=algorithm), SECRET)
    assert is_signed(
        BODY, signature(algorithm=algorithm).upper().replace(algorithm.upper(), algorithm), SECRET
    )


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "sha1=",
        "sha1",
        signature(secret="another"),
        signature(body=b"<feed></feed>"),
        signature(algorithm="md5"),
        signature().replace("sha1", "sha256"),
        signature()[:-1],
        signature() + "é",
    ],
)
def test_no_other_signature_is_accepted(forged):
    assert not is_signed(BODY, forged, SECRET)


def test_a_notice_names_the_channels_videos_and_when_they_changed():
    notice = read_notice(feed(entry("aaaaaaaaaaa"), entry("bbbbbbbbbbb", OTHER)), CHANNEL)
    moment = datetime(2026, 4, 1, 19, 5, 24, 552394, tzinfo=UTC)
    assert notice.announced == (Announced("aaaaaaaaaaa", moment),)
    assert notice.deleted == ()


def test_a_notice_names_videos_that_are_gone():
    notice = read_notice(deletion("aaaaaaaaaaa"), CHANNEL)
    assert (notice.announced, notice.deleted) == ((), ("aaaaaaaaaaa",))


@pytest.mark.parametrize(
    "body",
    [b"", b"not xml", b"<html/>", BOMB.encode(), b"\xff\xfe\x00", b"<?xml version='1.0' encoding='x'?><a/>"],
)
def test_what_is_no_notice_is_refused(body):
    with pytest.raises(atom.NotAtom):
        read_notice(body, CHANNEL)


def test_the_devnets_hub_verifies_notifies_and_signs(youtube: YouTube, subscriber: Subscriber):
    hub, channel_id = Hub(f"{youtube.google}/subscribe"), BEEKEEPING.youtube_channel_id
    hub.subscribe(channel_id, callback=subscriber.callback, secret=SECRET, lease_seconds=3600)
    subscriber.wait_for(subscriber.questions, 1)
    assert subscriber.questions[0]["hub.topic"] == topic(channel_id)
    added = youtube.control("add_video", channel=channel_id, title="Swarm")["id"]
    subscriber.wait_for(subscriber.notices, 1)
    headers, body = subscriber.notices[0]
    assert is_signed(body, headers["X-Hub-Signature"], SECRET)
    assert [each.video_id for each in read_notice(body, channel_id).announced] == [added]
    youtube.control("delete_video", video=added)
    subscriber.wait_for(subscriber.notices, 2)
    assert read_notice(subscriber.notices[1][1], channel_id).deleted == (added,)
    hub.unsubscribe(channel_id, callback=subscriber.callback)
    subscriber.wait_for(subscriber.questions, 2)
    assert subscriber.questions[1]["hub.mode"] == "unsubscribe"
