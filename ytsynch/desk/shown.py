"""How times, sizes and words are shown in the admin: in lists, on pages and on the dashboard alike."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince


def when(moment: datetime | None) -> SafeString | str:
    """A time as people say it («3 minutes ago», «in 2 hours»), with the exact one on hovering."""
    if moment is None:
        return "–"
    now = timezone.now()
    if abs(moment - now) < timedelta(minutes=1):
        words = "in a moment" if moment > now else "just now"
    elif moment > now:
        words = f"in {timesince(now, moment, depth=1)}"
    else:
        words = f"{timesince(moment, now, depth=1)} ago"
    exact = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}" class="desk-nowrap">{}</time>',
        moment.isoformat(),
        f"{exact:%Y-%m-%d %H:%M:%S} UTC",
        words,
    )


def badge(text: str, colour: str = "grey") -> SafeString:
    """A word in a coloured box. Colours: green, blue, yellow, red, grey."""
    return format_html('<span class="desk-badge desk-{}">{}</span>', colour, text)


def link(address: str, text: str) -> SafeString:
    return format_html('<a class="desk-link" href="{}">{}</a>', address, text)


def outward(address: str, text: str) -> SafeString:
    """A link that leaves the admin."""
    return format_html(
        '<a class="desk-link" href="{}" target="_blank" rel="noopener noreferrer">{} ↗</a>', address, text
    )


def bytes_(size: int | None) -> str:
    """A size as people say it: decimal units, as disks and networks are sold."""
    if size is None:
        return "–"
    value = float(size)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def span(seconds: float | None) -> str:
    """A length of time as a clock shows it: 1:02:03."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
