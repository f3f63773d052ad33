from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from channels.gateways import app_of_configuration
from videos import added_channels
from ytsynch.management.commands.add_channel import report


class Command(BaseCommand):
    help = (
        "Adds the YouTube channels of a list, as add_channel does. JSON: an array of names or of objects; CSV "
        "with a head line. Fields: channel, joystreamChannelId, limit, categoryId."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **_: Any) -> None:
        try:
            wishes = added_channels.read_list(file)
        except added_channels.UnreadableList as error:
            raise CommandError(str(error)) from None
        report(self, added_channels.add(wishes, app=app_of_configuration(), by="import_channels"))
