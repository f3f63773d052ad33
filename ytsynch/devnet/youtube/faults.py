"""Faults of the simulated YouTube that the control port sets. All are off in a fresh world."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

#: What YouTube does to an address it distrusts.
Block = Literal["bot_check", "rate_limited", "http_403", "http_429", "only_360p", "other_video"]


@dataclass
class MediaFault:
    """How the media servers misbehave: after `after_bytes` of each answer they stop, cut, or go on slowly.

    `times` answers are spoilt (None: all of them) of `video_id` (None: of every video).
    """

    kind: Literal["stall", "cut", "slow", "refuse"]
    after_bytes: int = 0
    bytes_per_second: int = 0
    video_id: str | None = None
    times: int | None = None


@dataclass
class Faults:
    is_api_down: bool = False
    is_sign_in_down: bool = False
    is_feed_missing: bool = False
    is_feed_empty: bool = False
    is_hub_down: bool = False
    #: The player's answer has another form than the tools of today know.
    is_player_changed: bool = False
    media: MediaFault | None = None
    #: Number of the proxy (0: the main port) → what it suffers.
    blocked_proxies: dict[int, Block] = field(default_factory=dict)

    def media_fault_for(self, video_id: str) -> MediaFault | None:
        """The fault that spoils this answer, if any; counts it."""
        fault = self.media
        if fault is None or fault.video_id not in (None, video_id) or fault.times == 0:
            return None
        if fault.times is not None:
            fault.times -= 1
        return fault
