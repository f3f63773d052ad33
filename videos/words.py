"""What a creator reads about a video that is not on Joystream yet: what happened, who must act, what happens
next.

One entry for every code of every fault (`videos.errors`, `ytsynch.youtube.errors`,
`ytsynch.joystream.errors`) and for every pause of a channel. A raw text of the other side is never shown: it
is for staff.
"""

from dataclasses import dataclass
from enum import StrEnum

from channels.models import Pause


class Actor(StrEnum):
    """Who can do something about it."""

    NOBODY = "nobody"
    CREATOR = "creator"
    OPERATOR = "operator"


@dataclass(frozen=True)
class Words:
    happened: str
    actor: Actor
    next: str


def _by_itself(happened: str, next: str = "It is tried again by itself.") -> Words:
    return Words(happened, Actor.NOBODY, next)


def _creator(happened: str, next: str) -> Words:
    return Words(happened, Actor.CREATOR, next)


def _operator(happened: str, next: str = "The operators look at it; you need not do anything.") -> Words:
    return Words(happened, Actor.OPERATOR, next)


UNEXPECTED = _operator("Something went wrong that nobody foresaw.")

_MAKE_PUBLIC = "Make it public on YouTube if you want it on Joystream; it is then brought over."
_LOCAL_TROUBLE = "The service has trouble of its own at the moment."
_NODE_SILENT = "The Joystream network did not answer."
_STORAGE_REFUSES = "Joystream's storage did not take the file."
_SIGN_IN = "Sign in with Google again to renew it."

WORDS: dict[str, Words] = {
    # YouTube does not give the video out
    "video_refused": _creator(
        "YouTube does not give this video out.", "Check on YouTube that everybody can watch it."
    ),
    "video_private": _creator("The video is private on YouTube.", _MAKE_PUBLIC),
    "video_unlisted": _creator("The video is unlisted on YouTube.", _MAKE_PUBLIC),
    "video_deleted": _by_itself("The video was removed from YouTube.", "It cannot be brought over any more."),
    "channel_terminated": _creator(
        "YouTube has closed the account that the video belongs to.",
        "Settle it with YouTube; then write to us.",
    ),
    "video_unavailable": _creator(
        "YouTube says that the video is unavailable, and not why.",
        "Check on YouTube that everybody can watch it.",
    ),
    "members_only": _creator("The video is for paying members of your channel.", _MAKE_PUBLIC),
    "paid_only": _creator("The video must be paid for on YouTube.", _MAKE_PUBLIC),
    "age_restricted": _creator(
        "YouTube shows the video to signed-in adults only.",
        "It is brought over if you lift the age restriction.",
    ),
    "geo_blocked": _creator(
        "YouTube does not show the video in the countries that we can reach.",
        "It is brought over if you make it available everywhere.",
    ),
    "drm_protected": _by_itself("YouTube protects the video against copying.", "It cannot be brought over."),
    "recording_refused": _by_itself(
        "It is the recording of a live stream, and recordings are not brought over.",
        "Nothing more happens with it.",
    ),
    "unknown_refusal": _operator("YouTube refuses the video for a reason that we do not know yet."),
    "upload_failed_on_youtube": _creator(
        "YouTube itself could not use the upload.",
        "Upload the video to YouTube again; the new one is brought over.",
    ),
    # limits
    "over_limit": _by_itself("The video is over a limit of this service.", "It is not brought over."),
    "too_large": _by_itself("The video's file is larger than this service takes.", "It is not brought over."),
    "too_long": _by_itself("The video is longer than this service takes.", "It is not brought over."),
    "too_large_for_joystream": _by_itself(
        "The video's file is larger than Joystream's storage takes.", "It is not brought over."
    ),
    "beyond_tier_cap": _creator(
        "Your channel's tier brings over so many older videos and no more.",
        "A higher tier brings more of them; new uploads are not affected.",
    ),
    # not yet
    "not_yet": _by_itself("The video is not ready on YouTube yet."),
    "live_now": _by_itself("The video is being broadcast live.", "We look again when the stream is over."),
    "live_upcoming": _by_itself("The live stream has not begun.", "We look again an hour after its start."),
    "premiere_upcoming": _by_itself("The premiere has not begun.", "We look again an hour after its start."),
    "still_processing": _by_itself("YouTube is still preparing the video.", "We look again in a while."),
    "recording_not_ready": _by_itself(
        "YouTube is still preparing the recording.", "We look again in a while."
    ),
    # the way from YouTube to us
    "network_trouble": _by_itself("YouTube could not be reached."),
    "youtube_unreachable": _by_itself("YouTube could not be reached."),
    "address_blocked": _by_itself("YouTube turns our download away just now; your video is fine."),
    "no_free_address": _by_itself("Our ways to YouTube are all in use or resting."),
    "verdict_in_doubt": _by_itself("YouTube turned our download away; we make sure before we believe it."),
    "proxy_unreachable": _by_itself("Our way to YouTube is interrupted; your video is fine."),
    "download_stopped": _by_itself("The download stopped before its end."),
    "download_stalled": _by_itself("The download from YouTube stood still."),
    "download_timed_out": _by_itself("The download from YouTube took longer than it may."),
    "download_cancelled": _by_itself("The download was stopped by the service.", "It goes on by itself."),
    "bad_file": _by_itself("The downloaded file cannot be used."),
    "empty_download": _by_itself("YouTube gave an empty file."),
    "damaged_download": _by_itself("The downloaded file was not complete."),
    "postprocessing_failed": _operator("Picture and sound of the video could not be put together."),
    "tool_paused": _operator(
        "YouTube has changed something that our download does not understand yet; your video is fine.",
        "The operators mend it; it then goes on by itself.",
    ),
    "tool_broken": _operator("YouTube has changed something that our download does not understand yet."),
    "local_disk_trouble": _operator(_LOCAL_TROUBLE),
    # Google's API
    "quota_exceeded": _by_itself(
        "Today's share of questions to YouTube is used up.", "It goes on at midnight in California."
    ),
    "api_unavailable": _by_itself("YouTube's programming interface does not answer."),
    "api_answer_invalid": _by_itself("YouTube's programming interface gave an answer that makes no sense."),
    "google_unavailable": _by_itself("Google's sign-in does not answer."),
    "youtube_error": _operator("YouTube answered with an error."),
    "api_refused": _operator("YouTube's programming interface refused our question."),
    "api_key_refused": _operator("Google does not accept this service's key."),
    "client_refused": _operator("Google does not accept this service's sign-in."),
    "channel_not_found": _creator(
        "YouTube does not show your channel.", "Check on YouTube that it is public; then write to us."
    ),
    "no_channel": _creator("Your Google account has no YouTube channel.", "Sign in with the one that has."),
    "playlist_not_found": _by_itself("YouTube does not show your channel's uploads."),
    "feed_silent": _by_itself("YouTube's feed of your channel says nothing just now."),
    "hub_unavailable": _by_itself("YouTube does not announce new uploads just now; they are looked for."),
    "hub_refused": _operator("YouTube does not let us follow your channel's uploads; they are looked for."),
    # the creator's permission
    "sign_in_error": _creator("The sign-in with Google did not work.", "Try again."),
    "wrong_code": _creator(
        "Google did not accept the sign-in: it was too old, or used before.", "Sign in again."
    ),
    "grant_revoked": _creator("You have taken our permission at Google back.", _SIGN_IN),
    "grant_expired": _creator("Our permission at Google has ended.", _SIGN_IN),
    "scope_missing": _creator(
        "Google did not give us all that we asked you for.", "Sign in again and tick every box."
    ),
    "email_not_verified": _creator(
        "Google has not verified your e-mail address.", "Verify it at Google; then try again."
    ),
    # Joystream's chain
    "JOYSTREAM_ERROR": _operator("Joystream answered with an error."),
    "NODE_UNAVAILABLE": _by_itself(_NODE_SILENT),
    "STATE_DISCARDED": _by_itself(_NODE_SILENT),
    "RUNTIME_CHANGED": _operator(
        "Joystream was upgraded, and this service must be checked against it first."
    ),
    "EXTRINSIC_REFUSED": _by_itself("Joystream did not take our transaction."),
    "EVENTS_DO_NOT_ADD_UP": _operator("Joystream's answer to our transaction is not clear."),
    "wrong_app_key": _operator("This service's app is not set up rightly on Joystream."),
    "unknown_lane": _operator("This service lacks the key that it publishes with."),
    "stale_facts": _by_itself("A price on Joystream changed in the very moment of publishing."),
    "extrinsic_lost": _by_itself("Our transaction did not reach Joystream in time."),
    "creation_refused": _by_itself("Joystream refused to create the video."),
    "lane_dry": _operator("This service's account on Joystream must be funded before it can go on."),
    "found_elsewhere": _operator("The same video is on another Joystream channel already."),
    "uploaded_by_hand": _by_itself(
        "You have uploaded the same video to your Joystream channel yourself.",
        "Yours stays as it is; we bring no second one.",
    ),
    "change_not_allowed": _creator(
        "Your Joystream channel does not let this service change its videos.",
        "Give our member the permission to update, or to delete, videos; it then goes on by itself.",
    ),
    "gone_on_joystream": _by_itself("The video was removed on Joystream.", "It is not brought over again."),
    "attribution_missing": _operator("The video is on Joystream, but not shown as coming from YouTube."),
    # Joystream's query node and storage
    "QUERY_NODE_NOT_CONNECTED": _by_itself("Joystream's index does not answer."),
    "query_node_behind": _by_itself("Joystream's index has not caught up yet.", "It goes on in a moment."),
    "STORAGE_ERROR": _by_itself(_STORAGE_REFUSES),
    "STORAGE_UNAVAILABLE": _by_itself("Joystream's storage does not answer."),
    "STORAGE_UPLOADS_BLOCKED": _by_itself("Joystream's storage takes no uploads at the moment."),
    "STORAGE_OBJECT_UNKNOWN": _by_itself(
        "Joystream's storage has not heard of the video yet.", "It goes on in a moment."
    ),
    "STORAGE_ALREADY_STORED": _by_itself(
        "Joystream's storage has the file already.", "It goes on in a moment."
    ),
    "STORAGE_FILE_REJECTED": _by_itself(_STORAGE_REFUSES),
    "uploading_blocked": _by_itself("Joystream's storage takes no new files at the moment."),
    "no_storage_node": _by_itself("No storage node of Joystream serves your channel at the moment."),
    "never_accepted": _by_itself(
        "A storage node took the file and never confirmed it.", "Another one is tried."
    ),
    "FAUCET_UNAVAILABLE": _by_itself("Joystream's faucet does not answer.", "Try again later."),
    "FAUCET_REFUSED": _creator("Joystream's faucet refused the membership.", "Its own message says why."),
    # ours
    "media_store_away": _by_itself("Our own store of videos does not answer at the moment."),
    "media_store_full": _by_itself(
        "The service's disk is full of videos on their way.", "It goes on when some have arrived."
    ),
    "file_lost": _by_itself("The downloaded file was lost.", "It is downloaded again."),
    "file_changed": _operator("The video on YouTube is no longer the one that was announced on Joystream."),
    "poison": _operator("The video makes our programs fail."),
    "skipped_by_staff": _operator(
        "The operators decided not to bring the video over.",
        "Write to us if you think that they are mistaken.",
    ),
    "unexpected": UNEXPECTED,
    # the whole channel
    "joystream_channel_gone": _creator(
        "Your Joystream channel was deleted.", "Make a new one and sign up with it, if you want to go on."
    ),
    "collaborator_missing": _creator(
        "Your Joystream channel does not let this service add videos.",
        "Add our member as a collaborator that may add videos; it then goes on by itself.",
    ),
    "channel_moderated": _creator(
        "Joystream's moderators have paused your channel.", "Settle it with them; it then goes on by itself."
    ),
    "joystream_storage_full": _creator(
        "Your Joystream channel's storage is full.",
        "Delete videos there, or ask Joystream for more; it then goes on by itself.",
    ),
    "youtube_channel_gone": _creator(
        "YouTube does not know your channel any more.", "If it comes back, write to us."
    ),
}

PAUSES: dict[Pause, Words] = {
    Pause.BY_CREATOR: _creator("You have paused the sync.", "It goes on when you resume it."),
    Pause.BY_STAFF: _operator(
        "The operators have paused the sync of your channel.", "They resume it, or write to you."
    ),
    Pause.LEFT: _creator("You have left the programme.", "Sign up again to go on where it stopped."),
    Pause.SUSPENDED: _operator(
        "Your channel is suspended.", "The letter that you got says why and what you can do."
    ),
    Pause.COLLABORATOR_MISSING: WORDS["collaborator_missing"],
    Pause.STORAGE_FULL: WORDS["joystream_storage_full"],
    Pause.MODERATED: WORDS["channel_moderated"],
    Pause.JOYSTREAM_CHANNEL_GONE: WORDS["joystream_channel_gone"],
    Pause.YOUTUBE_CHANNEL_GONE: WORDS["youtube_channel_gone"],
}


def of(code: str) -> Words:
    """The words for a fault's code; those for the unexpected, for a code without any."""
    return WORDS.get(code, UNEXPECTED)


def of_pause(pause: Pause) -> Words:
    """The words for a pause. Raises KeyError for none."""
    return PAUSES[pause]
