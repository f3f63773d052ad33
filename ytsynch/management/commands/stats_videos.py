from argparse import ArgumentParser
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from channels.errors import NotFound
from videos import statistics
from ytsynch import printing
from ytsynch.management import stretch


class Command(BaseCommand):
    help = "The videos of channels that were found or published between two dates, and how each stands."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "channels", nargs="+", metavar="CHANNEL", help="YouTube id, @handle, Joystream id"
        )
        stretch.add_arguments(parser)

    def handle(
        self, *, channels: list[str], since: datetime | None, until: datetime | None, form: str, **_: Any
    ) -> None:
        try:
            found = [statistics.find_channel(name) for name in channels]
        except NotFound as error:
            raise CommandError(error.message) from None
        rows = [
            {"channel": channel.youtube_id, **asdict(row)}
            for channel in found
            for row in statistics.of_videos(channel, stretch.of(since, until))
        ]
        columns = ["channel", *(field.name for field in fields(statistics.VideoNumbers))]
        printing.write(rows, columns, form, self.stdout)
