"""What everybody may read, held against literal examples."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels.models import Channel, Pause, Status, SuspensionReason, TierName
from payments import earnings
from payments.models import RewardRules
from tests.units.atlas.conftest import OWNER_KEY
from tests.units.atlas.factories import make_channel, make_creator, make_files, make_video
from videos.models import Band, QuotaDay, StagePace, Video
from videos.quota import quota_day
from videos.states import Stage, State
from ypp import membership
from ypp.models import Requirement, Tier

pytestmark = pytest.mark.django_db

CREATED = datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
PICTURES = {"default": "http://p/1", "medium": "http://p/2", "high": "http://p/3", "standard": "http://p/3"}


def test_a_channel(atlas):
    make_channel(
        42,
        youtube_id="UCTUjCW6SCY-Txb2vBLyxv_Q",
        title="Über Bienen ✓",
        description="Two\nlines",
        status=Status.VERIFIED,
        tier=TierName.SILVER,
        referrer_channel_id=7,
        created_at=CREATED,
    )
    assert atlas.get("/channels/42") == (
        200,
        {
            "youtubeChannelId": "UCTUjCW6SCY-Txb2vBLyxv_Q",
            "title": "Über Bienen ✓",
            "description": "Two\nlines",
            "shouldBeIngested": True,
            "yppStatus": "Verified::Silver",
            "preOptOutStatus": None,
            "joystreamChannelId": 42,
            "referrerChannelId": 7,
            "videoCategoryId": "3",
            "language": "en",
            "thumbnails": PICTURES,
            "subscribersCount": 1280,
            "createdAt": "2024-05-06T07:08:09.123Z",
            "syncStatus": {"backlogCount": 0, "placeInSyncQueue": 0, "fullSyncEta": 0},
        },
    )


@pytest.mark.parametrize("id", [1, 0, 2**63, 10**40])
def test_an_unknown_channel_is_not_found(atlas, id):
    answer = {"statusCode": 404, "message": f"Channel {id} not found.", "error": "Not Found"}
    for path in ("", "/videos", "/referrals"):
        assert atlas.get(f"/channels/{id}{path}") == (404, answer)


@pytest.mark.parametrize(
    ("fields", "status", "before"),
    [
        ({"status": Status.UNVERIFIED}, "Unverified", None),
        *(({"status": Status.VERIFIED, "tier": tier}, f"Verified::{tier.label}", None) for tier in TierName),
        *(
            ({"status": Status.SUSPENDED, "suspension_reason": reason}, f"Suspended::{reason}", None)
            for reason in SuspensionReason
        ),
        ({"status": Status.OPTED_OUT, "status_before_leaving": Status.UNVERIFIED}, "OptedOut", "Unverified"),
        (
            {"status": Status.OPTED_OUT, "status_before_leaving": Status.VERIFIED, "tier": TierName.GOLD},
            "OptedOut",
            "Verified::Gold",
        ),
    ],
)
def test_every_status_has_its_words_on_the_wire(atlas, fields, status, before):
    make_channel(1, **fields)
    _, channel = atlas.get("/channels/1")
    assert (channel["yppStatus"], channel["preOptOutStatus"]) == (status, before)


def test_the_place_in_the_queue_counts_everybody_ahead(atlas):
    mine, other = make_channel(1), make_channel(2)
    make_video(other, band=Band.FIRST, tag=5.0)
    make_video(other, band=Band.CATALOGUE, tag=1.0)
    make_video(mine, band=Band.CATALOGUE, tag=2.0)
    make_video(mine, band=Band.CATALOGUE, tag=4.0)
    make_video(other, band=Band.CATALOGUE, tag=3.0)
    make_video(mine, state=State.SKIPPED)
    began = timezone.now() - timedelta(seconds=100)
    StagePace.objects.create(stage=Stage.DOWNLOAD, slot=began, finished=10)
    _, channel = atlas.get("/channels/1")
    assert channel["syncStatus"]["backlogCount"] == 2
    assert channel["syncStatus"]["placeInSyncQueue"] == 3
    # the last one is fifth, and a download takes 10 s
    assert channel["syncStatus"]["fullSyncEta"] == pytest.approx(5 * 10, abs=2)


def test_the_time_of_a_full_sync_is_guessed_while_nothing_is_measured(atlas):
    make_video(make_channel(1))
    assert atlas.get("/channels/1")[1]["syncStatus"] == {
        "backlogCount": 1,
        "placeInSyncQueue": 1,
        "fullSyncEta": 4 * 30,
    }


@pytest.mark.parametrize(
    "fields",
    [{"state": State.CREATING}, {"lease_token": "6" * 32, "leased_until": CREATED + timedelta(days=9999)}],
)
def test_a_channel_that_is_being_worked_on_has_place_0(atlas, fields):
    mine = make_channel(1)
    make_video(mine)
    make_video(mine, **fields)
    _, channel = atlas.get("/channels/1")
    assert (channel["syncStatus"]["backlogCount"], channel["syncStatus"]["placeInSyncQueue"]) == (2, 0)


def test_a_paused_channel_keeps_its_backlog_and_stands_in_no_queue(atlas):
    mine = make_channel(1)
    make_video(mine)
    Channel.objects.update(pause=Pause.BY_CREATOR)
    _, channel = atlas.get("/channels/1")
    assert channel["syncStatus"] == {"backlogCount": 1, "placeInSyncQueue": 0, "fullSyncEta": 0}


def test_the_30_newest_channels_newest_first(atlas):
    for number in range(32):
        make_channel(number, created_at=CREATED + timedelta(seconds=number))
    _, channels = atlas.get("/channels")
    assert [channel["joystreamChannelId"] for channel in channels] == list(range(31, 1, -1))


def test_a_list_of_channels_costs_as_many_queries_as_one(atlas):
    make_video(make_channel(1))
    with CaptureQueriesContext(connection) as for_one:
        assert len(atlas.get("/channels")[1]) == 1
    for number in range(2, 12):
        make_video(make_channel(number))
    with CaptureQueriesContext(connection) as for_many:
        assert len(atlas.get("/channels")[1]) == 11
    assert len(for_one) == len(for_many) < 6


def test_those_waiting_for_verification(atlas):
    make_channel(1)
    membership.verify(make_channel(2), by="test")
    _, channels = atlas.get("/channels/unverified")
    assert [channel["joystreamChannelId"] for channel in channels] == [1]


def test_a_video_that_is_published(atlas):
    channel = make_channel(
        42, youtube_id="UCTUjCW6SCY-Txb2vBLyxv_Q", uploads_playlist_id="UUTUjCW6SCY-Txb2vBLyxv_Q"
    )
    video = make_video(
        channel,
        youtube_id="dQw4w9WgXcQ",
        title="How it began",
        description="The first hive.",
        language="de",
        thumbnails={
            "default": "http://p/1",
            "medium": "http://p/2",
            "high": "http://p/3",
            "maxres": "http://p/5",
        },
        state=State.PUBLISHED,
        published_at=CREATED,
        discovered_at=CREATED,
        views=1234,
        media={"duration": 213},
        is_short=True,
        joystream_video_id=900,
    )
    make_files(video, 11, 12, node="https://storage.example.com/storage/")
    assert atlas.get("/channels/42/videos") == (
        200,
        [
            {
                "id": "dQw4w9WgXcQ",
                "url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
                "title": "How it began",
                "description": "The first hive.",
                "category": "3",
                "channelId": "UCTUjCW6SCY-Txb2vBLyxv_Q",
                "playlistId": "UUTUjCW6SCY-Txb2vBLyxv_Q",
                "resourceId": "dQw4w9WgXcQ",
                "thumbnails": PICTURES,
                "state": "UploadSucceeded",
                "duration": 213,
                "language": "de",
                "privacyStatus": "public",
                "isShort": True,
                "publishedAt": "2024-05-06T07:08:09.123Z",
                "createdAt": "2024-05-06T07:08:09.123Z",
                "viewCount": 1234,
                "joystreamVideo": {"id": "900", "assetIds": ["11", "12"]},
                "destinationUrl": "https://storage.example.com/storage/api/v1/files/11",
                "expectedAt": None,
                "progress": None,
                "reason": None,
            }
        ],
    )


def test_a_video_that_is_on_its_way(atlas):
    video = make_video(
        make_channel(1),
        lease_token="6" * 32,
        leased_until=timezone.now() + timedelta(minutes=1),
        progress={"phase": "video", "done": 500, "total": 2000},
    )
    StagePace.objects.create(stage=Stage.DOWNLOAD, slot=timezone.now() - timedelta(seconds=60), finished=6)
    _, (shown,) = atlas.get("/channels/1/videos")
    assert (shown["id"], shown["state"]) == (video.youtube_id, "New")
    assert shown["progress"] == {"phase": "video", "done": 500, "total": 2000}
    expected = datetime.fromisoformat(shown["expectedAt"]) - timezone.now()
    assert timedelta(seconds=8) < expected < timedelta(seconds=12)
    assert (shown["joystreamVideo"], shown["destinationUrl"], shown["isShort"]) == (None, None, False)


def test_a_video_that_is_not_brought_over_says_why_and_who_must_act(atlas):
    make_video(make_channel(1), state=State.SKIPPED, reason="too_long", reason_text="ERROR: secret words")
    _, (shown,) = atlas.get("/channels/1/videos")
    assert shown["state"] == "VideoUnavailable::Skipped"
    assert shown["reason"] == {
        "code": "too_long",
        "happened": "The video is longer than this service takes.",
        "actor": "nobody",
        "next": "It is not brought over.",
    }
    assert "secret" not in str(shown)


@pytest.mark.parametrize(
    "fields",
    [
        {"privacy": "private"},
        {"privacy": "unlisted", "state": State.SKIPPED, "reason": "video_unlisted"},
        {"state": State.SKIPPED, "reason": "video_private"},
        {"state": State.SKIPPED, "reason": "video_deleted"},
    ],
)
def test_videos_that_youtube_shows_to_nobody_are_nowhere(atlas, fields):
    creator = make_creator(subject="117")
    channel = make_channel(1, creator=creator)
    shown = make_video(channel, title="For all")
    make_video(channel, title="Nobody's business", **fields)
    youtube_id = channel.youtube_id
    for path in ("/channels/1/videos", "/users/117/videos", f"/users/117/channels/{youtube_id}/videos"):
        status, videos = atlas.get(path)
        assert (status, [video["id"] for video in videos]) == (200, [shown.youtube_id])


def test_what_is_on_joystream_stays_shown_when_it_goes_private_on_youtube(atlas):
    video = make_video(make_channel(1), state=State.PUBLISHED, privacy="private")
    _, (shown,) = atlas.get("/channels/1/videos")
    assert (shown["id"], shown["privacyStatus"]) == (video.youtube_id, "private")


def test_a_held_video_says_why_its_channel_is_paused(atlas):
    make_video(make_channel(1, pause=Pause.STORAGE_FULL))
    _, (shown,) = atlas.get("/channels/1/videos")
    assert shown["reason"]["code"] == "channel_paused_storage"
    assert "storage is full" in shown["reason"]["happened"]


def test_videos_come_newest_first_with_the_same_queries_however_many(atlas):
    channel = make_channel(1)
    for state in (State.NEW, State.DOWNLOADED, State.CREATING, State.SKIPPED):
        make_files(make_video(channel, state=state), None, None)
    with CaptureQueriesContext(connection) as for_few:
        assert len(atlas.get("/channels/1/videos")[1]) == 4
    for _ in range(20):
        make_files(make_video(channel), None, None)
    with CaptureQueriesContext(connection) as for_many:
        videos = atlas.get("/channels/1/videos")[1]
    assert len(videos) == 24
    assert len(for_few) == len(for_many) < 7
    published = [video["publishedAt"] for video in videos]
    assert published == sorted(published, reverse=True)


def test_referrals_of_a_channel(atlas):
    make_channel(1)
    make_channel(2, referrer_channel_id=1, title="Brought", created_at=CREATED)
    membership.opt_out(make_channel(3, referrer_channel_id=1), by="owner")
    assert atlas.get("/channels/1/referrals") == (
        200,
        [
            {
                "joystreamChannelId": 2,
                "title": "Brought",
                "subscribersCount": 1280,
                "yppStatus": "Unverified",
                "createdAt": "2024-05-06T07:08:09.123Z",
            }
        ],
    )


def test_a_referral_that_was_credited_counts_with_what_it_was_worth_then(atlas):
    referrer = make_channel(1, status=Status.VERIFIED, tier=TierName.BRONZE)
    newcomer = make_channel(2, referrer_channel_id=1)
    membership.verify(newcomer, tier=TierName.BRONZE, by="test")
    RewardRules.objects.update(starts_at=CREATED - timedelta(days=365))
    Tier.objects.filter(name=TierName.BRONZE).update(referral_reward=250)
    assert earnings.collect() > 0
    Tier.objects.filter(name=TierName.BRONZE).update(referral_reward=999)
    membership.verify(newcomer, tier=TierName.GOLD, by="test")
    assert atlas.get("/referrers/top-referrers")[1] == [
        {
            "referrerChannelId": referrer.joystream_channel_id,
            "referredByTier": {"bronze": 1, "silver": 0, "gold": 0, "diamond": 0},
            "totalEarnings": 2.5,
            "totalReferredChannels": 1,
        }
    ]


def test_top_referrers_by_earnings(atlas):
    brought = [
        (1, TierName.BRONZE),
        (1, TierName.BRONZE),
        (1, TierName.BRONZE),
        (2, TierName.DIAMOND),
        (3, None),
    ]
    for number, (referrer, tier) in enumerate(brought, 10):
        channel = make_channel(number, referrer_channel_id=referrer)
        if tier:
            membership.verify(channel, tier=tier, by="test")
    assert atlas.get("/referrers/top-referrers") == (
        200,
        [
            {
                "referrerChannelId": 2,
                "referredByTier": {"bronze": 0, "silver": 0, "gold": 0, "diamond": 1},
                "totalEarnings": 100,
                "totalReferredChannels": 1,
            },
            {
                "referrerChannelId": 1,
                "referredByTier": {"bronze": 3, "silver": 0, "gold": 0, "diamond": 0},
                "totalEarnings": 6,
                "totalReferredChannels": 3,
            },
        ],
    )


def test_requirements_in_words(atlas):
    assert atlas.get("/channels/induction/requirements") == (
        200,
        {
            "requirements": [
                {
                    "errorCode": "CHANNEL_CRITERIA_UNMET_SUBSCRIBERS",
                    "template": "YouTube channel has at least {}.",
                    "variables": ["50 subscribers"],
                },
                {
                    "errorCode": "CHANNEL_CRITERIA_UNMET_VIDEOS",
                    "template": "YouTube channel has at least {}, all published at least {} ago.",
                    "variables": ["10 videos", "1 month"],
                },
                {
                    "errorCode": "CHANNEL_CRITERIA_UNMET_CREATION_DATE",
                    "template": "YouTube channel needs to be older than {}.",
                    "variables": ["3 months"],
                },
            ]
        },
    )


def test_an_apps_own_requirements_come_before_the_general_ones(atlas, lenient):
    Requirement.objects.filter(app=lenient.app).update(min_subscribers=7, min_channel_age_hours=0)
    _, answer = atlas.get("/channels/induction/requirements")
    assert [each["variables"] for each in answer["requirements"]] == [
        ["7 subscribers"],
        ["1 video", "1 day"],
    ]


def test_all_synced_channels_of_a_member(world, atlas):
    make_channel(8), make_channel(9), make_channel(1)
    _, channels = atlas.get("/members/8/channels")
    assert [channel["joystreamChannelId"] for channel in channels] == [9, 8]
    assert atlas.get("/members/7/channels") == (200, [])


def test_members_need_the_query_node(atlas):
    status, answer = atlas.get("/members/8/channels")
    assert (status, answer["code"]) == (503, "QUERY_NODE_NOT_CONNECTED")


def test_users_their_channels_and_videos(atlas):
    creator = make_creator("77", created_at=CREATED)
    channel, other = make_channel(1, creator=creator), make_channel(2, creator=creator)
    make_video(channel), make_video(other)
    user = {"id": "77", "email": "77@example.com", "createdAt": "2024-05-06T07:08:09.123Z"}
    assert atlas.get("/users", key=OWNER_KEY) == (200, [user])
    assert atlas.get("/users/77", key=OWNER_KEY) == (200, user)
    assert [each["joystreamChannelId"] for each in atlas.get("/users/77/channels")[1]] == [2, 1]
    assert len(atlas.get("/users/77/videos")[1]) == 2
    assert len(atlas.get(f"/users/77/channels/{channel.youtube_id}/videos")[1]) == 1
    for path in ("", "/channels", "/videos", f"/channels/{channel.youtube_id}/videos"):
        status, answer = atlas.get(f"/users/78{path}", key=OWNER_KEY)
        assert (status, answer["message"]) == (404, "User 78 not found.")
    assert atlas.get(f"/users/77/channels/UC{'x' * 22}/videos")[0] == 404


def test_the_service(atlas):
    channel = make_channel(1)
    for state in (State.NEW, State.CREATING, State.PUBLISHED, State.SKIPPED):
        make_video(channel, state=state, joystream_video_id=5 if state == State.PUBLISHED else None)
    assert atlas.get("/status") == (200, {"version": "0.1.0", "syncStatus": "enabled", "syncBacklog": 2})


def test_a_service_that_does_not_sync_says_so(atlas, settings):
    sync = settings.CONFIG.sync.model_copy(update={"enable": False})
    settings.CONFIG = settings.CONFIG.model_copy(update={"sync": sync})
    assert atlas.get("/status")[1]["syncStatus"] == "disabled"


@pytest.mark.parametrize("root", ["status", "youtube"])
def test_used_quota_by_day(atlas, root):
    today = quota_day()
    unused = {"date": today.isoformat(), "syncQuotaUsed": 0, "signupQuotaUsed": 0, "partition": "stats"}
    assert atlas.get(f"/{root}/quota-usage/today") == (200, unused)
    QuotaDay.objects.create(day=datetime(2024, 5, 6, tzinfo=UTC).date(), sync_used=9500, signup_used=3)
    QuotaDay.objects.create(day=today, sync_used=12, signup_used=34)
    used = {"date": today.isoformat(), "syncQuotaUsed": 12, "signupQuotaUsed": 34, "partition": "stats"}
    earlier = {"date": "2024-05-06", "syncQuotaUsed": 9500, "signupQuotaUsed": 3, "partition": "stats"}
    assert atlas.get(f"/{root}/quota-usage/today") == (200, used)
    assert atlas.get(f"/{root}/quota-usage") == (200, [used, earlier])


def test_the_collaborator_and_what_its_account_holds(world, atlas):
    status, answer = atlas.get("/status/collaborator")
    assert status == 200
    assert (answer["memberId"], answer["balance"]) == (10, pytest.approx(10_000_000, rel=0.01))
    assert answer["controllerAccount"].startswith("j4")
    assert set(answer) == {"memberId", "controllerAccount", "balance"}


def test_nothing_stored_leaks_an_address_of_mail(atlas):
    creator = make_creator("77", email="secret@example.com")
    make_video(make_channel(1, creator=creator, email="secret@example.com"))
    paths = ["/channels", "/channels/1", "/channels/1/videos", "/channels/unverified", "/users/77/videos"]
    assert all("secret" not in str(atlas.get(path)) for path in [*paths, "/users/77/channels", "/status"])
    assert Video.objects.count() == 1
