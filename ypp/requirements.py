"""What the programme asks of a YouTube channel, measured and judged in one place: for Atlas, for our own
pages and for staff.

Counting is cheap on quota: an uploads listing is newest first, so a page or two tells how many videos are too
young, and the rest of the total is old enough.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from channels.errors import Refused
from channels.models import App
from ypp import whitelist
from ypp.models import Requirement
from ytsynch.joystream.query_node import QnChannel
from ytsynch.youtube.data_api import DataApi, YouTubeChannel
from ytsynch.youtube.errors import PlaylistNotFound

MONTH = timedelta(days=30)

MOST_PAGES = 10
"""Pages of 50 videos that are looked at; a channel that uploads more than that within the time asked for
passes.
"""

SUBSCRIBERS = "CHANNEL_CRITERIA_UNMET_SUBSCRIBERS"
VIDEOS = "CHANNEL_CRITERIA_UNMET_VIDEOS"
AGE = "CHANNEL_CRITERIA_UNMET_CREATION_DATE"
NEW_VIDEOS = "CHANNEL_CRITERIA_UNMET_NEW_VIDEOS_REQUIREMENT"
JOYSTREAM = "JOYSTREAM_CHANNEL_CRITERIA_UNMET_"

Measure = int | datetime | str


@dataclass(frozen=True)
class Measured:
    """What a YouTube channel has: `old_videos` are old enough to count, `new_videos` are of the months
    considered. `subscribers` is None where the channel hides their number.
    """

    subscribers: int | None
    opened_at: datetime
    old_videos: int
    new_videos: int


@dataclass(frozen=True)
class Check:
    """One requirement and what was measured. `code` names it when it is not met."""

    code: str
    message: str
    measured: Measure
    required: Measure
    is_met: bool


class RequirementsUnmet(Refused):
    """The channel does not have what the programme asks for; `checks` are those that failed."""

    code: ClassVar[str | None] = None

    def __init__(self, checks: list[Check]) -> None:
        super().__init__(" ".join(check.message for check in checks))
        self.checks = checks


HIDDEN = "hidden"
"""What is measured of a number that the channel's owner hides."""


def checks_of(found: YouTubeChannel, rule: Requirement, api: DataApi) -> list[Check]:
    """Everything that is asked of the channel, met or not; nothing of one whose handle is whitelisted.

    Raises what `DataApi` raises.
    """
    if whitelist.holds(found.handle):
        return []
    now = datetime.now(UTC)
    return evaluate(rule, measure(api, found, rule, now=now), now=now)


def measure(api: DataApi, channel: YouTubeChannel, rule: Requirement, *, now: datetime) -> Measured:
    """Read of the channel's uploads what the rule needs: two units of quota a page, usually one page, none if
    nothing is asked.
    """
    old_since = now - timedelta(hours=rule.min_video_age_hours)
    new_since = now - MONTH * rule.months_considered
    uploads = Uploads((), is_whole=True)
    if rule.min_new_videos_a_month:
        uploads = _uploads(api, channel, until=min(old_since, new_since))
    elif rule.min_videos:
        uploads = _uploads(api, channel, until=old_since)
    young = sum(date > old_since for date in uploads.dates)
    # YouTube counts the public videos only, as we do.
    in_all = len(uploads.dates) if uploads.is_whole else channel.videos
    return Measured(
        subscribers=channel.subscribers,
        opened_at=channel.published_at,
        old_videos=max(in_all - young, 0),
        new_videos=sum(date > new_since for date in uploads.dates),
    )


@dataclass(frozen=True)
class Uploads:
    """Dates of publication of a channel's public videos, newest first; `is_whole` when that is all."""

    dates: tuple[datetime, ...]
    is_whole: bool


def _uploads(api: DataApi, channel: YouTubeChannel, *, until: datetime) -> Uploads:
    """The uploads to the page that reaches back beyond `until`."""
    dates: list[datetime] = []
    token: str | None = None
    for _ in range(MOST_PAGES):
        try:
            listing = api.uploads_page(channel.uploads_playlist_id, token)
        except PlaylistNotFound:  # a channel without uploads has no playlist
            return Uploads(tuple(dates), is_whole=True)
        # the owner's own permission lists what others do not see
        page = [
            v.published_at for v in api.videos(listing.video_ids).values() if v.privacy_status == "public"
        ]
        dates += page
        token = listing.next_page_token
        if token is None:
            return Uploads(tuple(dates), is_whole=True)
        if page and min(page) < until:
            break
    return Uploads(tuple(dates), is_whole=False)


def evaluate(rule: Requirement, measured: Measured, *, now: datetime) -> list[Check]:
    """Every requirement on the YouTube channel that the rule makes, met or not."""
    checks = []
    if rule.min_subscribers:
        checks.append(_enough_subscribers(measured.subscribers, rule.min_subscribers))
    if rule.min_videos:
        age = f" older than {span(rule.min_video_age_hours)}" if rule.min_video_age_hours else ""
        checks.append(_at_least(VIDEOS, ("video", age), measured.old_videos, rule.min_videos))
    if rule.min_channel_age_hours:
        checks.append(_opened_before(measured.opened_at, rule.min_channel_age_hours, now))
    if rule.min_new_videos_a_month:
        within = f" in {span(rule.months_considered * 30 * 24)}"
        required = rule.min_new_videos_a_month * rule.months_considered
        checks.append(_at_least(NEW_VIDEOS, ("new video", within), measured.new_videos, required))
    return checks


MayPublish = Callable[[int, int], bool]
"""Whether on the Joystream channel the member may add videos. Raises `NodeUnavailable`."""


def evaluate_joystream_channel(
    rule: Requirement, channel: QnChannel, *, app: App, may_publish: MayPublish
) -> list[Check]:
    """Every requirement on the Joystream channel that the rule makes, met or not. The chain is asked only
    where the rule wants to know. Raises what `may_publish` raises.
    """
    checks = _about_itself(rule, channel)
    if rule.needs_collaborator:
        member_id = app.lane.member_id
        is_allowed = may_publish(channel.id, member_id)
        verb = "lets" if is_allowed else "needs to let"
        checks.append(
            Check(
                code=JOYSTREAM + "COLLABORATOR",
                message=f"The Joystream channel {verb} our member {member_id} add videos, as a collaborator.",
                measured="allowed" if is_allowed else "not allowed",
                required="allowed",
                is_met=is_allowed,
            )
        )
    return checks


def _about_itself(rule: Requirement, channel: QnChannel) -> list[Check]:
    wanted = (
        (rule.needs_title, "TITLE", "title", bool(channel.title)),
        (rule.needs_description, "DESCRIPTION", "description", bool(channel.description)),
        (rule.needs_avatar, "AVATAR", "avatar", channel.avatar is not None),
        (rule.needs_cover, "COVER", "cover picture", channel.cover is not None),
    )
    return [
        Check(
            code=JOYSTREAM + code,
            message=f"The Joystream channel {'has' if is_there else 'needs'} a {name}.",
            measured="set" if is_there else "not set",
            required="set",
            is_met=is_there,
        )
        for is_asked_for, code, name, is_there in wanted
        if is_asked_for
    ]


def require(checks: list[Check]) -> None:
    """Raises `RequirementsUnmet` with the checks that failed."""
    unmet = [check for check in checks if not check.is_met]
    if unmet:
        raise RequirementsUnmet(unmet)


@dataclass(frozen=True)
class Template:
    """A requirement in words, before anything is measured: `text` has a `{}` for each of `variables`."""

    code: str
    text: str
    variables: tuple[str, ...]


def templates(rule: Requirement) -> list[Template]:
    """What the rule asks for, in words."""
    old = "YouTube channel has at least {}, all published at least {} ago."
    age = (span(rule.min_video_age_hours),) if rule.min_video_age_hours else ()
    found = (
        (
            rule.min_subscribers,
            SUBSCRIBERS,
            "YouTube channel has at least {}.",
            (_count(rule.min_subscribers, "subscriber"),),
        ),
        (
            rule.min_videos,
            VIDEOS,
            old if age else "YouTube channel has at least {}.",
            (_count(rule.min_videos, "video"), *age),
        ),
        (
            rule.min_channel_age_hours,
            AGE,
            "YouTube channel needs to be older than {}.",
            (span(rule.min_channel_age_hours),),
        ),
        (
            rule.min_new_videos_a_month,
            NEW_VIDEOS,
            "YouTube channel has at least {} a month.",
            (_count(rule.min_new_videos_a_month, "new video"),),
        ),
    )
    return [Template(code, text, variables) for is_asked_for, code, text, variables in found if is_asked_for]


def span(hours: int) -> str:
    """A time as people say it: `3 months`, `10 days`, `5 hours`."""
    for size, unit in ((30 * 24, "month"), (24, "day"), (1, "hour")):
        if hours % size == 0 and hours >= size:
            count = hours // size
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return "0 hours"


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number} {what}s"


def _enough_subscribers(measured: int | None, required: int) -> Check:
    if measured is not None:
        return _at_least(SUBSCRIBERS, ("subscriber", ""), measured, required)
    return Check(
        code=SUBSCRIBERS,
        message=(
            "The YouTube channel hides how many subscribers it has, so they cannot be counted; "
            f"it needs {required}. Please show the number in the settings of your channel on YouTube."
        ),
        measured=HIDDEN,
        required=required,
        is_met=False,
    )


def _at_least(code: str, what: tuple[str, str], measured: int, required: int) -> Check:
    """`what` is the one thing that is counted, and what is said behind it."""
    one, behind = what
    return Check(
        code=code,
        message=f"The YouTube channel has {_count(measured, one)}{behind}; it needs {required}.",
        measured=measured,
        required=required,
        is_met=measured >= required,
    )


def _opened_before(opened_at: datetime, hours: int, now: datetime) -> Check:
    latest = now - timedelta(hours=hours)
    return Check(
        code=AGE,
        message=(
            f"The YouTube channel was opened on {opened_at.astimezone(UTC):%Y-%m-%d}; "
            f"it needs to be older than {span(hours)}."
        ),
        measured=opened_at,
        required=latest,
        is_met=opened_at <= latest,
    )
