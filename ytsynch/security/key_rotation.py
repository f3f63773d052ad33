"""Encrypting every secret in the database anew with the first of the token keys.

Any number of times, while the service runs: what has the first key already is passed over, and a value that
the service changes in the same moment is left as the service wrote it (which is with the first key).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.db import connection

from ytsynch.encrypted_field import EncryptedJSONField, cipher

BATCH = 500
MOST_NAMED = 20


@dataclass(frozen=True)
class Column:
    """A column of secrets. `name` is for people."""

    name: str
    table: str
    key: str
    column: str


@dataclass(frozen=True)
class Secret:
    """One encrypted value and the row that it is in."""

    column: Column
    row: int
    value: str

    def __str__(self) -> str:
        return f"{self.column.name} of row {self.row}"


class Unreadable(Exception):
    """Some values open with none of the keys; they are named."""

    def __init__(self, secrets: list[Secret]) -> None:
        named = ", ".join(str(secret) for secret in secrets[:MOST_NAMED])
        more = len(secrets) - MOST_NAMED
        super().__init__(named + (f" and {more} more" if more > 0 else ""))
        self.secrets = secrets


def rotate() -> tuple[int, int]:
    """Returns how many values were encrypted anew, and how many had the first key already.

    Raises `Unreadable` before anything is changed.
    """
    unreadable = [secret for secret in secrets() if not _opens(secret, cipher())]
    if unreadable:
        raise Unreadable(unreadable)
    first = Fernet(settings.TOKEN_KEYS[0])
    anew = already = 0
    for secret in secrets():
        if _opens(secret, first):
            already += 1
        else:
            anew += _replace(secret, cipher().rotate(secret.value.encode()).decode())
    return anew, already


def secrets() -> Iterator[Secret]:
    """Every encrypted value there is, a batch of rows at a time."""
    for column in columns():
        last = None
        while batch := _batch(column, after=last):
            yield from batch
            last = batch[-1].row


def columns() -> Iterator[Column]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedJSONField):
                name = f"{model.__name__}.{field.name}"
                yield Column(name, model._meta.db_table, str(model._meta.pk.column), str(field.column))


def _batch(column: Column, *, after: int | None) -> list[Secret]:
    quote = connection.ops.quote_name
    key, value, table = quote(column.key), quote(column.column), quote(column.table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, {value} FROM {table} "  # noqa: S608 (names of our own models)
            f"WHERE {value} IS NOT NULL AND (%(after)s::bigint IS NULL OR {key} > %(after)s) "
            f"ORDER BY {key} LIMIT {BATCH}",
            {"after": after},
        )
        return [Secret(column, row, text) for row, text in cursor.fetchall()]


def _replace(secret: Secret, value: str) -> int:
    """Only a value that is still what was read."""
    quote = connection.ops.quote_name
    table, key, column = (
        quote(name) for name in (secret.column.table, secret.column.key, secret.column.column)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s",  # noqa: S608 (as above)
            [value, secret.row, secret.value],
        )
        return int(cursor.rowcount)


def _opens(secret: Secret, keys: Fernet | MultiFernet) -> bool:
    try:
        keys.decrypt(secret.value.encode())
    except InvalidToken:
        return False
    return True
