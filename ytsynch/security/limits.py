"""How often somebody may try something: counted in the database, so it holds for all processes together.

    if seconds := SIGN_UPS.take(network_of(request)):
        …  # too often: try again in so many seconds

A try is one statement, so many at the same instant get no more than one after the other.
"""

import ipaddress
import math
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import cast

from django.db import connection
from django.db.models.functions import Now
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from ytsynch.models import Tries

_IDENTIFIER = BaseThrottle()

_COUNT = """
    INSERT INTO ytsynch_tries AS old (key, count, ends_at)
    VALUES (%(key)s, 1, now() + make_interval(secs => %(seconds)s))
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN old.ends_at <= now() THEN 1 ELSE old.count + 1 END,
        ends_at = CASE WHEN old.ends_at <= now() THEN excluded.ends_at ELSE old.ends_at END
    RETURNING count, extract(epoch FROM ends_at - now())
"""


@dataclass(frozen=True)
class Limit:
    """`most` tries `within` a time that begins with the first of them."""

    name: str
    most: int
    within: timedelta

    def take(self, who: str) -> int:
        """Count a try. 0 when it may go ahead, else the seconds until the next one may."""
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, {"key": self._key(who), "seconds": self.within.total_seconds()})
            count, seconds = cursor.fetchone()
        return 0 if count <= self.most else max(1, math.ceil(seconds))

    def clear(self, who: str) -> None:
        """Forget the tries: the last one has shown that they were meant well."""
        Tries.objects.filter(pk=self._key(who)).delete()

    def _key(self, who: str) -> str:
        return sha256(f"{self.name}\0{who}".encode()).hexdigest()


SIGN_UPS = Limit("sign-up", most=60, within=timedelta(hours=1))
"""A sign-up costs quota that all creators share, so one network has only so many of them."""


def forget_old() -> None:
    """Remove what no longer counts."""
    Tries.objects.filter(ends_at__lte=Now()).delete()


def network_of(request: HttpRequest | Request) -> str:
    """Whose request it is, as far as an address tells; an IPv6 customer has a whole /64 of them.

    Proxies are believed as `NUM_PROXIES` of REST_FRAMEWORK says.
    """
    address = _IDENTIFIER.get_ident(cast(Request, request)) or ""  # it reads what Django's request has too
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))


class Throttle(BaseThrottle):
    """A limit for views of the API, for each network on its own."""

    limit: Limit

    def allow_request(self, request: Request, view: object) -> bool:
        self._seconds = self.limit.take(network_of(request))
        return not self._seconds

    def wait(self) -> float:
        return self._seconds
