"""gunicorn, serving the WSGI application from a socket that is already bound."""

import socket
from typing import Any

from django.core.management.base import CommandError
from django.db import connection
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.config import Config  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from ytsynch.processes import CANNOT_START

STATEMENT_SECONDS = 30  # no page or answer needs longer; what does would hold a thread


def bind(host: str, port: int) -> socket.socket:
    """A listening socket, so that a port that is taken shows before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise CommandError(
            f"cannot listen on {host}, port {port}: {error.strerror}; choose another with --port",
            returncode=CANNOT_START,
        ) from None
    listener.listen(512)
    return listener


def serve(listener: socket.socket, *, workers: int, threads: int) -> int:
    """Serve until SIGTERM or SIGINT; the exit status."""
    options = connection.settings_dict["OPTIONS"]
    options["options"] = f"{options.get('options', '')} -c statement_timeout={STATEMENT_SECONDS}s"
    _Server(
        {
            "bind": [f"fd://{listener.fileno()}"],
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "preload_app": True,
            "timeout": 60,
            "graceful_timeout": 10,
            "logger_class": _Log,
            "proc_name": "ytsynch-web",
            "control_socket_disable": True,
        }
    ).run()
    return 0


class _Log(Logger):  # type: ignore[misc]
    """gunicorn's messages go where all others go."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from ytsynch.wsgi import application

        return application
