import sys
from argparse import ArgumentParser, ArgumentTypeError
from functools import partial
from typing import Any

import structlog
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from ytsynch import logging, startup, web_server
from ytsynch.processes import Child, Supervisor

log = structlog.get_logger(__name__)


def workers_of_stages(text: str) -> dict[str, int]:
    """`download=2,upload=1` as a mapping."""
    counts: dict[str, int] = {}
    for part in text.split(","):
        stage, _, count = part.partition("=")
        if stage not in settings.STAGES or not count.isdecimal():
            raise ArgumentTypeError(
                f"{part!r}: expected STAGE=COUNT, STAGE one of {', '.join(settings.STAGES)}"
            )
        counts[stage] = int(count)
    return counts


class Command(BaseCommand):
    help = (
        "Runs the whole service on this machine: migrates the database, then web and a worker of every stage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        web = settings.CONFIG.http_api
        parser.add_argument("--host", default=web.host, help="address to listen on (httpApi.host)")
        parser.add_argument("--port", type=int, default=web.port, help="port to listen on (httpApi.port)")
        parser.add_argument("--no-web", action="store_true", help="only the workers")
        parser.add_argument(
            "--workers",
            type=workers_of_stages,
            default={},
            metavar="STAGE=COUNT,…",
            help="how many workers of a stage, such as download=4,upload=0; one of each otherwise",
        )

    def handle(self, *, host: str, port: int, no_web: bool, workers: dict[str, int], **_: Any) -> None:
        logging.name_process("up")
        counts = {stage: workers.get(stage, 1) for stage in settings.STAGES}
        startup.require_for(*(() if no_web else ("web",)), *(stage for stage in counts if counts[stage]))
        startup.check_space()
        web = []
        if not no_web:
            listener = web_server.bind(host, port)
            serve = partial(web_server.serve, listener, workers=1, threads=8)
            web = [Child("web", serve, listener=listener)]
            log.info("web.address", url=f"http://{host}:{port}/")
        startup.reach_database()
        call_command("migrate", interactive=False, verbosity=0)
        sys.exit(Supervisor([*web, *startup.clusters(counts)]).run())
