"""Faults on the way of a file to the storage nodes, by the rows of the list of faults (S1–S7)."""

from datetime import timedelta

import pytest
from django.conf import settings

from tests.faults.world import media_file, until, until_it_waits, until_published
from tests.support.factories import reload
from tests.support.service import work
from videos import outside
from videos.models import Role
from videos.pipeline import acceptance
from videos.states import Stage, State

FIRST, SECOND = 0, 1
"""The buckets of every channel's bag, in the order in which they are tried."""


def path_of(file):
    return settings.CONFIG.sync.media_dir / file.key


def test_s1_another_node_of_the_bag_takes_what_the_first_refuses(world):
    video = world.created()
    world.do("storage/unavailable", bucket_id=FIRST)
    until(video, State.UPLOADED, Stage.UPLOAD)
    assert set(video.files.values_list("uploaded_to", flat=True)) == {
        f"{world.devnet.storage_node}/bucket/1/"
    }
    until_published(video)
    world.is_published_exactly_once(video)


def test_s1_while_no_node_answers_the_file_waits_and_no_try_is_counted(world):
    video = world.created()
    world.do("storage/unavailable")
    until_it_waits(video, "STORAGE_UNAVAILABLE", Stage.UPLOAD)
    assert reload(video).attempts == 0
    world.do("storage/unavailable", on=False)
    until_published(video)
    world.is_published_exactly_once(video)


def test_s2_a_node_that_has_not_seen_the_object_yet_is_waited_for(world):
    world.do("storage/blind")
    video = world.created()
    until_it_waits(video, "STORAGE_OBJECT_UNKNOWN", Stage.UPLOAD)
    assert reload(video).attempts == 0
    world.do("storage/blind", on=False)
    until_published(video)
    world.is_published_exactly_once(video)


def test_s3_an_upload_that_was_cut_begins_again_from_the_start(world):
    video = world.created()
    world.do("storage/cut-uploads", after_bytes=1000, count=1)
    until_it_waits(video, "STORAGE_UNAVAILABLE", Stage.UPLOAD)
    assert media_file(video).uploaded_at is None
    until_published(video)
    world.is_published_exactly_once(video)


def test_s4_a_file_that_is_there_already_counts_as_uploaded(world):
    """As after a worker that died between the node's answer and its own note of it."""
    video = world.created()
    file = media_file(video)
    bucket = outside.query_node().storage_buckets(video.channel.joystream_channel_id)[FIRST]
    outside.storage_node(bucket.endpoint).upload(
        path_of(file),
        object_id=file.object_id,
        bucket_id=bucket.id,
        channel_id=video.channel.joystream_channel_id,
    )
    world.devnet.wait_for_blocks(2)
    until_published(video)
    assert reload(video).attempts == 0
    world.is_published_exactly_once(video)


def test_s5_a_file_that_was_damaged_here_is_downloaded_again(world):
    video = world.uploaded_to_youtube()
    until(video, State.CREATED, Stage.DOWNLOAD, Stage.CREATION)
    with path_of(media_file(video)).open("r+b") as content:
        content.seek(5_000)
        content.write(b"a bit of rot")
    until_published(video)
    world.is_published_exactly_once(video)


def test_s6_a_file_that_is_never_accepted_goes_to_another_node(world, monkeypatch):
    monkeypatch.setattr(acceptance, "PATIENCE", timedelta(0))
    video = world.created()
    world.do("storage/never-accept", bucket_id=FIRST)
    until(video, State.UPLOADED, Stage.UPLOAD)
    world.devnet.wait_for_blocks(2)
    until(video, State.CREATED, Stage.ACCEPTANCE)
    monkeypatch.undo()
    until_published(video)
    assert media_file(video).uploaded_to == f"{world.devnet.storage_node}/bucket/1/"
    world.is_published_exactly_once(video)


def test_s6_a_file_that_no_node_accepts_is_shown_to_a_human(world, monkeypatch):
    monkeypatch.setattr(acceptance, "PATIENCE", timedelta(0))
    video = world.created()
    world.do("storage/never-accept")
    until(video, State.STUCK, Stage.UPLOAD, Stage.ACCEPTANCE)
    assert reload(video).reason == "never_accepted"
    for file in video.files.all():
        assert path_of(file), "the human may need it"


def test_s6_within_the_hour_it_is_only_looked_at_again(world):
    video = world.created()
    world.do("storage/never-accept")
    until(video, State.UPLOADED, Stage.UPLOAD)
    work(Stage.ACCEPTANCE)
    row = reload(video)
    assert (row.state, row.attempts, row.reason) == (State.UPLOADED, 0, "")
    world.do("storage/never-accept", on=False)
    until_published(video)


@pytest.mark.parametrize("role", [Role.MEDIA, Role.THUMBNAIL])
def test_s7_a_file_that_was_lost_here_is_downloaded_again_with_the_same_bytes(world, role):
    video = world.uploaded_to_youtube()
    until(video, State.CREATED, Stage.DOWNLOAD, Stage.CREATION)
    promised = media_file(video).content_id
    path_of(video.files.get(role=role)).unlink()
    until_published(video)
    assert media_file(video).content_id == promised
    world.is_published_exactly_once(video)


def test_s7_a_lost_file_that_has_changed_on_youtube_is_shown_to_a_human(world):
    video = world.uploaded_to_youtube()
    until(video, State.CREATED, Stage.DOWNLOAD, Stage.CREATION)
    path_of(media_file(video)).unlink()
    world.do("youtube/edit_video", video=video.youtube_id, traits={"itags": [137, 140]})
    until(video, State.STUCK, Stage.UPLOAD)
    assert reload(video).reason == "file_changed"
