"""`manage.py create_reader`: a database role for Retool and the like."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError

from payments import readers


class Command(BaseCommand):
    help = "Makes a database role that may read the views retool_* and nothing else, and prints its password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", default="retool_reader", help="Name of the role.")
        parser.add_argument("--password", help="A new one is made where none is given.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            password = readers.make_reader(options["name"], options["password"])
        except ProgrammingError as error:
            raise CommandError(f"The database refuses it: {str(error).strip()}") from error
        for name, value in readers.address(options["name"], password).items():
            self.stdout.write(f"{name}: {value}")
        self.stdout.write(f"views: {', '.join(readers.VIEWS)}")
