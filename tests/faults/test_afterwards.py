"""What happens on YouTube and on Joystream after a video was published, or was not brought over: second looks
(head of the list of faults), edits and departures (mission H7, H8), removals (N15).
"""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from channels.models import App, Channel, WhenGone
from tests.faults.world import extrinsics, history, until, until_published
from tests.support.devnet import wait_until
from tests.support.factories import reload
from tests.support.service import work, work_until
from videos import choices, words
from videos.discovery import second_looks
from videos.models import ChainTransaction, ChangeState, QuotaDay, TransactionState, Video, VideoChange
from videos.pipeline import creation
from videos.quota import quota_day
from videos.states import Stage, State
from ypp import membership

SHOWN = """query Shown($id: String!) { videos(where: {id_eq: $id}) { title description isPublic } }"""
ALL = ["UpdateVideoMetadata", "AddVideo", "ManageVideoAssets", "DeleteVideo"]


@pytest.fixture
def video(world):
    """A published video."""
    video = world.uploaded_to_youtube(description="")
    until_published(video)
    return reload(video)


def look(*videos: Video) -> None:
    """The next look at the videos is due, and made."""
    for video in videos:
        Video.objects.filter(pk=video.pk).update(next_look_at=timezone.now())
    while second_looks.look_due():
        pass


def shown(world, video: Video) -> dict[str, Any] | None:
    found = world.devnet.ask(SHOWN, id=str(video.joystream_video_id))["videos"]
    return found[0] if found else None


def edited_on_joystream(world, video: Video) -> None:
    title = "My own title on Joystream"
    world.do("chain/edit-video", video_id=video.joystream_video_id, title=title)
    wait_until(lambda: (shown(world, video) or {})["title"] == title, what="the edit")


def changes() -> list[str]:
    return list(VideoChange.objects.order_by("id").values_list("state", flat=True))


def made(video: Video) -> bool:
    return not VideoChange.objects.filter(video=video).exclude(state=ChangeState.DONE).exists()


def until_made(*videos: Video) -> None:
    work_until(lambda: all(made(video) for video in videos), Stage.CREATION)


# --- Edits on YouTube (H7) ----------------------------------------------------------------------------------


def test_h7_an_edited_title_and_description_are_carried_over_once(world, video):
    world.do("youtube/edit_video", video=video.youtube_id, traits={"title": "Bees", "description": "New"})
    look(video)
    look(video)
    until_made(video)
    world.devnet.wait_for_blocks(4)
    assert shown(world, video) == {"title": "Bees", "description": "New", "isPublic": True}
    look(video)
    assert changes() == [ChangeState.DONE]
    assert history(video)[-3:] == ["edited_on_youtube", "change_wanted", "changed_on_joystream"]
    row = reload(video)
    assert (row.state, row.title, row.written["title"]) == (State.PUBLISHED, "Bees", "Bees")


def test_h7_edits_of_many_videos_share_an_extrinsic(world):
    videos = [world.uploaded_to_youtube() for _ in range(3)]
    until_published(*videos)
    before = len(extrinsics())
    for number, video in enumerate(videos):
        world.do("youtube/edit_video", video=video.youtube_id, traits={"title": f"Edited {number}"})
    look(*videos)
    until_made(*videos)
    assert len(extrinsics()) == before + 1


def test_h7_an_edit_made_on_joystream_is_never_overwritten(world, video):
    edited_on_joystream(world, video)
    world.do("youtube/edit_video", video=video.youtube_id, traits={"title": "Bees", "description": "New"})
    look(video)
    until_made(video)
    world.devnet.wait_for_blocks(4)
    facts = shown(world, video)
    assert facts is not None
    assert (facts["title"], facts["description"]) == ("My own title on Joystream", "New")
    assert "joystream_edit_kept" in history(video)


def test_h7_an_edit_made_on_joystream_in_the_last_moment_is_kept_too(world, video):
    world.do("youtube/edit_video", video=video.youtube_id, traits={"title": "Bees"})
    look(video)
    assert changes() == [ChangeState.WANTED]
    edited_on_joystream(world, video)
    work(Stage.CREATION)
    assert changes() == [ChangeState.DROPPED]
    facts = shown(world, video)
    assert facts is not None
    assert facts["title"] == "My own title on Joystream"


def test_h7_an_app_that_carries_no_texts_over_only_notices_them(world, video):
    App.objects.update(carries_texts=False)
    world.do("youtube/edit_video", video=video.youtube_id, traits={"title": "Bees"})
    look(video)
    assert changes() == []
    assert "edited_on_youtube" in history(video)
    App.objects.update(carries_texts=True)
    look(video)
    assert changes() == [ChangeState.WANTED], "when it is turned on, it is caught up with"


def test_h7_a_change_whose_extrinsic_is_lost_is_made_by_another_one_exactly_once(world, video):
    world.do("youtube/edit_video", video=video.youtube_id, traits={"title": "Bees"})
    look(video)
    world.do("chain/drop-extrinsics", signer="//Collaborator")
    until_made(video)
    assert extrinsics()[-2:] == [TransactionState.DEAD, TransactionState.FINAL]
    assert history(video).count("changed_on_joystream") == 1


def test_h7_a_change_whose_sender_died_before_the_answer_is_found_in_its_block(world, video):
    world.do("youtube/edit_video", video=video.youtube_id, traits={"title": "Bees"})
    look(video)
    world.do("chain/cut-at-submit")
    until_made(video)
    assert extrinsics()[-1] == TransactionState.FINAL
    assert history(video).count("changed_on_joystream") == 1


def test_h7_new_videos_and_changes_take_turns(world, video):
    world.do("youtube/edit_video", video=video.youtube_id, traits={"title": "Bees"})
    look(video)
    new = world.downloaded()
    work_until(lambda: reload(new).state == State.CREATED and made(video), Stage.CREATION)
    last = list(ChainTransaction.objects.order_by("-id").values_list("purpose", flat=True)[:2])
    assert last == ["creation", "change"], "creation was last before"


def test_h7_without_the_permission_the_change_waits_and_the_creator_reads_why(world, video):
    channel_id = video.channel.joystream_channel_id
    world.do("chain/add-collaborator", channel_id=channel_id, permissions=["AddVideo", "ManageVideoAssets"])
    world.devnet.wait_for_blocks(4)
    world.do("youtube/edit_video", video=video.youtube_id, traits={"title": "Bees"})
    look(video)
    work(Stage.CREATION)
    change = VideoChange.objects.get()
    assert (change.state, change.reason) == (ChangeState.WANTED, "change_not_allowed")
    assert history(video)[-1] == "change_waits"
    world.do("chain/add-collaborator", channel_id=channel_id)
    world.devnet.wait_for_blocks(4)
    VideoChange.objects.update(next_attempt_at=timezone.now())
    until_made(video)


# --- Departures from YouTube (H8) ---------------------------------------------------------------------------


def grace_passes(video: Video) -> None:
    Video.objects.filter(pk=video.pk).update(gone_since=timezone.now() - timedelta(days=15))


def test_h8_by_default_a_video_that_is_deleted_on_youtube_stays_and_is_marked(world, video):
    world.do("youtube/delete_video", video=video.youtube_id)
    look(video)
    row = reload(video)
    assert (row.state, row.gone_reason) == (State.PUBLISHED, "video_deleted")
    assert row.gone_since is not None
    assert row.next_look_at > timezone.now() + timedelta(days=10)
    grace_passes(video)
    look(video)
    assert changes() == []
    assert history(video).count("gone_from_youtube") == 1


def test_h8_a_private_video_is_hidden_on_joystream_after_the_grace_period_and_shown_again(world, video):
    choices.choose(video.channel, WhenGone.UNLIST, by="its creator")
    world.do("youtube/set_privacy", video=video.youtube_id, privacy="private")
    look(video)
    assert changes() == [], "the grace period has begun"
    grace_passes(video)
    look(video)
    until_made(video)
    world.devnet.wait_for_blocks(4)
    facts = shown(world, video)
    assert facts is not None
    assert facts["isPublic"] is False
    world.do("youtube/set_privacy", video=video.youtube_id, privacy="public")
    look(reload(video))
    until_made(video)
    world.devnet.wait_for_blocks(4)
    facts = shown(world, video)
    assert facts is not None
    assert facts["isPublic"] is True
    assert reload(video).gone_since is None


def test_h8_a_deleted_video_is_deleted_on_joystream_after_the_grace_period_and_never_brought_again(
    world, video
):
    world.do("chain/add-collaborator", channel_id=video.channel.joystream_channel_id, permissions=ALL)
    choices.choose(video.channel, WhenGone.DELETE, by="its creator")
    world.do("youtube/delete_video", video=video.youtube_id)
    look(video)
    grace_passes(video)
    look(video)
    until(video, State.REMOVED, Stage.CREATION)
    world.devnet.wait_for_blocks(4)
    assert shown(world, video) is None
    assert history(video)[-1] == "deleted_on_joystream"


def test_h8_a_video_that_comes_back_within_the_grace_period_loses_nothing(world, video):
    choices.choose(video.channel, WhenGone.DELETE, by="its creator")
    world.do("youtube/set_privacy", video=video.youtube_id, privacy="private")
    look(video)
    world.do("youtube/set_privacy", video=video.youtube_id, privacy="public")
    look(video)
    row = reload(video)
    assert (row.state, row.gone_since) == (State.PUBLISHED, None)
    assert history(video)[-1] == "back_on_youtube"
    grace_passes(video)
    look(video)
    assert changes() == []


def test_h8_a_deletion_that_its_creator_no_longer_wants_is_called_off(world, video):
    choices.choose(video.channel, WhenGone.DELETE, by="its creator")
    world.do("youtube/delete_video", video=video.youtube_id)
    look(video)
    grace_passes(video)
    look(video)
    assert changes() == [ChangeState.WANTED]
    choices.choose(video.channel, WhenGone.KEEP, by="its creator")
    work(Stage.CREATION)
    assert changes() == [ChangeState.DROPPED]
    assert reload(video).state == State.PUBLISHED


def test_h8_a_terminated_channel_is_no_choice_of_its_creator(world, video):
    choices.choose(video.channel, WhenGone.DELETE, by="its creator")
    world.do("youtube/terminate_channel", channel=video.channel.youtube_id)
    try:
        look(video)
    finally:
        world.do("youtube/terminate_channel", channel=video.channel.youtube_id, terminated=False)
    assert reload(video).gone_since is None


# --- The creator's own uploads to Joystream (H13) ------------------------------------------------------------


@pytest.fixture
def twice(world):
    """A video on YouTube whose creator is about to upload it to Joystream too, in one way or another."""
    own_title = f"Filmed for both {uuid.uuid4()}"
    video: Video = world.uploaded_to_youtube(title=own_title)
    Video.objects.filter(pk=video.pk).update(title=own_title)

    def upload(**how: Any) -> Video:
        channel_id = video.channel.joystream_channel_id
        world.do("chain/create-video", channel_id=channel_id, **{"title": own_title, "seconds": 4, **how})
        world.devnet.wait_for_blocks(5)
        return video

    return upload


def test_h13_a_video_that_its_creator_uploaded_to_joystream_is_left_alone_and_not_even_downloaded(twice):
    video = twice()
    until(video, State.SKIPPED, Stage.DOWNLOAD)
    assert (reload(video).reason, reload(video).media) == ("uploaded_by_hand", None)
    assert words.of("uploaded_by_hand").next == "Yours stays as it is; we bring no second one."


def test_h13_one_that_is_uploaded_by_hand_meanwhile_is_noticed_before_its_creation(world, twice):
    video = Video.objects.get()
    until(video, State.DOWNLOADED, Stage.DOWNLOAD)
    twice()
    until(video, State.SKIPPED, Stage.CREATION)
    assert extrinsics() == []


@pytest.mark.parametrize(
    "how",
    [{"title": "Something else"}, {"seconds": 90}, {"published": "2001-01-01T00:00:00Z"}],
    ids=["another title", "another length", "another date"],
)
def test_h13_what_only_resembles_it_stops_nothing(world, twice, how):
    video = twice(**how)
    until(video, State.DOWNLOADED, Stage.DOWNLOAD)
    until(video, State.CREATED, Stage.CREATION)


# --- Removals on Joystream (N15) ----------------------------------------------------------------------------


def removed(world, video: Video) -> None:
    world.do("chain/delete-video", video_id=reload(video).joystream_video_id)
    world.devnet.wait_for_blocks(5)


def test_n15_a_published_video_that_is_removed_on_joystream_is_never_brought_over_again(world, video):
    removed(world, video)
    look(video)
    assert reload(video).state == State.REMOVED
    Video.objects.update(next_look_at=timezone.now(), next_attempt_at=timezone.now())
    assert not second_looks.look_due()
    # its owner leaves, signs up again, and all uploads are listed anew
    membership.opt_out(video.channel, by="its owner")
    Channel.objects.update(status="unverified", wants_sync=True, pause="", catalogue_complete=False)
    Channel.objects.update(next_discovery_at=timezone.now())
    work(Stage.DISCOVERY)
    Video.objects.exclude(pk=video.pk).delete()
    work(Stage.DOWNLOAD, Stage.CREATION, Stage.UPLOAD, Stage.ACCEPTANCE)
    assert (reload(video).state, history(video)[-1]) == (State.REMOVED, "removed_on_joystream")


def test_n15_a_video_that_is_removed_before_its_upload_is_given_up(world):
    video = world.created()
    removed(world, video)
    until(video, State.REMOVED, Stage.UPLOAD)
    assert reload(video).reserved_bytes == 0


def test_n15_a_video_that_is_removed_before_it_was_accepted_is_given_up(world):
    video = world.created()
    world.do("storage/never-accept")
    until(video, State.UPLOADED, Stage.UPLOAD)
    removed(world, video)
    until(video, State.REMOVED, Stage.ACCEPTANCE)


def test_n15_what_only_the_query_node_lacks_is_not_taken_for_removed(world, video):
    world.do("query-node/lag", blocks=10_000)
    look(video)
    assert reload(video).state == State.PUBLISHED


# --- Verdicts that are looked at again ----------------------------------------------------------------------


def skipped(world, reason: str, **traits: Any) -> Video:
    video = world.uploaded_to_youtube(**traits)
    until(video, State.SKIPPED, Stage.DOWNLOAD)
    assert reload(video).reason == reason
    return reload(video)


def test_y1_a_private_video_that_becomes_public_enters_after_all(world):
    video = skipped(world, "video_private", privacy="private")
    assert video.next_look_at > timezone.now() + timedelta(days=5), "not at once"
    look(video)
    assert reload(video).state == State.SKIPPED, "it is still private"
    world.do("youtube/set_privacy", video=video.youtube_id, privacy="public")
    look(video)
    assert (reload(video).state, history(video)[-1]) == (State.NEW, "second_chance")
    until_published(video)
    world.is_published_exactly_once(video)


@pytest.mark.parametrize(
    ("obstacle", "reason"), [("members_only", "members_only"), ("geo_blocked", "geo_blocked")]
)
def test_what_only_the_page_of_a_video_tells_is_looked_up_there(world, obstacle, reason):
    video = skipped(world, reason, obstacle=obstacle)
    look(video)
    assert reload(video).state == State.SKIPPED
    world.do("youtube/edit_video", video=video.youtube_id, traits={"obstacle": "none"})
    look(video)
    assert reload(video).state == State.NEW


def test_what_staff_left_out_stays_out(world):
    video = world.uploaded_to_youtube()
    Video.objects.filter(pk=video.pk).update(state=State.SKIPPED, reason="skipped_by_staff")
    look(video)
    assert reload(video).state == State.SKIPPED


def test_second_looks_take_only_what_the_day_has_left(world):
    video = skipped(world, "video_private", privacy="private")
    world.do("youtube/set_privacy", video=video.youtube_id, privacy="public")
    QuotaDay.objects.update_or_create(day=quota_day(), defaults={"sync_used": 9_400})
    look(video)
    assert reload(video).state == State.SKIPPED
    QuotaDay.objects.update(sync_used=0)
    look(video)
    assert reload(video).state == State.NEW


def test_looks_become_rarer_with_age(world):
    video = world.uploaded_to_youtube()
    video.state = State.SKIPPED
    for age, wait in ((0, 7), (30, 30), (400, 90)):
        video.discovered_at = timezone.now() - timedelta(days=age)
        assert second_looks.interval(video).days in (wait, wait - 1)
    video.state = State.PUBLISHED
    for age, wait in ((0, 1), (100, 10), (2000, 90)):
        video.published_at = timezone.now() - timedelta(days=age)
        assert second_looks.interval(video).days in (wait, wait - 1)


def test_the_lane_knows_the_cargo_of_each_purpose():
    assert set(creation.CARGO) == {"creation", "change"}
