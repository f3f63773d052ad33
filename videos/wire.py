"""The state of a video in the words of the former service, which Atlas knows (its contract:
`VideoDto.state`).

Ours is finer in some places (a state, a reason, a lease) and coarser in others; this is the one translation.
"""

from django.utils import timezone

from videos.models import Video
from videos.reactions import is_waiting
from videos.states import State

UNAVAILABLE: dict[str, str] = {
    "video_private": "Private",
    "video_deleted": "Deleted",
    "channel_terminated": "Deleted",
    "video_refused": "Unavailable",
    "video_unavailable": "Unavailable",
    "members_only": "Unavailable",
    "paid_only": "Unavailable",
    "geo_blocked": "Unavailable",
    "drm_protected": "Unavailable",
    "unknown_refusal": "Unavailable",
    "upload_failed_on_youtube": "Unavailable",
    "video_unlisted": "Skipped",
    "age_restricted": "Skipped",
    "recording_refused": "Skipped",
    "too_large": "Skipped",
    "too_long": "Skipped",
    "over_limit": "Skipped",
    "beyond_tier_cap": "Skipped",
    "too_large_for_joystream": "Skipped",
    "postprocessing_failed": "PostprocessingError",
    "empty_download": "EmptyDownload",
    "download_timed_out": "DownloadTimedOut",
    "live_now": "LiveOffline",
    "live_upcoming": "LiveOffline",
    "premiere_upcoming": "LiveOffline",
    "recording_not_ready": "LiveOffline",
}
"""Reason of a video that is not brought over → the second half of `VideoUnavailable::…`.

Any other is `Other`.
"""

STATES: tuple[str, ...] = (
    "New",
    "CreatingVideo",
    "VideoCreationFailed",
    "VideoCreated",
    "UploadStarted",
    "UploadFailed",
    "UploadSucceeded",
    *(f"VideoUnavailable::{why}" for why in sorted({*UNAVAILABLE.values(), "Other"})),
)
"""Every value that there is on the wire."""


def state_of(video: Video) -> str:
    """The state as Atlas knows it."""
    match State(video.state):
        case State.NEW | State.CREATING | State.PUBLISHED as state:
            return _PLAIN[state]
        case State.DOWNLOADED:
            return "VideoCreationFailed" if _has_failed(video) else "New"
        case State.CREATED:
            return _uploading(video)
        case State.UPLOADED:
            return "UploadFailed" if _has_failed(video) else "UploadStarted"
        case State.STUCK:
            return _stuck(video)
        case State.SKIPPED | State.REMOVED:
            return _unavailable(video)


_PLAIN = {State.NEW: "New", State.CREATING: "CreatingVideo", State.PUBLISHED: "UploadSucceeded"}


def _uploading(video: Video) -> str:
    if video.leased_until is not None and video.leased_until > timezone.now():
        return "UploadStarted"
    return "UploadFailed" if _has_failed(video) else "VideoCreated"


def _has_failed(video: Video) -> bool:
    """Its last try failed; waiting for something is no failure."""
    return bool(video.reason) and not is_waiting(video.reason)


def _stuck(video: Video) -> str:
    """Where it stands still: on chain already, downloaded, or not even that."""
    if video.joystream_video_id is not None:
        return "UploadFailed"
    return "VideoCreationFailed" if video.media else _unavailable(video)


def _unavailable(video: Video) -> str:
    return f"VideoUnavailable::{UNAVAILABLE.get(video.reason, 'Other')}"
