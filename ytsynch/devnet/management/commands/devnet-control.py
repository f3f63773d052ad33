"""`manage.py devnet-control chain/stall-finality on=true`: one action of a running devnet's control port."""

import json
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

import requests
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Asks a running devnet's control port; without a path it lists what there is."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", default="", help="e.g. state, reset, chain/stall-finality")
        parser.add_argument("values", nargs="*", type=_pair, help="key=value; the value is JSON or text")
        parser.add_argument("--folder", type=Path, default=Path("var/devnet"), help="the devnet's folder")
        parser.add_argument("--url", help="the control port, instead of the folder's devnet.json")

    def handle(self, *_: Any, **options: Any) -> None:
        url = f"{options['url'] or _control_url(options['folder'])}/{options['path'].strip('/')}"
        is_question = options["path"].strip("/") in ("", "state")
        try:
            if is_question:
                response = requests.get(url, timeout=60)
            else:
                response = requests.post(url, json=dict(options["values"]), timeout=60)
            answer = response.json()
        except requests.RequestException as error:
            raise CommandError(f"{url} does not answer: {error}") from error
        if not response.ok:
            raise CommandError(json.dumps(answer, ensure_ascii=False))
        self.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False))


def _control_url(folder: Path) -> str:
    try:
        facts = json.loads((folder / "devnet.json").read_text())
    except FileNotFoundError as error:
        raise CommandError(f"no devnet runs in {folder}: start one with manage.py devnet") from error
    return str(facts["control"])


def _pair(text: str) -> tuple[str, Any]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise ArgumentTypeError(f"«{text}»: expected key=value")
    try:
        return key, json.loads(value)
    except ValueError:
        return key, value
