"""The engine: the first connection of a process starts the server if nobody has."""

from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.db.utils import OperationalError

from ytsynch.embedded_postgres import USER, EmbeddedPostgres, EmbeddedPostgresError


class EmbeddedPostgresUnavailable(OperationalError):
    """The embedded server cannot be started; the text says why, in one line."""


@cache
def server(folder: Path) -> EmbeddedPostgres:
    """This process's handle on the server of a folder."""
    return EmbeddedPostgres(folder)


class DatabaseWrapper(base.DatabaseWrapper):
    @property
    def server(self) -> EmbeddedPostgres:
        return server(Path(self.settings_dict["FOLDER"]))

    def get_connection_params(self) -> dict[str, Any]:
        return super().get_connection_params() | {"host": str(self.server.socket_folder), "user": USER}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            self.server.hold()
            try:
                return super().get_new_connection(conn_params)
            except psycopg.OperationalError:
                self.server.start()  # nobody has started it yet, or it died
                return super().get_new_connection(conn_params)
        except EmbeddedPostgresError as error:
            raise EmbeddedPostgresUnavailable(str(error)) from None
