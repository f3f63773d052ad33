import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from ytsynch import logging, startup
from ytsynch.processes import Supervisor


class Command(BaseCommand):
    help = (
        "Runs the workers of one stage. Start more of them, here or on other hosts, to get more done at once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("stage", choices=settings.STAGES)
        parser.add_argument("--workers", type=int, default=1, help="how many at once")

    def handle(self, *, stage: str, workers: int, **_: Any) -> None:
        logging.name_process(stage)
        startup.require_for(stage)
        startup.reach_database()
        sys.exit(Supervisor(startup.clusters({stage: workers})).run())
