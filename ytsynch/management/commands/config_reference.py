from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ytsynch.config import reference


class Command(BaseCommand):
    help = "Writes docs/configuration.md, the reference of every configuration key."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail if the document is not true"
        )

    def handle(self, *, check: bool, **_: Any) -> None:
        text = reference.write()
        if not check:
            reference.FILE.write_text(text, encoding="utf-8")
        elif not reference.FILE.exists() or reference.FILE.read_text(encoding="utf-8") != text:
            raise CommandError("docs/configuration.md is not true any more: run `manage.py config_reference`")
