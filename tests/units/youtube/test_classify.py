import errno
import io

import pytest
from yt_dlp.networking import Response
from yt_dlp.networking.exceptions import HTTPError, IncompleteRead, ProxyError, TransportError
from yt_dlp.utils import (
    ContentTooShortError,
    DownloadError,
    ExtractorError,
    GeoRestrictedError,
    PostProcessingError,
)

from ytsynch.youtube import errors
from ytsynch.youtube.classify import of_extraction, of_transfer, raw_text


def as_ytdlp_raises(cause: Exception) -> DownloadError:
    """yt-dlp puts what happened into the `exc_info` of a DownloadError."""
    return DownloadError(f"ERROR: {cause}", (type(cause), cause, None))


def http_error(status: int) -> HTTPError:
    return HTTPError(Response(io.BytesIO(b""), "https://www.youtube.com/", {}, status=status))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Private video. Sign in if you've been granted access to this video", errors.VideoPrivate),
        ("Video unavailable. This video has been removed by the uploader", errors.VideoDeleted),
        (
            "This video has been removed for violating YouTube's Community Guidelines",
            errors.VideoDeleted,
        ),
        (
            "Video unavailable. This video is no longer available because the YouTube account associated "
            "with this video has been terminated.",
            errors.ChannelTerminated,
        ),
        ("Video unavailable. This video is private", errors.VideoPrivate),
        ("Video unavailable", errors.VideoUnavailable),
        ("This video is not available", errors.VideoUnavailable),
        (
            "Sign in to confirm your age.",
            errors.AgeRestricted,
        ),
        ("Sign in to confirm you’re not a bot. Use --cookies-from-browser or …", errors.AddressBlocked),
        ("This content isn't available, try again later. The current session has …", errors.AddressBlocked),
        (
            "All player responses are invalid. Your IP is likely being blocked by Youtube",
            errors.AddressBlocked,
        ),
        ("Join this channel to get access to members-only content like this video", errors.MembersOnly),
        ("This video requires payment to watch.", errors.PaidOnly),
        ("This live event will begin in 2 days.", errors.LiveUpcoming),
        ("Premieres in 6 hours", errors.PremiereUpcoming),
        ("This live event has ended.", errors.RecordingNotReady),
        ("This live stream recording is not available.", errors.VideoUnavailable),
        ("We're processing this video. Check back later.", errors.StillProcessing),
        ("The uploader has not made this video available in your country", errors.GeoBlocked),
        ("This video is DRM protected", errors.DrmProtected),
        ("The page needs to be reloaded.", errors.ToolBroken),
        (
            "The following content is not available on this app. Watch on the latest version of YouTube.",
            errors.ToolBroken,
        ),
        ("Something that nobody has seen yet", errors.UnknownRefusal),
    ],
)
def test_youtubes_sentences_become_errors_and_the_address_is_blamed_before_the_video(sentence, expected):
    error = of_extraction(as_ytdlp_raises(ExtractorError(sentence, expected=True)))
    assert type(error) is expected
    assert error.raw == sentence.split(" Use --")[0]


def test_what_yt_dlp_did_not_expect_means_a_broken_tool():
    error = of_extraction(as_ytdlp_raises(ExtractorError("Unable to extract initial data")))
    assert type(error) is errors.ToolBroken
    assert error.raw == "Unable to extract initial data"


def test_a_failed_request_that_yt_dlp_only_warned_of_explains_why_there_is_nothing():
    nothing = as_ytdlp_raises(ExtractorError("Failed to extract any player response"))
    warnings = [
        "Some formats may be missing",
        "Unable to download API page: HTTP Error 429: Too Many Requests",
    ]
    assert type(of_extraction(nothing, warnings)) is errors.AddressBlocked
    assert type(of_extraction(nothing, ["HTTP Error 404: Not Found"])) is errors.ToolBroken
    assert type(of_extraction(nothing, ["Read timed out."])) is errors.YouTubeUnreachable


def test_a_warning_never_overrules_a_sentence():
    private = as_ytdlp_raises(ExtractorError("Private video", expected=True))
    assert type(of_extraction(private, ["HTTP Error 429: Too Many Requests"])) is errors.VideoPrivate


@pytest.mark.parametrize(
    ("status", "asking", "fetching"),
    [
        (403, errors.AddressBlocked, errors.AddressBlocked),
        (429, errors.AddressBlocked, errors.AddressBlocked),
        (404, errors.VideoUnavailable, errors.DownloadStalled),
        (407, errors.ProxyUnreachable, errors.ProxyUnreachable),
        (503, errors.YouTubeUnreachable, errors.DownloadStalled),
        (418, errors.ToolBroken, errors.DownloadStalled),
    ],
)
def test_http_statuses_mean_different_things_while_asking_and_while_fetching(status, asking, fetching):
    asked = ExtractorError("Unable to download webpage", cause=http_error(status))
    assert type(of_extraction(as_ytdlp_raises(asked))) is asking
    assert type(of_transfer(as_ytdlp_raises(http_error(status)))) is fetching


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (IncompleteRead(partial=10, expected=20), errors.DownloadStalled),
        (TransportError("Read timed out."), errors.DownloadStalled),
        (ContentTooShortError(10, 20), errors.DownloadStalled),
        (ProxyError("Unable to connect to proxy"), errors.ProxyUnreachable),
        (PostProcessingError("Conversion failed!"), errors.PostprocessingFailed),
        (OSError(errno.ENOSPC, "No space left on device"), errors.LocalDiskTrouble),
        (errors.DownloadCancelled("lease lost"), errors.DownloadCancelled),
    ],
)
def test_what_breaks_a_transfer_is_told_by_its_kind(cause, expected):
    assert type(of_transfer(as_ytdlp_raises(cause))) is expected


def test_a_transfer_that_yt_dlp_gave_up_has_stalled():
    error = DownloadError("ERROR: [download] Got error: HTTP Error 503. Giving up after 2 retries")
    assert type(of_transfer(error)) is errors.DownloadStalled


def test_a_geo_restriction_has_a_class_of_its_own_in_yt_dlp():
    error = GeoRestrictedError("The uploader has not made this video available", countries=["CH"])
    assert type(of_extraction(as_ytdlp_raises(error))) is errors.GeoBlocked


def test_the_raw_text_leaves_out_yt_dlps_advice():
    error = as_ytdlp_raises(ExtractorError("Cannot parse data"))
    assert "issue" in str(error)
    assert raw_text(error) == "Cannot parse data"
