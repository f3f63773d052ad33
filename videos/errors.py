"""Faults that are ours or a channel's, beside those of the outside services' own `errors` modules. `code` is
what history and API show.
"""

from typing import ClassVar

from channels.models import Pause


class VideoError(Exception):
    """Something that keeps a video from moving on."""

    code: ClassVar[str]


class Poison(VideoError):
    """Every worker that took the video died."""

    code = "poison"


class SkippedByStaff(VideoError):
    """Staff decided that the video is not brought over; the text is their reason."""

    code = "skipped_by_staff"


class NoFreeAddress(VideoError):
    """Every address that YouTube sees us by rests, or is excluded for a while."""

    code = "no_free_address"


class VerdictInDoubt(VideoError):
    """YouTube refused the video to an address that has not shown lately that it is trusted."""

    code = "verdict_in_doubt"


class ToolPaused(VideoError):
    """Our tool does not understand YouTube at the moment, whichever video it is asked for."""

    code = "tool_paused"


class UploadFailedOnYouTube(VideoError):
    """YouTube itself could not take or keep the video (uploadStatus failed or rejected)."""

    code = "upload_failed_on_youtube"


class BeyondTierCap(VideoError):
    """The back catalogue is longer than the channel's tier allows."""

    code = "beyond_tier_cap"


class MediaStoreFull(VideoError):
    """The media store's budget has no room for the video now; uploads free it."""

    code = "media_store_full"


class MediaStoreAway(VideoError):
    """The bucket that holds the media does not answer, or refuses."""

    code = "media_store_away"


class FileLost(VideoError):
    """The local file went away before it was uploaded."""

    code = "file_lost"


class FileChanged(VideoError):
    """The video was downloaded again, and its bytes are not those promised on chain."""

    code = "file_changed"


class ChangeNotAllowed(VideoError):
    """The Joystream channel does not let the service change or delete its videos."""

    code = "change_not_allowed"


class GoneOnJoystream(VideoError):
    """The video is no longer on Joystream."""

    code = "gone_on_joystream"


class UploadedByHand(VideoError):
    """The creator has uploaded the same video to the Joystream channel already."""

    code = "uploaded_by_hand"


class NeverAccepted(VideoError):
    """The storage node took the file and never accepted it on chain."""

    code = "never_accepted"


class NoStorageNode(VideoError):
    """No storage node serves the channel's bag, or none of them answers."""

    code = "no_storage_node"


class AttributionMissing(VideoError):
    """The video is on chain, but the query node does not attribute it to the app."""

    code = "attribution_missing"


class CreationRefused(VideoError):
    """The chain refused the channel's batch for a reason that has no reaction of its own."""

    code = "creation_refused"


class TooLargeForJoystream(VideoError):
    """The file is larger than Joystream's storage takes."""

    code = "too_large_for_joystream"


class UploadingBlocked(VideoError):
    """Joystream's storage takes no new files at all just now."""

    code = "uploading_blocked"


class LaneDry(VideoError):
    """The collaborator's account cannot pay the fees and bonds: it must be funded."""

    code = "lane_dry"

    def __init__(self, text: str = "", *, needs: int = 0, has: int = 0) -> None:
        """`needs` and `has` in HAPI."""
        super().__init__(text)
        self.needs, self.has = needs, has


class FoundElsewhere(VideoError):
    """The same YouTube video is already on another Joystream channel."""

    code = "found_elsewhere"


class StaleFacts(VideoError):
    """A fee, a bond or the bag's bucket count changed between reading and inclusion: read anew and build
    again.
    """

    code = "stale_facts"


class ExtrinsicLost(VideoError):
    """The extrinsic was never included, and no longer can be."""

    code = "extrinsic_lost"


class QueryNodeBehind(VideoError):
    """The query node has not seen the channel's last video: signing now would lose the attribution."""

    code = "query_node_behind"


class ChannelTrouble(VideoError):
    """A fault of the whole channel: it is paused as `pause` says, and its videos wait where they are."""

    pause: ClassVar[Pause]


class JoystreamChannelGone(ChannelTrouble):
    """The Joystream channel was deleted."""

    code = "joystream_channel_gone"
    pause = Pause.JOYSTREAM_CHANNEL_GONE


class CollaboratorMissing(ChannelTrouble):
    """The Joystream channel no longer lets the service add videos."""

    code = "collaborator_missing"
    pause = Pause.COLLABORATOR_MISSING


class ChannelModerated(ChannelTrouble):
    """Joystream's moderators have paused what the service needs on the channel."""

    code = "channel_moderated"
    pause = Pause.MODERATED


class JoystreamStorageFull(ChannelTrouble):
    """The Joystream channel's storage limit is reached."""

    code = "joystream_storage_full"
    pause = Pause.STORAGE_FULL


class YouTubeChannelGone(ChannelTrouble):
    """YouTube no longer knows the channel."""

    code = "youtube_channel_gone"
    pause = Pause.YOUTUBE_CHANNEL_GONE
