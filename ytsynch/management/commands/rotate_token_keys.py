"""`manage.py rotate_token_keys`: after a new key was put first in `security.tokenKeys`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ytsynch.security import key_rotation


class Command(BaseCommand):
    help = (
        "Encrypts every creator's tokens and every app's seed anew with the first of security.tokenKeys. "
        "Afterwards the other keys are not needed. Safe while the service runs, and any number of times."
    )

    def handle(self, *_: Any, **__: Any) -> None:
        try:
            anew, already = key_rotation.rotate()
        except key_rotation.Unreadable as error:
            raise CommandError(
                f"nothing was changed: no key in security.tokenKeys opens {error}. Put the missing key back "
                "into the list; a value whose key is lost for good must be cleared first"
            ) from None
        self.stdout.write(f"{anew} encrypted anew, {already} had the first key already")
