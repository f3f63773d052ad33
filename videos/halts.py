"""Why nobody's videos move at the moment, or part of their way is closed: what creators read above everything
else (mission H2).
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from channels import switches
from channels.models import Lane
from videos import quota, words
from videos.errors import ToolPaused
from videos.models import QuotaDay, ToolStanding, Video
from videos.pipeline import tool
from videos.states import State
from videos.words import Actor, Words


@dataclass(frozen=True)
class Halt:
    """Something that holds everybody up. `ends_at` is None where nobody can say."""

    words: Words
    ends_at: datetime | None = None


_KEEPS = "Every video keeps its place in the queue, and it goes on by itself."


def for_everybody() -> list[Halt]:
    """What holds everybody up now. A few small queries."""
    found = []
    notice = switches.notice()
    if notice is not None:
        found.append(Halt(Words(f"Sync is paused for everybody: {notice}", Actor.OPERATOR, _KEEPS)))
    elif not settings.CONFIG.sync.enable:
        found.append(Halt(Words("The operators have paused the sync for everybody.", Actor.OPERATOR, _KEEPS)))
    if _is_quota_spent():
        found.append(Halt(words.of("quota_exceeded"), quota.resumes_at()))
    if _is_tool_broken():
        found.append(Halt(words.of(ToolPaused.code)))
    if Lane.objects.exists() and not Lane.objects.filter(paused_reason="").exists():
        text = "Nothing can be published on Joystream at the moment."
        found.append(Halt(Words(text, Actor.OPERATOR, _KEEPS)))
    elif Video.objects.filter(state=State.DOWNLOADED, held="", reason="lane_dry").exists():
        found.append(Halt(words.of("lane_dry")))
    return found


def _is_tool_broken() -> bool:
    """Whether every version of the tool that is in use is broken."""
    standings = {row.standing for row in tool.in_use()}
    return standings == {ToolStanding.BROKEN}


def _is_quota_spent() -> bool:
    today = QuotaDay.objects.filter(day=quota.quota_day()).first()
    if today is None:
        return False
    return today.exhausted_at is not None or today.sync_used >= quota.limit_of(quota.Purpose.SYNC)
