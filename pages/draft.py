"""A sign-up under way, kept in the session until it is finished."""

import secrets
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest

from pages.requirement_rows import rows
from ypp.admission import Candidate

KEY = "sign_up"
FRESH = timedelta(minutes=1)
"""How long a measurement is shown again without asking YouTube anew: its questions are rationed."""


@dataclass
class Draft:
    """`ticket` proves the admission to `ypp.sign_up.join`; `joystream_channel_id` is set once its owner is
    proved.
    """

    ticket: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    measured_at: str = ""
    youtube_id: str = ""
    title: str = ""
    handle: str = ""
    picture: str = ""
    subscribers: int | None = None
    videos: int = 0
    requirements: list[dict[str, Any]] = field(default_factory=list)
    is_admitted: bool = False
    joystream_channel_id: int | None = None
    joystream_title: str = ""

    @property
    def is_fresh(self) -> bool:
        return bool(self.measured_at) and datetime.now(UTC) - datetime.fromisoformat(self.measured_at) < FRESH

    def note(self, candidate: Candidate) -> None:
        """What was measured, as it is shown."""
        found = candidate.found
        self.measured_at = datetime.now(UTC).isoformat()
        self.youtube_id, self.title, self.handle = found.id, found.title, found.handle
        self.picture = found.thumbnails.get("medium") or found.thumbnails.get("default", "")
        self.subscribers, self.videos = found.subscribers, found.videos
        self.requirements, self.is_admitted = rows(candidate.checks), candidate.is_admitted


def load(request: HttpRequest) -> Draft | None:
    kept = request.session.get(KEY)
    return Draft(**kept) if kept else None


def save(request: HttpRequest, draft: Draft) -> None:
    request.session[KEY] = asdict(draft)


def discard(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
