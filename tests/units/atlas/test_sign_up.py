"""Sign-up over HTTP: the devnet's Google, query node and faucet answer over real sockets."""

import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection
from django_q.models import OrmQ

from channels.gateways import app_of_configuration
from channels.models import App, Channel, Creator, Pause, Status, SuspensionReason, TierName
from tests.support.service import forget_clients
from tests.units.atlas.client import REDIRECT_URI, SCOPES, consent
from tests.units.atlas.factories import make_channel, make_creator, make_video
from videos.models import QuotaDay, Video
from videos.quota import quota_day
from videos.states import State
from ypp import membership, suspension, whitelist
from ypp.letters.models import Kind, Letter
from ypp.models import RefusedSignUp, Requirement

pytestmark = pytest.mark.django_db

BEEKEEPING, CLOCKWORK, NEWCOMER = "@alpinebeekeeping", "@clockworkrestoration", "@brandnewukulele"


@pytest.fixture
def youtube_without_channels():
    """A Data API that finds nothing, as it is for an account without a channel."""

    class Nothing(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b'{"kind": "youtube#channelListResponse"}')

        def log_message(self, *_): ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Nothing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_signing_in_answers_who_the_creator_is(world, atlas, lenient):
    person = world.person(BEEKEEPING)
    body = {"authorizationCode": consent(world, person), "youtubeRedirectUri": REDIRECT_URI}
    status, answer = atlas.post("/users", body)
    assert status == 201
    pictures = {name: answer.pop(name) for name in ("avatarUrl", "bannerUrl")}
    assert all(f"/{person.youtube_channel_id}.jpg" in address for address in pictures.values())
    assert answer == {
        "email": "alpine-beekeeping@example.com",
        "userId": Creator.objects.get().subject,
        "channelHandle": "@alpinebeekeeping",
        "channelTitle": "Alpine Beekeeping",
        "channelDescription": "Hives above the tree line: a season in short films.",
        "channelLanguage": "en",
    }


def test_the_page_that_got_the_code_may_have_a_query_in_its_address(world, atlas, lenient):
    code = consent(world, world.person(BEEKEEPING))
    address = f"{REDIRECT_URI}?code={code}&scope=email#top"
    assert atlas.post("/users", {"authorizationCode": code, "youtubeRedirectUri": address})[0] == 201


def test_tokens_are_stored_encrypted_and_the_code_as_a_hash(world, atlas, lenient):
    signed_in = atlas.sign_in(world, world.person(BEEKEEPING))
    row = Creator.objects.values().get()
    assert signed_in["authorizationCode"] not in str(row)
    assert Creator.objects.get().grant["refresh_token"].startswith("1//")
    with connection.cursor() as cursor:
        cursor.execute('SELECT "grant" FROM channels_creator')
        assert "1//" not in cursor.fetchone()[0]


def test_joining_answers_user_and_channel(world, atlas, lenient):
    signed_in = atlas.sign_in(world, world.person(BEEKEEPING))
    status, answer = atlas.join(signed_in, joystreamChannelId=1, videoCategoryId="3", referrerChannelId=2)
    assert status == 201
    created = answer["channel"].pop("createdAt")
    assert abs(datetime.fromisoformat(created) - datetime.now(UTC)) < timedelta(minutes=1)
    assert set(answer["channel"].pop("thumbnails")) == {"default", "medium", "high", "standard"}
    assert answer == {
        "user": {"id": signed_in["userId"], "email": "alpine-beekeeping@example.com"},
        "channel": {
            "youtubeChannelId": "UCTUjCW6SCY-Txb2vBLyxv_Q",
            "title": "Alpine Beekeeping",
            "description": "Hives above the tree line: a season in short films.",
            "shouldBeIngested": True,
            "yppStatus": "Unverified",
            "preOptOutStatus": None,
            "joystreamChannelId": 1,
            "referrerChannelId": 2,
            "videoCategoryId": "3",
            "language": "en",
            "subscribersCount": 1280,
            "syncStatus": {"backlogCount": 0, "placeInSyncQueue": 0, "fullSyncEta": 0},
        },
    }


def test_the_back_catalogue_is_looked_for_at_once(world, atlas, lenient, django_capture_on_commit_callbacks):
    signed_in = atlas.sign_in(world, world.person(BEEKEEPING))
    with django_capture_on_commit_callbacks(execute=True):
        atlas.join(signed_in, joystreamChannelId=1)
    assert Channel.objects.due_for_discovery().get().joystream_channel_id == 1
    assert OrmQ.objects.filter(key="discovery").exists()
    event = Channel.objects.get().events.get()
    assert (event.event, event.by) == ("signed_up", f"creator {signed_in['userId']}")


def test_a_channel_that_is_not_to_be_synced_needs_no_category_and_waits(world, atlas, lenient):
    signed_in = atlas.sign_in(world, world.person(BEEKEEPING))
    status, answer = atlas.join(signed_in, joystreamChannelId=1, shouldBeIngested=False, videoCategoryId=None)
    assert (status, answer["channel"]["shouldBeIngested"]) == (201, False)
    assert Channel.objects.get().pause == Pause.BY_CREATOR
    assert not Channel.objects.due_for_discovery().exists()


def test_a_code_serves_one_sign_up(world, atlas, lenient):
    signed_in = atlas.sign_in(world, world.person(BEEKEEPING))
    assert atlas.join(signed_in, joystreamChannelId=1)[0] == 201
    registered = {"code": "CHANNEL_ALREADY_REGISTERED", "result": 1}
    status, answer = atlas.join(signed_in, joystreamChannelId=1)
    assert status == 400
    assert answer.pop("message")
    assert answer == registered


def test_only_the_code_of_the_last_sign_in_counts(world, atlas, lenient):
    first = atlas.sign_in(world, world.person(BEEKEEPING))
    second = atlas.sign_in(world, world.person(BEEKEEPING))
    status, answer = atlas.join(first, joystreamChannelId=1)
    assert (status, answer["statusCode"], answer["error"]) == (400, 400, "Bad Request")
    assert answer["message"].startswith("Invalid request author")
    assert atlas.join(second, joystreamChannelId=1)[0] == 201


def test_a_refused_join_leaves_the_code_good(world, atlas, lenient):
    signed_in = atlas.sign_in(world, world.person(BEEKEEPING))
    assert atlas.join(signed_in, joystreamChannelId=999)[0] == 400
    assert atlas.join(signed_in, joystreamChannelId=1)[0] == 201


def test_an_unknown_user_is_not_found(world, atlas, lenient):
    proof = {"userId": "12345", "authorizationCode": "4/0abc", "email": "a@example.com"}
    status, answer = atlas.join(proof, joystreamChannelId=1)
    assert (status, answer) == (
        404,
        {"statusCode": 404, "message": "User 12345 not found.", "error": "Not Found"},
    )


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ({"joystreamChannelId": 999}, "Joystream channel 999 does not exist."),
        ({"videoCategoryId": "77"}, "Video category 77 does not exist."),
        ({"referrerChannelId": 1}, "A channel cannot be its own referrer."),
        ({"videoCategoryId": None}, "A video category is needed to sync videos."),
        ({"email": "no address"}, "email: Enter a valid email address."),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_in_words(world, atlas, lenient, wish, message):
    signed_in = atlas.sign_in(world, world.person(BEEKEEPING))
    status, answer = atlas.join(signed_in, **{"joystreamChannelId": 1, **wish})
    assert (status, answer) == (400, {"statusCode": 400, "message": message, "error": "Bad Request"})


def test_the_app_says_which_categories_its_creators_may_choose(world, atlas, lenient):
    App.objects.update(categories=["3", "5"])
    signed_in = atlas.sign_in(world, world.person(BEEKEEPING))
    status, answer = atlas.join(signed_in, joystreamChannelId=1, videoCategoryId="7")
    assert (status, answer["message"]) == (
        400,
        "Video category 7 is not among those that devnet-gateway takes.",
    )
    assert atlas.join(signed_in, joystreamChannelId=1, videoCategoryId="5")[0] == 201


def test_google_refuses_a_wrong_code(world, atlas, lenient):
    body = {"authorizationCode": "4/0nonsense", "youtubeRedirectUri": REDIRECT_URI}
    status, answer = atlas.post("/users", body)
    assert (status, answer["statusCode"], answer["error"]) == (400, 400, "Bad Request")
    assert not Creator.objects.exists()


def test_too_few_scopes_are_refused_in_the_words_that_atlas_looks_for(world, atlas, lenient):
    code = consent(world, world.person(BEEKEEPING), scopes=SCOPES.split()[1])
    status, answer = atlas.post("/users", {"authorizationCode": code, "youtubeRedirectUri": REDIRECT_URI})
    assert (status, answer) == (
        400,
        {"statusCode": 400, "message": "Insufficient Permission", "error": "Bad Request"},
    )


def test_unmet_requirements_come_as_a_list(world, atlas, db):
    rule = {"min_subscribers": 50, "min_videos": 10, "min_new_videos_a_month": 3}
    Requirement.objects.filter(app=None).update(**rule)
    code = consent(world, world.person(NEWCOMER))
    status, answer = atlas.post("/users", {"authorizationCode": code, "youtubeRedirectUri": REDIRECT_URI})
    assert (status, answer["statusCode"], answer["error"]) == (400, 400, "Bad Request")
    found = {unmet["code"]: (unmet["result"], unmet["expected"]) for unmet in answer["message"]}
    assert found["CHANNEL_CRITERIA_UNMET_SUBSCRIBERS"] == (12, 50)
    assert found["CHANNEL_CRITERIA_UNMET_VIDEOS"] == (0, 10)
    assert found["CHANNEL_CRITERIA_UNMET_NEW_VIDEOS_REQUIREMENT"] == (1, 3)
    opened, latest = map(datetime.fromisoformat, found["CHANNEL_CRITERIA_UNMET_CREATION_DATE"])
    assert opened > latest
    assert set(answer["message"][0]) == {"code", "message", "result", "expected"}
    assert not Channel.objects.exists()


def test_a_refusal_is_kept_measured_again_and_written_about_once(world, atlas, db):
    Requirement.objects.filter(app=None).update(min_videos=10)
    for _ in range(2):
        code = consent(world, world.person(NEWCOMER))
        assert atlas.post("/users", {"authorizationCode": code, "youtubeRedirectUri": REDIRECT_URI})[0] == 400
    kept = RefusedSignUp.objects.get()
    assert (kept.youtube_id, kept.app) == (
        world.person(NEWCOMER).youtube_channel_id,
        app_of_configuration(),
    )
    assert "CHANNEL_CRITERIA_UNMET_VIDEOS" in [row["code"] for row in kept.unmet]
    assert kept.next_check_at is not None
    letter = Letter.objects.get()
    assert (letter.kind, letter.address) == (Kind.REQUIREMENTS_UNMET, kept.creator.email)
    # the code proves nothing: nobody was let in by it
    body = {"userId": kept.creator.subject, "authorizationCode": code, "email": "a@example.com"}
    wish = {"joystreamChannelId": 1, "shouldBeIngested": False}
    assert atlas.post("/channels", body | wish)[0] == 400


def test_whoever_passes_after_a_refusal_is_not_measured_again(world, atlas, lenient):
    lenient.min_subscribers = 10**6
    lenient.save()
    code = consent(world, world.person(BEEKEEPING))
    assert atlas.post("/users", {"authorizationCode": code, "youtubeRedirectUri": REDIRECT_URI})[0] == 400
    assert RefusedSignUp.objects.count() == 1
    lenient.min_subscribers = 50
    lenient.save()
    atlas.sign_in(world, world.person(BEEKEEPING))
    assert not RefusedSignUp.objects.exists()


def test_hidden_subscribers_are_told_as_hidden(world, atlas, lenient):
    world.do("youtube/hide_subscribers", channel=BEEKEEPING)
    code = consent(world, world.person(BEEKEEPING))
    status, answer = atlas.post("/users", {"authorizationCode": code, "youtubeRedirectUri": REDIRECT_URI})
    (unmet,) = answer["message"]
    assert (status, unmet["code"]) == (400, "CHANNEL_CRITERIA_UNMET_SUBSCRIBERS")
    assert (unmet["result"], unmet["expected"]) == ("hidden", 50)
    assert "Please show the number" in unmet["message"]


def added_by_staff(world, joystream_channel_id: int, **fields) -> Channel:
    """The beekeepers' channel as staff added it."""
    return make_channel(
        joystream_channel_id,
        youtube_id=world.person(BEEKEEPING).youtube_channel_id,
        added_by_staff=True,
        catalogue_complete=True,
        catalogue_limit=1,
        **fields,
    )


def test_a_channel_that_staff_added_passes_to_its_owner_with_its_videos(world, atlas, lenient):
    lenient.min_subscribers = 10**6  # it takes part already: nothing more is asked of it
    lenient.save()
    channel = added_by_staff(world, 1, status=Status.VERIFIED, tier=TierName.SILVER)
    published = make_video(channel, state=State.PUBLISHED)
    signed_in = atlas.sign_in(world, world.person(BEEKEEPING))
    status, answer = atlas.join(signed_in, joystreamChannelId=1, email="owner@example.com")
    assert (status, answer["channel"]["yppStatus"]) == (201, "Verified::Silver")
    after = Channel.objects.get()
    assert (after.pk, after.creator, after.email) == (
        channel.pk,
        Creator.objects.get(),
        "owner@example.com",
    )
    assert (after.added_by_staff, after.catalogue_limit, after.catalogue_complete) == (False, None, False)
    assert after.videos.get() == published
    assert after.events.latest("id").event == "signed_up"
    # from now on it is registered like any other
    code = consent(world, world.person(BEEKEEPING))
    status, answer = atlas.post("/users", {"authorizationCode": code, "youtubeRedirectUri": REDIRECT_URI})
    assert (status, answer["code"], answer["result"]) == (400, "CHANNEL_ALREADY_REGISTERED", 1)


def test_an_owner_may_choose_another_joystream_channel_once_nothing_is_on_its_way(world, atlas, lenient):
    channel = added_by_staff(world, 2)
    moving = make_video(channel, state=State.CREATED)
    waiting = make_video(channel)
    signed_in = atlas.sign_in(world, world.person(BEEKEEPING))
    status, answer = atlas.join(signed_in, joystreamChannelId=1)
    assert (status, answer["message"][:14]) == (400, "1 video is on ")
    waiting.refresh_from_db()
    assert waiting.held  # nothing new begins for the old channel
    Video.objects.filter(pk=moving.pk).update(state=State.PUBLISHED)
    assert atlas.join(signed_in, joystreamChannelId=1)[0] == 201
    channel.refresh_from_db()
    waiting.refresh_from_db()
    assert (channel.joystream_channel_id, channel.pause, waiting.held) == (1, Pause.NONE, "")


def test_a_suspended_channel_that_staff_added_stays_out(world, atlas, lenient):
    added_by_staff(world, 1, status=Status.SUSPENDED, suspension_reason=SuspensionReason.COPYRIGHT_BREACH)
    code = consent(world, world.person(BEEKEEPING))
    _, answer = atlas.post("/users", {"authorizationCode": code, "youtubeRedirectUri": REDIRECT_URI})
    assert answer["code"] == "CHANNEL_STATUS_SUSPENDED"


def test_a_whitelisted_handle_is_exempt(world, atlas, db):
    whitelist.add(["@BrandNewUkulele"], by="test")
    assert atlas.sign_in(world, world.person(NEWCOMER))["channelHandle"] == NEWCOMER


def test_a_verified_channel_cannot_sign_up_again(world, atlas, lenient):
    atlas.join(atlas.sign_in(world, world.person(BEEKEEPING)), joystreamChannelId=1)
    membership.verify(Channel.objects.get(), by="test")
    code = consent(world, world.person(BEEKEEPING))
    status, answer = atlas.post("/users", {"authorizationCode": code, "youtubeRedirectUri": REDIRECT_URI})
    assert (status, answer["code"], answer["result"]) == (400, "CHANNEL_ALREADY_REGISTERED", 1)


def test_a_suspended_channel_stays_out(world, atlas, lenient):
    atlas.join(atlas.sign_in(world, world.person(BEEKEEPING)), joystreamChannelId=1)
    suspension.suspend(Channel.objects.get(), SuspensionReason.MISLEADING_CONTENT, by="test")
    code = consent(world, world.person(BEEKEEPING))
    status, answer = atlas.post("/users", {"authorizationCode": code, "youtubeRedirectUri": REDIRECT_URI})
    assert (status, answer["code"]) == (400, "CHANNEL_STATUS_SUSPENDED")


def test_a_joystream_channel_belongs_to_one_youtube_channel(world, atlas, lenient):
    atlas.join(atlas.sign_in(world, world.person(BEEKEEPING)), joystreamChannelId=1)
    status, answer = atlas.join(atlas.sign_in(world, world.person(CLOCKWORK)), joystreamChannelId=1)
    assert (status, answer["code"], answer["result"]) == (400, "CHANNEL_ALREADY_REGISTERED", 1)


def test_who_left_comes_back_with_the_old_record(world, atlas, lenient):
    atlas.join(
        atlas.sign_in(world, world.person(BEEKEEPING)), joystreamChannelId=1, email="first@example.com"
    )
    before = membership.verify(Channel.objects.get(), tier=TierName.GOLD, by="test")
    membership.opt_out(before, by="owner")
    status, answer = atlas.join(
        atlas.sign_in(world, world.person(BEEKEEPING)), joystreamChannelId=1, email="second@example.com"
    )
    assert status == 201
    assert answer["channel"]["yppStatus"] == "Verified::Gold"
    assert answer["user"]["email"] == "first@example.com"
    after = Channel.objects.get()
    assert (after.pk, after.created_at, after.pause) == (before.pk, before.created_at, Pause.NONE)
    assert after.events.latest("id").event == "resumed"


def test_a_joystream_channel_that_was_left_can_be_taken_by_another(world, atlas, lenient):
    atlas.join(atlas.sign_in(world, world.person(BEEKEEPING)), joystreamChannelId=1)
    membership.opt_out(Channel.objects.get(), by="owner")
    assert atlas.join(atlas.sign_in(world, world.person(CLOCKWORK)), joystreamChannelId=1)[0] == 201
    assert atlas.get("/channels/1")[1]["title"] == "Clockwork Restoration"


def test_a_referrer_that_became_ones_own_channel_is_forgotten(world, atlas, lenient):
    atlas.join(atlas.sign_in(world, world.person(BEEKEEPING)), joystreamChannelId=1, referrerChannelId=2)
    membership.opt_out(Channel.objects.get(), by="owner")
    status, answer = atlas.join(atlas.sign_in(world, world.person(BEEKEEPING)), joystreamChannelId=2)
    assert (status, answer["channel"]["referrerChannelId"]) == (201, None)


def test_closed_sign_ups_answer_503(world, atlas, lenient):
    signed_in = atlas.sign_in(world, world.person(BEEKEEPING))
    Requirement.objects.update(sign_ups_open=False)
    status, answer = atlas.join(signed_in, joystreamChannelId=1)
    assert status == 503
    assert answer == {
        "statusCode": 503,
        "message": "New sign-ups are disabled at the moment.",
        "error": "Service Unavailable",
    }
    body = {"authorizationCode": "4/0abc", "youtubeRedirectUri": REDIRECT_URI}
    assert atlas.post("/users", body)[0] == 503


def test_each_sign_in_reserves_quota_from_the_share_of_sign_ups(world, atlas, lenient):
    atlas.sign_in(world, world.person(BEEKEEPING))
    day = QuotaDay.objects.get()
    assert (day.day, day.signup_used, day.sync_used) == (quota_day(), 3, 0)


def test_a_spent_share_of_quota_is_told(world, atlas, lenient):
    QuotaDay.objects.create(day=quota_day(), signup_used=500)
    code = consent(world, world.person(BEEKEEPING))
    status, answer = atlas.post("/users", {"authorizationCode": code, "youtubeRedirectUri": REDIRECT_URI})
    assert (status, answer["code"]) == (503, "YOUTUBE_QUOTA_LIMIT_EXCEEDED")
    assert QuotaDay.objects.get().exhausted_at is None


def test_quota_that_google_calls_spent_is_told_and_noted(world, atlas, lenient):
    code = consent(world, world.person(BEEKEEPING))
    world.do("youtube/set_quota_left", units=0)
    status, answer = atlas.post("/users", {"authorizationCode": code, "youtubeRedirectUri": REDIRECT_URI})
    assert (status, answer["code"]) == (503, "YOUTUBE_QUOTA_LIMIT_EXCEEDED")
    assert QuotaDay.objects.get().exhausted_at is not None


@pytest.mark.parametrize("fault", ["youtube/api_down", "youtube/oauth_down"])
def test_google_away_is_told(world, atlas, lenient, fault):
    code = consent(world, world.person(BEEKEEPING))
    world.do(fault, down=True)
    status, answer = atlas.post("/users", {"authorizationCode": code, "youtubeRedirectUri": REDIRECT_URI})
    assert (status, answer["code"]) == (503, "YOUTUBE_API_NOT_CONNECTED")
    assert set(answer) == {"code", "message"}


def test_query_node_away_is_told(atlas, lenient):
    from ypp.sign_up import _hash

    channel = make_channel(None)
    make_creator("77", code_hash=_hash("4/0abc"), signed_in_channel=channel)
    proof = {"userId": "77", "authorizationCode": "4/0abc", "email": "a@example.com"}
    status, answer = atlas.join(proof, joystreamChannelId=1)
    assert (status, answer["code"]) == (503, "QUERY_NODE_NOT_CONNECTED")
    assert "127.0.0.1" not in answer["message"]


def test_a_terminated_youtube_account_is_told(world, atlas, lenient):
    person = world.person(BEEKEEPING)
    world.do("youtube/terminate_channel", channel=person.youtube_channel_id)
    code = consent(world, person)
    status, answer = atlas.post("/users", {"authorizationCode": code, "youtubeRedirectUri": REDIRECT_URI})
    assert (status, answer["code"]) == (400, "CHANNEL_NOT_FOUND")


def test_a_google_account_without_a_channel_is_told(
    world, atlas, lenient, settings, youtube_without_channels
):
    endpoints = settings.CONFIG.endpoints.model_copy(update={"youtube_api": youtube_without_channels})
    settings.CONFIG = settings.CONFIG.model_copy(update={"endpoints": endpoints})
    code = consent(world, world.person(BEEKEEPING))
    status, answer = atlas.post("/users", {"authorizationCode": code, "youtubeRedirectUri": REDIRECT_URI})
    assert (status, answer) == (
        400,
        {"code": "CHANNEL_NOT_FOUND", "message": "This Google account has no YouTube channel."},
    )


def test_sixty_sign_ups_an_hour_and_address_are_enough(atlas, lenient):
    body = {"authorizationCode": "4/0abc"}
    statuses = [atlas.post("/users", body)[0] for _ in range(61)]
    assert statuses == [400] * 60 + [429]
    _, answer = atlas.post("/users", body)
    assert (answer["statusCode"], answer["error"]) == (429, "Too Many Requests")


def test_signed_in_channels_are_not_shown_before_they_joined(world, atlas, lenient):
    atlas.sign_in(world, world.person(BEEKEEPING))
    assert atlas.get("/channels") == (200, [])
    assert atlas.get("/channels/unverified") == (200, [])
    assert Channel.objects.get().status == Status.UNVERIFIED


@pytest.fixture
def new_clients():
    """The chain's client is one of each process: made for this world, and not kept for the next."""
    forget_clients()
    yield
    forget_clients()


def test_an_app_may_ask_that_its_member_may_add_videos_beforehand(world, atlas, lenient, new_clients):
    Requirement.objects.update(needs_collaborator=True)
    signed_in = atlas.sign_in(world, world.person("@nightkitchenphysics"))
    status, answer = atlas.join(signed_in, joystreamChannelId=5)
    (unmet,) = answer["message"]
    assert (status, unmet["code"]) == (400, "JOYSTREAM_CHANNEL_CRITERIA_UNMET_COLLABORATOR")
    assert (unmet["result"], unmet["expected"]) == ("not allowed", "allowed")
    signed_in = atlas.sign_in(world, world.person(BEEKEEPING))
    assert atlas.join(signed_in, joystreamChannelId=1)[0] == 201


def test_without_the_chain_a_member_that_must_be_known_is_a_passing_trouble(
    world, atlas, lenient, settings, new_clients
):
    Requirement.objects.update(needs_collaborator=True)
    signed_in = atlas.sign_in(world, world.person(BEEKEEPING))
    endpoints = settings.CONFIG.endpoints.model_copy(update={"joystream_node_ws": "ws://127.0.0.1:9"})
    settings.CONFIG = settings.CONFIG.model_copy(update={"endpoints": endpoints})
    assert atlas.join(signed_in, joystreamChannelId=1)[0] == 503


def test_joystream_channels_can_be_held_to_requirements_too(world, atlas, lenient):
    Requirement.objects.update(needs_cover=True, needs_description=True, needs_avatar=True, needs_title=True)
    signed_in = atlas.sign_in(world, world.person("@paperboatsdaily"))
    status, answer = atlas.join(signed_in, joystreamChannelId=6)
    assert status == 400
    assert [unmet["code"] for unmet in answer["message"]] == [
        "JOYSTREAM_CHANNEL_CRITERIA_UNMET_DESCRIPTION",
        "JOYSTREAM_CHANNEL_CRITERIA_UNMET_COVER",
    ]
