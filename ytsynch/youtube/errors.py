"""What can go wrong with YouTube and Google, one class for each thing that happened.

A class says only what was seen. What follows from it (try later, wait, give up, ask a human) is decided by
the table of states, which looks the class up. The same words from YouTube may mean a deleted video, a
blocked address or an outdated tool: `raw` keeps them, so that a verdict can be looked at again.

The first line of each docstring is the message for people; `code` is the stable word for machines.
"""

from datetime import datetime
from typing import ClassVar


class YouTubeError(Exception):
    """Something went wrong with YouTube."""

    code: ClassVar[str] = "youtube_error"

    def __init__(self, raw: str = "") -> None:
        self.raw = raw
        super().__init__(raw)

    @classmethod
    def what(cls) -> str:
        """What happened, in plain words."""
        return (cls.__doc__ or "").strip().splitlines()[0]

    def __str__(self) -> str:
        return f"{self.what()} ({self.raw})" if self.raw else self.what()


# The video cannot be had, for a reason of its own.


class VideoRefused(YouTubeError):
    """YouTube does not give this video out."""

    code = "video_refused"


class VideoPrivate(VideoRefused):
    """The video is private."""

    code = "video_private"


class VideoUnlisted(VideoRefused):
    """The video is unlisted."""

    code = "video_unlisted"


class VideoDeleted(VideoRefused):
    """The video was removed from YouTube."""

    code = "video_deleted"


class ChannelTerminated(VideoRefused):
    """The YouTube account was terminated or closed."""

    code = "channel_terminated"


class VideoUnavailable(VideoRefused):
    """YouTube says that the video is unavailable, without a reason."""

    code = "video_unavailable"


class MembersOnly(VideoRefused):
    """The video is for paying members of the channel."""

    code = "members_only"


class PaidOnly(VideoRefused):
    """The video must be paid for."""

    code = "paid_only"


class AgeRestricted(VideoRefused):
    """The video is shown to signed-in adults only."""

    code = "age_restricted"


class GeoBlocked(VideoRefused):
    """The video is not shown in the country of our address."""

    code = "geo_blocked"


class DrmProtected(VideoRefused):
    """The video is encrypted by digital rights management."""

    code = "drm_protected"


class RecordingRefused(VideoRefused):
    """The video is the recording of a live stream, which this service does not take."""

    code = "recording_refused"


class UnknownRefusal(VideoRefused):
    """YouTube gave a reason that this service does not know yet."""

    code = "unknown_refusal"


# A channel's page.


class ChannelNotFound(YouTubeError):
    """YouTube knows no such channel, or does not show it."""

    code = "channel_not_found"


# Feeds and push notifications.


class FeedSilent(YouTubeError):
    """The channel's feed says nothing at the moment."""

    code = "feed_silent"


class HubUnavailable(YouTubeError):
    """The hub for push notifications did not answer, or answered with a failure of its own."""

    code = "hub_unavailable"


class HubRefused(YouTubeError):
    """The hub for push notifications does not take the subscription."""

    code = "hub_refused"


# The video cannot be had yet.


class NotYet(YouTubeError):
    """The video is not ready to be fetched."""

    code = "not_yet"


class LiveNow(NotYet):
    """The video is a live stream that is still running."""

    code = "live_now"


class LiveUpcoming(NotYet):
    """The video is a live stream that has not begun."""

    code = "live_upcoming"

    def __init__(self, raw: str = "", starts_at: datetime | None = None) -> None:
        super().__init__(raw)
        self.starts_at = starts_at


class PremiereUpcoming(LiveUpcoming):
    """The video is a premiere that has not begun."""

    code = "premiere_upcoming"


class StillProcessing(NotYet):
    """YouTube is still making the better qualities of a fresh upload."""

    code = "still_processing"


class RecordingNotReady(NotYet):
    """The recording of a live stream is not complete yet."""

    code = "recording_not_ready"


# Our address or the network: the video is innocent.


class NetworkTrouble(YouTubeError):
    """YouTube was not reached."""

    code = "network_trouble"


class YouTubeUnreachable(NetworkTrouble):
    """YouTube did not answer, or answered with a failure of its own."""

    code = "youtube_unreachable"


class AddressBlocked(NetworkTrouble):
    """YouTube distrusts our address: a bot check, too many requests, another video, or only 360p."""

    code = "address_blocked"


class ProxyUnreachable(AddressBlocked):
    """The proxy does not let us through."""

    code = "proxy_unreachable"


# The transfer and what it left on disk.


class DownloadStopped(YouTubeError):
    """The download stopped before its end; what is on disk is kept to go on from."""

    code = "download_stopped"


class DownloadStalled(DownloadStopped):
    """The download was cut or stood still."""

    code = "download_stalled"


class DownloadTimedOut(DownloadStopped):
    """The download took longer than it may."""

    code = "download_timed_out"


class DownloadCancelled(DownloadStopped):
    """We stopped the download ourselves."""

    code = "download_cancelled"


class BadFile(YouTubeError):
    """What was downloaded cannot be used."""

    code = "bad_file"

    def __init__(self, raw: str = "", formats: tuple[str, ...] = ()) -> None:
        """`formats`: the format ids that made the file, to be avoided the next time."""
        super().__init__(raw)
        self.formats = formats


class EmptyDownload(BadFile):
    """The downloaded file is empty."""

    code = "empty_download"


class DamagedDownload(BadFile):
    """The downloaded file lacks its picture, its sound or a part of its length."""

    code = "damaged_download"


class PostprocessingFailed(BadFile):
    """The picture and the sound could not be put together."""

    code = "postprocessing_failed"


class OverLimit(YouTubeError):
    """The video is over a limit of this service."""

    code = "over_limit"
    unit: ClassVar[str] = ""

    def __init__(self, actual: int, limit: int) -> None:
        super().__init__(f"{actual} {self.unit}, at most {limit} allowed")
        self.actual = actual
        self.limit = limit


class TooLarge(OverLimit):
    """The video has more bytes than this service takes."""

    code = "too_large"
    unit = "bytes"


class TooLong(OverLimit):
    """The video is longer than this service takes."""

    code = "too_long"
    unit = "seconds"


class ToolBroken(YouTubeError):
    """The downloader does not understand YouTube's answer: YouTube may have changed."""

    code = "tool_broken"


class LocalDiskTrouble(YouTubeError):
    """The file could not be written here."""

    code = "local_disk_trouble"


# The Data API.


class ApiUnavailable(YouTubeError):
    """Google's API did not answer, or answered with a failure of its own."""

    code = "api_unavailable"


class ApiAnswerInvalid(ApiUnavailable):
    """Google's API answered something that is not what its documentation promises."""

    code = "api_answer_invalid"


class ApiRefused(YouTubeError):
    """Google's API refused the call."""

    code = "api_refused"


class ApiKeyRefused(ApiRefused):
    """Google does not accept this service's own key or project: its operator must look."""

    code = "api_key_refused"


class QuotaExceeded(YouTubeError):
    """The day's quota of the YouTube API is spent."""

    code = "quota_exceeded"


class PlaylistNotFound(YouTubeError):
    """YouTube does not show the playlist: it is empty, hidden or gone."""

    code = "playlist_not_found"


# Sign-in.


class SignInError(YouTubeError):
    """The sign-in with Google did not work."""

    code = "sign_in_error"


class WrongCode(SignInError):
    """Google does not accept the authorization code: wrong, used, too old, or for another address."""

    code = "wrong_code"


class GrantRevoked(SignInError):
    """The creator's permission was withdrawn or has ended."""

    code = "grant_revoked"


class GrantExpired(SignInError):
    """The access token has ended and must be refreshed."""

    code = "grant_expired"


class ScopeMissing(SignInError):
    """Insufficient Permission"""  # the words that Atlas looks for

    code = "scope_missing"


class EmailNotVerified(SignInError):
    """Google has not verified the account's e-mail address."""

    code = "email_not_verified"


class GoogleUnavailable(ApiUnavailable):
    """Google's sign-in did not answer, or answered with a failure of its own."""

    code = "google_unavailable"


class ClientRefused(ApiKeyRefused):
    """Google does not accept this service's client id or secret: its operator must look."""

    code = "client_refused"
