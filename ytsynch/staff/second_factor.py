"""The second factor of staff who come in with a password: a code that an app makes anew every half minute
(RFC 6238), or one of ten recovery codes, each good once.

django-otp keeps both and sees to it that a code is never good twice, even at the same instant. How often
somebody may try is ours to limit, for all ways of trying together.
"""

import secrets
from datetime import timedelta

import segno
import structlog
from django.contrib.auth.models import User
from django.db import transaction
from django_otp import match_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from ytsynch.security.limits import Limit
from ytsynch.staff import record, sessions

log = structlog.get_logger(__name__)

TRIES = Limit("second factor", most=6, within=timedelta(minutes=15))
"""Of one account: six of a million codes, with the password known already."""

RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of recovery codes: nothing that reads like something else."""


class TooManyTries(Exception):
    """So many that the next one is not looked at."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"Too many tries. The next one is looked at in {max(1, round(seconds / 60))} minutes."
        )


def is_set_up(user: User) -> bool:
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def draft(user: User) -> TOTPDevice:
    """The key that the user's app is to learn. It counts for nothing until `confirm`."""
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "app"})
    return device


def picture(device: TOTPDevice) -> str:
    """The key as a QR code: SVG to be put into a page."""
    drawn: str = segno.make(device.config_url, error="m").svg_inline(
        scale=5, border=4, light="#fff", title="QR code with the key", svgclass="desk-qr", lineclass=None
    )
    return drawn


@transaction.atomic
def confirm(user: User, code: str) -> tuple[Device, list[str]] | None:
    """The app has learnt the key: from now on its codes count. Returns the device, and recovery codes that
    nobody sees a second time; None for a wrong code. Raises `TooManyTries`.
    """
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    _take_a_try(user)
    if device is None or is_set_up(user) or not device.verify_token(_plain(code)):
        return None
    TRIES.clear(str(user.pk))
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    record.note(user, "second_factor.set_up", "Set up the second factor")
    return device, _make_recovery_codes(user)


def check(user: User, code: str) -> Device | None:
    """The device whose code this is; it is used up. None for a wrong code. Raises `TooManyTries`."""
    _take_a_try(user)
    device = match_token(user, _plain(code))
    if device is None:
        log.warning("second_factor.wrong", user=user.pk)
        return None
    TRIES.clear(str(user.pk))
    if isinstance(device, StaticDevice):
        left = device.token_set.count()
        record.note(
            user, "second_factor.recovery_code", f"Used a recovery code; {left} are left", codes_left=left
        )
    return device


def recovery_codes_left(user: User) -> int:
    return int(StaticToken.objects.filter(device__user=user, device__confirmed=True).count())


@transaction.atomic
def renew_recovery_codes(user: User) -> list[str]:
    """Ten new ones. The old ones are good for nothing from now on."""
    record.note(user, "second_factor.recovery_codes", "Had new recovery codes made")
    return _make_recovery_codes(user)


@transaction.atomic
def reset(user: User, *, by: str) -> None:
    """Forget the user's second factor and end every session: the next sign-in sets up a new one."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    sessions.end_all(user, by=by)
    log.warning("second_factor.reset", user=user.pk, by=by)


def _make_recovery_codes(user: User) -> list[str]:
    device, _ = StaticDevice.objects.get_or_create(user=user, name="recovery codes")
    device.token_set.all().delete()
    codes = ["".join(secrets.choice(LETTERS) for _ in range(12)) for _ in range(RECOVERY_CODES)]
    device.token_set.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return ["-".join((code[:4], code[4:8], code[8:])) for code in codes]


def _take_a_try(user: User) -> None:
    if seconds := TRIES.take(str(user.pk)):
        log.warning("second_factor.too_many_tries", user=user.pk, again_in_seconds=seconds)
        raise TooManyTries(seconds)


def _plain(code: str) -> str:
    """As it is kept: without the blanks and dashes that make it easier to read."""
    return "".join(letter for letter in code.lower() if letter.isalnum())
