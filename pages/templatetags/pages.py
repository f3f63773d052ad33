"""How times, lengths and persons are written on the pages."""

from datetime import datetime, timedelta

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from payments import money
from videos.words import Actor

register = template.Library()

WHO = {
    Actor.NOBODY: "Nothing to do",
    Actor.CREATOR: "Up to you",
    Actor.OPERATOR: "Up to us",
}


@register.filter
def who(actor: Actor) -> str:
    """Who must act."""
    return WHO[actor]


@register.filter
def joy(hapi: int) -> str:
    """An amount in JOY, exact."""
    return money.joy(hapi)


@register.filter
def clock(seconds: int) -> str:
    """A length as players show it: `4:05`, `1:02:03`."""
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute}:{second:02}"


@register.filter
def expected(at: datetime) -> str:
    """An expected time no more exactly than it is known: `in about 5 minutes`, `in about 3 hours`, `around 24
    November`.
    """
    left = at - timezone.now()
    if left < timedelta(seconds=50):
        return "in a moment"
    minutes = round(left.total_seconds() / 60)
    if minutes < 60:
        return f"in about {_several(minutes, 'minute')}"
    if left < timedelta(hours=36):
        return f"in about {_several(round(minutes / 60), 'hour')}"
    return f"around {date_format(at, 'j F')}"


def _several(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


@register.simple_tag
def moment(at: datetime) -> SafeString:
    """A time in UTC; a browser with scripts writes it in the reader's own."""
    text = f"{date_format(at, 'j F Y')}, {at:%H:%M} UTC"
    return format_html(
        '<time datetime="{}" data-local="moment">{}</time>', at.isoformat(timespec="seconds"), text
    )


@register.simple_tag
def day(at: datetime) -> SafeString:
    """A date; a browser with scripts writes that of the reader's own time zone."""
    return format_html(
        '<time datetime="{}" data-local="day">{}</time>',
        at.isoformat(timespec="seconds"),
        date_format(at, "j F Y"),
    )


@register.simple_tag(takes_context=True)
def list_page(context: Context, number: int) -> str:
    """The address of another page of the list, narrowed as it is."""
    query = context["request"].GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}#videos"
