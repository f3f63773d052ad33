"""What the simulated YouTube remembers: sign-ins, quota, faults, world changes. One JSON file."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ytsynch.devnet.youtube.catalogue import Video
from ytsynch.devnet.youtube.faults import Faults


@dataclass
class Code:
    """An authorization code: good once, for ten minutes, with the redirect URI it was given to."""

    google_user: str
    client_id: str
    redirect_uri: str
    scopes: list[str]
    expires_at: float
    gives_refresh_token: bool
    challenge: str | None = None
    challenge_method: str = "plain"
    is_used: bool = False


@dataclass
class Grant:
    """What a user allowed a client; stands for a refresh token or an access token."""

    google_user: str
    client_id: str
    scopes: list[str]
    #: Unix seconds; None for a refresh token.
    expires_at: float | None = None


@dataclass
class Consent:
    """How a user answers the consent page when a script asks with `prompt=none`."""

    denies: bool = False
    scopes: list[str] | None = None
    gives_refresh_token: bool = True


@dataclass
class Subscription:
    """A subscriber of the hub. `expires_at` in Unix seconds."""

    callback: str
    topic: str
    secret: str | None
    expires_at: float


@dataclass
class State:
    """Everything that a restart must find again."""

    #: When the world began: ages of videos and channels count from it.
    epoch: datetime
    serial: int = 0
    codes: dict[str, Code] = field(default_factory=dict)
    access_tokens: dict[str, Grant] = field(default_factory=dict)
    refresh_tokens: dict[str, Grant] = field(default_factory=dict)
    consents: dict[str, Consent] = field(default_factory=dict)
    #: Pacific day → units spent.
    quota_spent: dict[str, int] = field(default_factory=dict)
    quota_limit: int = 10_000
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    added_videos: list[Video] = field(default_factory=list)
    video_changes: dict[str, dict[str, Any]] = field(default_factory=dict)
    channel_changes: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Video id → visits of its watch page so far, for videos that turn the first visitors away.
    visits: dict[str, int] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)

    def next_secret(self, seed: int, purpose: str) -> str:
        """A new token, the same in every run that does the same."""
        self.serial += 1
        return blake2b(f"{seed} {purpose} {self.serial}".encode(), digest_size=24).hexdigest()

    def forget_changes(self) -> None:
        """Undo every fault and world change; sign-ins and subscriptions stay."""
        kept = {"epoch", "serial", "codes", "access_tokens", "refresh_tokens", "subscriptions"}
        fresh = State(epoch=self.epoch)
        for each in fields(State):
            if each.name not in kept:
                setattr(self, each.name, getattr(fresh, each.name))


_JSON = TypeAdapter(State)


class StateFile:
    """Keeps a `State` in a file, written whole and put in place at once; without a path it keeps nothing."""

    def __init__(self, path: Path | None, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Raises ValueError when the file is there and is not ours."""
        self._path = path
        self._written = b""
        if path and path.exists():
            try:
                self.state = _JSON.validate_json(path.read_bytes())
            except ValidationError as error:
                raise ValueError(f"{path} is damaged: remove it to begin anew") from error
        else:
            self.state = State(epoch=now().replace(microsecond=0))

    def save(self) -> None:
        """Write what has changed since the last call."""
        if self._path is None:
            return
        text = _JSON.dump_json(self.state, indent=1)
        if text == self._written:
            return
        part = self._path.with_suffix(".part")
        part.write_bytes(text)
        os.replace(part, self._path)
        self._written = text
