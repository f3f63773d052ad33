"""The videos of the difficult channel: one for each way in which copying a video can fail or go wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

from ytsynch.devnet.youtube import formats
from ytsynch.devnet.youtube.catalogue import Draft, Live, Obstacle

_SCRIPTS = "Приёмник · 受信機 · المستقبِل · המקלט · रिसीवर · เครื่องรับ · 📻🦉 — naïve façade"
_LONG_TEXT = (
    "Log of everything we heard, hour by hour.\n"
    + "\n".join(f"{hour:04d} h · «тихо» · 雑音 · noise & hiss · 📡" for hour in range(1, 200))
)[:4987] + "\nThat is all."


def difficult_drafts(epoch: datetime) -> list[Draft]:
    """Newest first; the starts of coming events are counted from `epoch`."""
    return [*_publishable(), *_out_of_reach(), *_broadcasts(epoch), *_troublesome()]


def _publishable() -> list[Draft]:
    """Videos that must arrive, each with something that is easily lost on the way."""
    return [
        Draft("plain", "Tuning in", 2, {"itags": formats.FULL}),
        Draft("720p", "Only 720 lines left", 4, {"itags": formats.HD_ONLY}),
        Draft("vp9", "Full HD, but in VP9 only", 6, {"itags": formats.VP9_FULL_HD}),
        Draft("short", "Upright antenna #shorts", 8, {"is_vertical": True, "is_short": True, "seconds": 3}),
        Draft("4k", "Every pixel of the mast", 10, {"itags": formats.ULTRA_HD, "seconds": 2}),
        Draft("scripts", _SCRIPTS, 12, {"language": None}),
        Draft("long-description", "The complete log", 14, {"description": _LONG_TEXT}),
        Draft(
            "creative-commons",
            "Take this signal, it is yours",
            16,
            {"license": "creativeCommon", "category_id": "28", "made_for_kids": True, "paid_promotion": True},
        ),
        Draft(
            "subtitles",
            "Leise Stimmen, with words",
            18,
            {"subtitles": ("en", "de"), "automatic_captions": "de", "language": "de"},
        ),
        Draft("captions", "Only a machine wrote this down", 19, {"automatic_captions": "en"}),
        Draft("no-audio", "Silence, on purpose", 20, {"has_audio": False, "itags": (137, 136)}),
        Draft(
            "no-maxres",
            "A small thumbnail",
            22,
            {"has_large_thumbnail": False, "itags": (135, *formats.SOUND)},
        ),
        Draft("rate-limited", "Come back in a moment", 24, {"rate_limited_visits": 2}),
        Draft("bot-check", "Are you a machine?", 26, {"bot_checked_visits": 2}),
        Draft(
            "html-title",
            "Q&A: &lt;b&gt;, \"quotes\" & 'more', back\\slash, 100 %",
            28,
            {"itags": formats.LIGHT},
        ),
        Draft("empty-description", "No comment", 30, {"description": "", "itags": formats.LIGHT}),
    ]


def _out_of_reach() -> list[Draft]:
    """Videos that the public may not see, or no longer."""
    return [
        Draft("private", "For our eyes only", 32, {"privacy": "private", "expected": "skipped:Private"}),
        Draft("unlisted", "Not on the list", 34, {"privacy": "unlisted", "expected": "skipped:Unlisted"}),
        Draft(
            "removed",
            "Gone",
            36,
            {"obstacle": "removed", "is_listed_although_gone": True, "expected": "skipped:Deleted"},
        ),
        Draft(
            "removed-lately",
            "Gone while you were waiting",
            38,
            {
                "obstacle": "removed",
                "is_listed_although_gone": True,
                "is_shown_although_gone": True,
                "expected": "skipped:Deleted",
            },
        ),
        _blocked("members-only", "Thank you, members", 40, "members_only", "MembersOnly"),
        _blocked("paid", "The feature film", 42, "paid", "PaidOnly"),
        _blocked("age-restricted", "Not before ten at night", 44, "age_restricted", "AgeRestricted"),
        Draft(
            "geo-blocked",
            "Local reception only",
            46,
            {
                "obstacle": "geo_blocked",
                "blocked_countries": ("CH", "DE", "US"),
                "expected": "skipped:GeoBlocked",
            },
        ),
    ]


def _blocked(slug: str, title: str, days: float, obstacle: Obstacle, reason: str) -> Draft:
    return Draft(slug, title, days, {"obstacle": obstacle, "expected": f"skipped:{reason}"})


def _broadcasts(epoch: datetime) -> list[Draft]:
    """Live streams and premieres at every moment of their life."""
    soon, hour = "waiting:Upcoming", timedelta(hours=1)
    premiere_at, stream_at = epoch + 6.5 * hour, epoch + 48 * hour
    return [
        _event("live", "On air now", 0.1, "live", at=epoch - 2 * hour, expected="waiting:LiveNow"),
        _event("upcoming-live", "On air in two days", 1, "upcoming_live", at=stream_at, expected=soon),
        _event("upcoming-premiere", "First night", 0.5, "upcoming_premiere", at=premiere_at, expected=soon),
        _event(
            "finishing",
            "Off air a minute ago",
            0.2,
            "finishing",
            at=epoch - 5 * hour,
            expected="waiting:RecordingNotReady",
        ),
        _event(
            "recording", "Yesterday", 1.2, "recording", at=epoch - 30 * hour, expected="skipped:Recording"
        ),
    ]


def _event(slug: str, title: str, days: float, live: Live, *, at: datetime, expected: str) -> Draft:
    return Draft(slug, title, days, {"live": live, "starts_at": at, "expected": expected})


def _troublesome() -> list[Draft]:
    """Videos that play for a viewer and must not be published as they are."""
    return [
        Draft("empty", "Nothing recorded", 48, {"is_empty": True, "expected": "skipped:EmptyDownload"}),
        Draft(
            "too-long",
            "Forty hours of static",
            50,
            {"declared_seconds": 144_000, "expected": "skipped:TooLong"},
        ),
        Draft(
            "processing",
            "Fresh from the camera",
            0.05,
            {"upload_status": "uploaded", "itags": formats.LOW, "expected": "waiting:StillProcessing"},
        ),
    ]
