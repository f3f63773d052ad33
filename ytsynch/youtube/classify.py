"""What yt-dlp's exceptions mean.

yt-dlp has no class a reason: it repeats YouTube's English sentence in one ExtractorError. So the sentence
is looked up in one table, in order. A sentence that is in no row becomes UnknownRefusal where yt-dlp
expected a refusal, and ToolBroken where it did not expect anything: a human looks, nothing is condemned.
"""

import errno
import re
from collections.abc import Iterable, Iterator

from yt_dlp.networking.exceptions import HTTPError, ProxyError, TransportError
from yt_dlp.utils import (
    ContentTooShortError,
    DownloadError,
    ExtractorError,
    GeoRestrictedError,
    PostProcessingError,
)

from ytsynch.youtube.errors import (
    AddressBlocked,
    AgeRestricted,
    ChannelNotFound,
    ChannelTerminated,
    DownloadStalled,
    DrmProtected,
    EmptyDownload,
    GeoBlocked,
    LiveUpcoming,
    LocalDiskTrouble,
    MembersOnly,
    NetworkTrouble,
    PaidOnly,
    PostprocessingFailed,
    PremiereUpcoming,
    ProxyUnreachable,
    RecordingNotReady,
    StillProcessing,
    ToolBroken,
    UnknownRefusal,
    VideoDeleted,
    VideoPrivate,
    VideoUnavailable,
    YouTubeError,
    YouTubeUnreachable,
)

# Order matters: the narrow before the broad, the address before the video.
SENTENCES: tuple[tuple[re.Pattern[str], type[YouTubeError]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"content isn.t available, try again later|rate.limited by youtube", AddressBlocked),
        (r"not a bot|captcha|IP is likely being blocked|unusual traffic", AddressBlocked),
        (r"confirm your age|age.restricted|inappropriate for some users", AgeRestricted),
        (r"members.only|available to this channel.s members|join this channel", MembersOnly),
        (r"requires payment|\bpurchase\b|\brent\b", PaidOnly),
        (r"private video|video is private", VideoPrivate),
        (r"processing this video", StillProcessing),
        (r"premieres? (in|will begin)|premiere will begin", PremiereUpcoming),
        (r"live event will begin|will begin in|^offline\b", LiveUpcoming),
        (r"live event has ended", RecordingNotReady),
        (r"in your country|geo.?restrict|blocked it .*country", GeoBlocked),
        (r"account .*(has been )?(terminated|closed)", ChannelTerminated),
        (r"channel(/playlist)? does not exist|channel is not available", ChannelNotFound),
        (r"removed by the uploader|has been removed|no longer available", VideoDeleted),
        (r"\bdrm\b", DrmProtected),
        (r"giving up after \d+ retries", DownloadStalled),
        (r"did not get any data blocks|downloaded file is empty", EmptyDownload),
        (r"unable to (open for writing|write data|create directory)|no space left", LocalDiskTrouble),
        (r"requested format is not available|no video formats found", ToolBroken),
        (r"page needs to be reloaded|not available on this app", ToolBroken),
        (r"(video|content|recording) (is )?(unavailable|not available)|isn.t available", VideoUnavailable),
    )
)

# HTTP answers while YouTube is asked about a video; a file server's answers are in `of_transfer`.
_STATUSES: dict[int, type[YouTubeError]] = {
    403: AddressBlocked,
    404: VideoUnavailable,
    407: ProxyUnreachable,
    410: VideoUnavailable,
    429: AddressBlocked,
}
_DISK_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES})
_NO_CONNECTION = re.compile(r"timed out|connection (refused|reset|aborted)|unable to connect|\bSSL\b", re.I)
_ADVICE = re.compile(
    r"; please report this issue|\s*Use --cookies|\s*It is recommended to use"
)  # yt-dlp's own


def of_extraction(error: BaseException, warnings: Iterable[str] = ()) -> YouTubeError:
    """The error for what yt-dlp raised while it asked YouTube about a video or a channel.

    yt-dlp makes warnings of failed requests and goes on; when it then has nothing, `warnings` tell why.
    """
    found = _common(error) or _network(error) or _by_sentence(error)
    if isinstance(found, ToolBroken):
        return next(filter(None, map(_of_warning, warnings)), found)
    return found


def of_transfer(error: BaseException) -> YouTubeError:
    """The error for what yt-dlp raised while it fetched the streams or put them together.

    A file server that refuses (403) refuses our address or our tool's signature, never the video; a
    connection that breaks leaves a part file to go on from.
    """
    found = _common(error)
    if found is not None:
        return found
    for cause in causes(error):
        if isinstance(cause, PostProcessingError):
            return PostprocessingFailed(raw_text(error))
        if isinstance(cause, ContentTooShortError):
            return DownloadStalled(raw_text(error))
    network = _network(error)
    if isinstance(network, AddressBlocked):
        return network
    return DownloadStalled(network.raw) if network else _by_sentence(error)


def is_range_refused(error: BaseException) -> bool:
    """Whether the file server has nothing at the place where a part file ends."""
    return any(isinstance(cause, HTTPError) and cause.status == 416 for cause in causes(error))


def of_sentence(sentence: str, *, expected: bool) -> YouTubeError:
    """The error for YouTube's own words."""
    for pattern, kind in SENTENCES:
        if pattern.search(sentence):
            return kind(sentence)
    return UnknownRefusal(sentence) if expected else ToolBroken(sentence)


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what is behind it, outermost first; yt-dlp keeps causes in places of its own."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        wrapped = current.exc_info[1] if isinstance(current, DownloadError) and current.exc_info else None
        current = wrapped or getattr(current, "cause", None) or current.__cause__


def raw_text(error: BaseException) -> str:
    """YouTube's or yt-dlp's own words, without yt-dlp's advice about cookies and bug reports."""
    for cause in causes(error):
        sentence = getattr(cause, "orig_msg", None)
        if isinstance(sentence, str):
            return _trimmed(sentence)
    return _trimmed(str(error).removeprefix("ERROR: "))


def _trimmed(sentence: str) -> str:
    return _ADVICE.split(sentence)[0].strip()[:1000]


def _common(error: BaseException) -> YouTubeError | None:
    """What means the same at any time."""
    for cause in causes(error):
        if isinstance(cause, YouTubeError):
            return cause
        if isinstance(cause, GeoRestrictedError):
            return GeoBlocked(raw_text(error))
        if isinstance(cause, OSError) and cause.errno in _DISK_ERRORS:
            return LocalDiskTrouble(str(cause))
    return None


def _network(error: BaseException) -> YouTubeError | None:
    for cause in causes(error):
        if isinstance(cause, HTTPError):
            return _of_status(cause.status)(f"HTTP {cause.status}: {raw_text(error)}")
        if isinstance(cause, ProxyError):
            return ProxyUnreachable(str(cause))
        if isinstance(cause, TransportError):
            return YouTubeUnreachable(str(cause))
    return None


def _of_status(status: int) -> type[YouTubeError]:
    return _STATUSES.get(status, YouTubeUnreachable if status >= 500 else ToolBroken)


def _of_warning(warning: str) -> NetworkTrouble | None:
    """The trouble with network or address that a warning of a failed request tells of."""
    status = re.search(r"HTTP Error (\d{3})", warning)
    kind = _of_status(int(status[1])) if status else None
    if kind is not None and issubclass(kind, NetworkTrouble):
        return kind(_trimmed(warning))
    return YouTubeUnreachable(_trimmed(warning)) if _NO_CONNECTION.search(warning) else None


def _by_sentence(error: BaseException) -> YouTubeError:
    expected = any(
        getattr(cause, "expected", False) for cause in causes(error) if isinstance(cause, ExtractorError)
    )
    return of_sentence(raw_text(error), expected=expected)
