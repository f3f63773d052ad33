"""Which address a download goes through, when one is excluded, and whose word is believed (mission H12)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.devnet.youtube_support import BEEKEEPING, ODD_SIGNALS
from tests.support.factories import make_channel, make_video
from tests.units.videos.watching import knowing_all
from videos.errors import NoFreeAddress, VerdictInDoubt
from videos.models import ProxyAddress, Standing, Video
from videos.pipeline import addresses
from videos.states import State
from ytsynch.config import Config
from ytsynch.youtube.errors import (
    AddressBlocked,
    GeoBlocked,
    MembersOnly,
    ProxyUnreachable,
    RecordingRefused,
    VideoDeleted,
    VideoPrivate,
)

pytest_plugins = ["tests.devnet.youtube_fixtures", "tests.units.videos.watching_fixtures"]

PROXIES = ["socks5h://user:password@one.example:1080", "http://two.example:3128"]


@pytest.fixture
def pool(db, settings):
    """Two proxies that rest for a minute at most, and cool down for an hour."""
    configure(settings, proxies=PROXIES)


def configure(settings, **youtube):
    given = {"addressCoolDown": 3600, "longestPause": 60, **youtube}
    settings.CONFIG = Config.model_validate({"youtube": given})


def fresh(address: ProxyAddress) -> ProxyAddress:
    return ProxyAddress.objects.get(pk=address.pk)


def cool_down_is_over() -> None:
    ProxyAddress.objects.update(next_use_at=timezone.now())


def test_addresses_take_turns_and_none_is_known_by_its_password(pool):
    taken = [addresses.take() for _ in range(3)]
    assert {address.name for address in taken} == {"one.example:1080", "two.example:3128"}
    assert taken[0] == taken[2]
    assert {addresses.url_of(address) for address in taken} == set(PROXIES)
    assert "password" not in str(list(ProxyAddress.objects.values()))


def test_without_proxies_our_own_address_is_used(db, settings):
    configure(settings)
    address = addresses.take()
    assert (address.key, addresses.url_of(address)) == ("direct", None)


def test_a_proxy_that_left_the_configuration_is_used_no_more(pool, settings):
    addresses.take()
    configure(settings, proxies=PROXIES[:1])
    assert {addresses.take().name for _ in range(3)} == {"one.example:1080"}


def test_a_blocked_address_is_excluded_longer_each_time(pool):
    waits = []
    for _ in range(3):
        address = addresses.take()
        ProxyAddress.objects.exclude(pk=address.pk).update(next_use_at=timezone.now() + timedelta(days=9))
        addresses.exclude(fresh(address), AddressBlocked("Sign in to confirm you’re not a bot"))
        waits.append(fresh(address).next_use_at - timezone.now())
        with pytest.raises(NoFreeAddress):
            addresses.take()
        cool_down_is_over()
        ProxyAddress.objects.exclude(pk=address.pk).update(next_use_at=timezone.now() + timedelta(days=9))
    assert fresh(address).last_error.endswith("bot)")
    for wait, hours in zip(waits, (1, 2, 4), strict=True):
        assert timedelta(hours=hours) <= wait + timedelta(seconds=5)
        assert wait < timedelta(hours=hours * 1.2)


def test_a_proxy_that_cannot_be_reached_is_tried_again_within_minutes(pool):
    address = addresses.take()
    for _ in range(9):  # an outage of our own network does not outlast itself
        addresses.exclude(fresh(address), ProxyUnreachable("connection refused"))
    assert fresh(address).next_use_at < timezone.now() + timedelta(minutes=2)
    assert fresh(address).blocks == 0


def test_the_stage_waits_while_every_address_is_excluded(pool):
    assert addresses.any_free()
    for _ in PROXIES:
        addresses.exclude(addresses.take(), AddressBlocked("429"))
    assert not addresses.any_free()
    cool_down_is_over()
    assert addresses.any_free()


def test_an_address_that_comes_back_is_ramped_up_and_forgiven_once_it_has_proved_itself(pool):
    address = addresses.take()
    addresses.exclude(address, AddressBlocked("429"))
    pauses = []
    while fresh(address).pause > 0:
        addresses.prove(fresh(address))
        pauses.append(fresh(address).pause)
        assert (fresh(address).blocks == 0) == (fresh(address).pause == 0)
    assert pauses[0] == 48
    assert pauses == sorted(pauses, reverse=True)
    assert len(pauses) > 10


def test_an_address_rests_between_two_videos(pool):
    addresses.any_free()
    ProxyAddress.objects.update(pause=30)
    address = addresses.take()
    assert timedelta(seconds=25) < fresh(address).next_use_at - timezone.now() < timedelta(seconds=31)
    assert addresses.take() != address
    with pytest.raises(NoFreeAddress):
        addresses.take()


def test_a_video_that_one_address_refused_goes_through_another(pool):
    video = make_video()
    first = addresses.take()
    addresses.remember(video, GeoBlocked("not in your country"), first)
    cool_down_is_over()
    for _ in range(3):
        assert addresses.take(avoiding=Video.objects.get(pk=video.pk).answers) != first


# --- Canaries, against the simulated YouTube


@pytest.fixture
def cooling(watched) -> ProxyAddress:
    """The only address, whose cool-down is over, and a published video that can be its canary."""
    channel = knowing_all(BEEKEEPING)
    first = channel.videos.order_by("id").values("pk")[:1]
    Video.objects.filter(pk__in=first).update(state=State.PUBLISHED, joystream_video_id=1)
    addresses.exclude(addresses.take(), AddressBlocked("429"))
    cool_down_is_over()
    return addresses.take()


def test_an_address_is_trusted_again_once_a_canary_lives(cooling):
    addresses.try_out(cooling)
    assert fresh(cooling).standing == Standing.TRUSTED


def test_an_address_whose_canary_dies_cools_down_for_longer(watched, cooling):
    watched.control("block_proxy", kind="bot_check")
    with pytest.raises(AddressBlocked, match="not a bot"):
        addresses.try_out(cooling)
    assert (fresh(cooling).standing, fresh(cooling).blocks) == (Standing.COOLING, 2)


def test_a_canary_that_was_deleted_since_says_nothing_about_the_address(watched, cooling):
    dead = Video.objects.get(state=State.PUBLISHED)
    other = Video.objects.exclude(pk=dead.pk).order_by("id").values("pk")[:1]
    Video.objects.filter(pk__in=other).update(state=State.PUBLISHED, joystream_video_id=2)
    newest = Video.objects.filter(state=State.PUBLISHED).order_by("-id")[0]
    watched.control("delete_video", video=newest.youtube_id)
    addresses.try_out(cooling)
    assert fresh(cooling).standing == Standing.TRUSTED


def test_without_a_canary_the_next_video_is_one(watched):
    addresses.exclude(addresses.take(), AddressBlocked("429"))
    cool_down_is_over()
    video = make_video()
    with addresses.borrowed(video):
        assert ProxyAddress.objects.get().standing == Standing.COOLING
    assert ProxyAddress.objects.get().standing == Standing.TRUSTED


# --- Blame before verdict


def of_odd_signals(watched, slug: str) -> Video:
    channel = make_channel(youtube_id=ODD_SIGNALS.youtube_channel_id)
    return make_video(channel, youtube_id=watched.video(slug)["id"])


def refused(video: Video, refusal: Exception) -> None:
    with addresses.borrowed(video):
        raise refusal


def test_a_verdict_of_an_address_that_nobody_has_tried_yet_is_doubted(watched):
    video = of_odd_signals(watched, "plain")
    with pytest.raises(VerdictInDoubt, match="removed"):
        refused(video, VideoDeleted("removed by the uploader"))
    assert Video.objects.get(pk=video.pk).answers == {addresses.take().key: "video_deleted"}


def test_a_verdict_that_the_data_api_confirms_is_believed(watched):
    with pytest.raises(VideoPrivate):
        refused(of_odd_signals(watched, "private"), VideoPrivate("private"))


def test_a_verdict_of_an_address_that_worked_a_moment_ago_is_believed(watched):
    with addresses.borrowed(make_video()):
        pass
    with pytest.raises(MembersOnly):
        refused(of_odd_signals(watched, "plain"), MembersOnly("join this channel"))


def test_a_verdict_that_two_addresses_agree_on_is_believed(watched):
    video = of_odd_signals(watched, "plain")
    Video.objects.filter(pk=video.pk).update(answers={"another": "members_only"})
    video.refresh_from_db()
    with pytest.raises(MembersOnly):
        refused(video, MembersOnly("join this channel"))


def test_a_verdict_in_doubt_stands_at_the_third_time(watched):
    video = of_odd_signals(watched, "plain")
    video.attempts = addresses.ASKED_TWICE
    with pytest.raises(MembersOnly):
        refused(video, MembersOnly("join this channel"))


def test_a_rule_of_our_own_is_no_verdict_of_youtube(watched):
    with pytest.raises(RecordingRefused):
        refused(of_odd_signals(watched, "plain"), RecordingRefused())
