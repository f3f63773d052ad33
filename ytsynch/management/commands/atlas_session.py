"""`manage.py atlas_session`: plays Atlas against a running demo, and says what each step came to."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ytsynch.demo import creators
from ytsynch.demo.atlas import AtlasSession, SessionFailed


class Command(BaseCommand):
    help = "Plays a session of Atlas over HTTP against the running demo: sign-up to leaving and back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--handle", help="which creator of the devnet; the first who is not here yet")

    def handle(self, *_: Any, **options: Any) -> None:
        facts = self._facts()
        person = self._person(facts, options["handle"])
        session = AtlasSession(facts["web"], facts["devnet"], person)
        try:
            for step in session.steps():
                self.stdout.write(f"{self.style.SUCCESS('✓')} {step.title:14} {step.outcome}")
        except (SessionFailed, OSError) as error:
            raise CommandError(str(error)) from None

    def _facts(self) -> dict[str, Any]:
        try:
            facts: dict[str, Any] = json.loads((settings.VAR_DIR / "demo.json").read_text())
        except FileNotFoundError:
            raise CommandError("there is no running demo: begin with `make demo`") from None
        return facts

    def _person(self, facts: dict[str, Any], handle: str | None) -> dict[str, Any]:
        for person in facts["creators"]:
            if handle == person["handle"]:
                return dict(person)
            if handle is None and not self._is_here(facts["web"], person):
                return dict(person)
        raise CommandError("the devnet has no such creator" if handle else "all creators are here already")

    def _is_here(self, web: str, person: dict[str, Any]) -> bool:
        try:
            return creators.is_signed_up(web, person)
        except OSError:
            raise CommandError(f"nothing answers at {web}: is the demo running?") from None
