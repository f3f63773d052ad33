from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from ytsynch import logging, startup, web_server


class Command(BaseCommand):
    help = "Runs the web service: creators' pages, the API and the admin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        web = settings.CONFIG.http_api
        parser.add_argument("--host", default=web.host, help="address to listen on (httpApi.host)")
        parser.add_argument("--port", type=int, default=web.port, help="port to listen on (httpApi.port)")
        parser.add_argument("--workers", type=int, default=1, help="processes")
        parser.add_argument("--threads", type=int, default=8, help="threads of each process")

    def handle(self, *, host: str, port: int, workers: int, threads: int, **_: Any) -> None:
        logging.name_process("web")
        startup.require_for("web")
        listener = web_server.bind(host, port)
        startup.reach_database()
        web_server.serve(listener, workers=workers, threads=threads)
