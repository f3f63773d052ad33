from argparse import ArgumentParser
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand

from videos import statistics
from ytsynch import printing
from ytsynch.management import stretch


class Command(BaseCommand):
    help = "What happened to the channels between two dates: found, published, left out, stuck."

    def add_arguments(self, parser: ArgumentParser) -> None:
        stretch.add_arguments(parser)

    def handle(self, *, since: datetime | None, until: datetime | None, form: str, **_: Any) -> None:
        rows = [asdict(row) for row in statistics.of_channels(stretch.of(since, until))]
        columns = [field.name for field in fields(statistics.ChannelNumbers)]
        printing.write(rows, columns, form, self.stdout)
