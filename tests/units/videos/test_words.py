"""Every fault and every pause has words for the creator, and Atlas has a word for every state."""

import itertools
from datetime import timedelta

import pytest

from channels.models import Pause
from tests.units.atlas.factories import make_channel, make_video
from videos import outside, reactions, wire, words  # outside: it has faults of its own
from videos.models import Video
from videos.states import ON_CHAIN, State
from videos.words import Actor

FAULTS_OF_OURS = (outside.WrongAppKey, outside.UnknownLane)


def family(kind: type[Exception]):
    yield kind
    for child in kind.__subclasses__():
        yield from family(child)


FAULTS = sorted(
    {kind for root in reactions.REACTIONS for kind in family(root) if hasattr(kind, "code")},
    key=lambda kind: (kind.__module__, kind.__name__),
)


@pytest.mark.parametrize("kind", FAULTS, ids=lambda kind: kind.__name__)
def test_every_fault_has_words(kind):
    assert kind.code in words.WORDS


def test_there_are_no_words_for_faults_that_do_not_exist():
    assert set(words.WORDS) - {kind.code for kind in FAULTS} == {"unexpected"}


@pytest.mark.parametrize("pause", [pause for pause in Pause if pause])
def test_every_pause_has_words(pause):
    assert words.of_pause(pause).happened


def test_a_code_that_nobody_knows_has_the_words_of_the_unexpected():
    assert words.of("brand_new") is words.UNEXPECTED


@pytest.mark.parametrize(
    "said", [*words.WORDS.values(), *words.PAUSES.values()], ids=lambda said: said.happened[:40]
)
def test_words_are_sentences_and_name_who_must_act(said):
    for text in (said.happened, said.next):
        assert text[0].isupper()
        assert text.endswith(".")
    assert said.actor in Actor


@pytest.mark.parametrize("code", [kind.code for kind in FAULTS if reactions.is_waiting(kind.code)])
def test_what_ends_by_itself_asks_nothing_of_the_creator_unless_the_channel_is_theirs_to_mend(code):
    channels_own = {"joystream_channel_gone", "collaborator_missing", "channel_moderated"}
    channels_own |= {"joystream_storage_full", "youtube_channel_gone", "change_not_allowed"}
    assert words.of(code).actor is not Actor.CREATOR or code in channels_own


@pytest.mark.parametrize("reason", ["", *sorted({kind.code for kind in FAULTS})])
def test_every_state_and_reason_has_a_word_on_the_wire(reason):
    for state, is_downloaded, is_on_chain in itertools.product(State, (True, False), (True, False)):
        media = {"duration": 1} if is_downloaded else None
        video = Video(state=state, reason=reason, media=media, joystream_video_id=7 if is_on_chain else None)
        assert wire.state_of(video) in wire.STATES


def test_the_wire_has_the_words_of_the_contract_and_no_others():
    assert set(wire.STATES) == {
        "New",
        "CreatingVideo",
        "VideoCreationFailed",
        "VideoCreated",
        "UploadStarted",
        "UploadFailed",
        "UploadSucceeded",
        "VideoUnavailable::Deleted",
        "VideoUnavailable::Private",
        "VideoUnavailable::Skipped",
        "VideoUnavailable::Other",
        "VideoUnavailable::Unavailable",
        "VideoUnavailable::PostprocessingError",
        "VideoUnavailable::EmptyDownload",
        "VideoUnavailable::LiveOffline",
        "VideoUnavailable::DownloadTimedOut",
    }


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"state": "new"}, "New"),
        ({"state": "new", "reason": "live_upcoming"}, "New"),
        ({"state": "new", "reason": "download_stalled"}, "New"),
        ({"state": "downloaded"}, "New"),
        ({"state": "downloaded", "reason": "query_node_behind"}, "New"),
        ({"state": "downloaded", "reason": "creation_refused"}, "VideoCreationFailed"),
        ({"state": "creating"}, "CreatingVideo"),
        ({"state": "created"}, "VideoCreated"),
        ({"state": "created", "reason": "STORAGE_OBJECT_UNKNOWN"}, "VideoCreated"),
        ({"state": "created", "reason": "STORAGE_FILE_REJECTED"}, "UploadFailed"),
        ({"state": "uploaded"}, "UploadStarted"),
        ({"state": "uploaded", "reason": "never_accepted"}, "UploadFailed"),
        ({"state": "published"}, "UploadSucceeded"),
        ({"state": "removed"}, "VideoUnavailable::Other"),
        ({"state": "skipped", "reason": "video_deleted"}, "VideoUnavailable::Deleted"),
        ({"state": "skipped", "reason": "beyond_tier_cap"}, "VideoUnavailable::Skipped"),
        ({"state": "stuck", "reason": "postprocessing_failed"}, "VideoUnavailable::PostprocessingError"),
        ({"state": "stuck", "reason": "creation_refused", "media": {"width": 1}}, "VideoCreationFailed"),
        ({"state": "stuck", "reason": "file_changed", "joystream_video_id": 7}, "UploadFailed"),
    ],
)
def test_states_as_atlas_knows_them(fields, word):
    assert wire.state_of(Video(**fields)) == word


@pytest.mark.django_db
def test_a_video_that_a_worker_uploads_has_its_upload_started():
    from django.utils import timezone

    video = make_video(
        make_channel(1),
        state=State.CREATED,
        joystream_video_id=7,
        lease_token="6" * 32,
        leased_until=timezone.now() + timedelta(seconds=30),
    )
    assert video.state in ON_CHAIN
    assert wire.state_of(video) == "UploadStarted"
