"""What staff order for videos, and what is refused because it would break a promise made on chain."""

import pytest

from tests.support.factories import make_channel, make_file, make_video
from videos import interventions
from videos.models import Band, Video
from videos.states import State

pytestmark = pytest.mark.django_db
MEDIA = {
    "size": 1,
    "width": 1920,
    "height": 1080,
    "video_codec": "h264",
    "audio_codec": "aac",
    "container": "mp4",
}
BY = "staff boss"


def now(video: Video) -> Video:
    return Video.objects.get(pk=video.pk)


def uploaded(video: Video) -> Video:
    make_file(video, object_id=1, uploaded_to="http://node", uploaded_at="2026-01-01T00:00Z")
    return video


@pytest.mark.parametrize(
    ("state", "fields", "target"),
    [
        (State.SKIPPED, {}, State.NEW),
        (State.STUCK, {}, State.NEW),
        (State.STUCK, {"joystream_video_id": 7}, State.CREATED),
        (State.NEW, {"reason": "network_trouble", "attempts": 2}, State.NEW),
        (State.DOWNLOADED, {"reason": "creation_refused"}, State.DOWNLOADED),
    ],
)
def test_a_retried_video_goes_on_from_where_it_stands(desk, state, fields, target):
    video = make_video(state=state, **fields)
    assert desk.order(video, "retry") == ["Try again: 1 done."]
    video = now(video)
    assert (video.state, video.reason, video.attempts) == (target, "", 0)
    assert (video.events.get().event, video.events.get().by) == ("retried", BY)


def test_a_stuck_video_whose_file_is_here_is_not_downloaded_again(desk):
    video = make_video(state=State.STUCK, media=MEDIA)
    make_file(video)
    desk.order(video, "retry")
    assert now(video).state == State.DOWNLOADED


def test_a_stuck_video_whose_files_were_uploaded_is_not_uploaded_again(desk):
    video = uploaded(make_video(state=State.STUCK, joystream_video_id=7))
    desk.order(video, "retry")
    assert now(video).state == State.UPLOADED


@pytest.mark.parametrize("state", [State.PUBLISHED, State.CREATING, State.REMOVED])
def test_what_cannot_be_tried_again_is_refused(desk, state):
    video = make_video(state=state)
    assert "refused" in desk.ask(video, "retry")
    desk.order(video, "retry")
    assert now(video).state == state


def test_a_video_that_only_waits_its_turn_is_not_retried():
    assert interventions.why_not_retry(make_video()) == "nothing has gone wrong with it"


@pytest.mark.parametrize("state", [State.NEW, State.DOWNLOADED, State.STUCK])
def test_a_video_is_left_out_with_a_reason(desk, state):
    video = make_video(state=state)
    desk.order(video, "skip", reason="a trailer, agreed with the creator")
    video = now(video)
    assert (video.state, video.reason) == (State.SKIPPED, "skipped_by_staff")
    assert video.reason_text == "a trailer, agreed with the creator"
    assert video.events.get().by == BY


def test_a_video_is_not_left_out_without_a_reason(desk):
    video = make_video()
    desk.order(video, "skip", reason="")
    assert now(video).state == State.NEW


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        (State.CREATING, {}),
        (State.CREATED, {}),
        (State.PUBLISHED, {}),
        (State.STUCK, {"joystream_video_id": 7}),
    ],
)
def test_what_is_on_its_way_to_the_chain_or_there_is_not_left_out(desk, state, fields):
    video = make_video(state=state, **fields)
    desk.order(video, "skip", reason="too late")
    assert now(video).state == state


def test_leaving_a_video_out_takes_it_from_the_worker_that_has_it(desk):
    video = make_video(lease_token="6ba7b810-9dad-11d1-80b4-00c04fd430c8", leased_until="2099-01-01T00:00Z")
    desk.order(video, "skip", reason="not wanted")
    assert (now(video).state, now(video).lease_token) == (State.SKIPPED, None)


def test_a_boosted_video_goes_first(desk):
    make_video(band=Band.FIRST)
    video = make_video(band=Band.CATALOGUE)
    desk.order(video, "boost")
    assert Video.objects.in_queue_order().first() == video
    assert "boosted already" in desk.ask(now(video), "boost")


def test_a_forgotten_file_is_deleted_and_the_video_downloaded_again(
    desk, settings, django_capture_on_commit_callbacks
):
    video = make_video(state=State.DOWNLOADED, media=MEDIA, reserved_bytes=1000)
    make_file(video)
    folder = settings.CONFIG.sync.media_dir / video.youtube_id
    folder.mkdir(parents=True)
    with django_capture_on_commit_callbacks(execute=True):
        desk.order(video, "forget-file")
    video = now(video)
    assert not folder.exists()
    assert (video.state, video.media, video.reserved_bytes, video.files.count()) == (State.NEW, None, 0, 0)


@pytest.mark.parametrize("state", [State.CREATING, State.CREATED, State.UPLOADED, State.STUCK])
def test_a_file_that_is_promised_on_chain_is_kept(desk, state):
    video = make_video(state=state)
    make_file(video)
    desk.order(video, "forget-file")
    assert (now(video).state, video.files.count()) == (state, 1)


def test_many_videos_are_retried_at_once_and_each_refusal_is_told(desk):
    channel = make_channel()
    skipped = [make_video(channel, state=State.SKIPPED) for _ in range(3)]
    published = make_video(channel, state=State.PUBLISHED)
    answer = desk.order_many([*skipped, published], "retry").content.decode()
    assert channel.videos.filter(state=State.NEW).count() == 3
    assert "it is «published»" in answer


def test_the_page_of_a_video_shows_what_the_other_side_said_word_for_word(desk):
    video = make_video(
        reason="video_private", reason_text="Sign in <if> you've been granted access", state=State.SKIPPED
    )
    page = desk.page(video)
    assert "The video is private on YouTube." in page
    assert "Sign in &lt;if&gt; you&#x27;ve been granted access" in page


@pytest.mark.parametrize("term", ["abcdefghijk", "4711", "a walk"])
def test_the_search_takes_ids_and_words(staff, term):
    make_video(
        youtube_id="abcdefghijk", joystream_video_id=4711, state=State.PUBLISHED, title="A walk in the woods"
    )
    make_video()
    response = staff.get("/admin/videos/video/", {"q": term})
    assert len(response.context["cl"].result_list) == 1
