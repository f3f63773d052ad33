"""A model field whose value is readable only with a key that is not in the database."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression

if TYPE_CHECKING:
    TextField = models.TextField[Any, Any]
else:
    TextField = models.TextField


class DecryptionError(Exception):
    """The value was encrypted with a key that is no longer in the key list."""


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def cipher() -> MultiFernet:
    """The first key of `settings.TOKEN_KEYS` encrypts, every one of them decrypts: rotation needs that."""
    keys: Sequence[str] = settings.TOKEN_KEYS
    return _cipher(tuple(keys))


class EncryptedJSONField(TextField):
    """Any JSON value, encrypted (Fernet) before it leaves the process.

    Two encryptions of one value differ, so the column cannot be searched: every look-up but `isnull` is
    refused.
    """

    _pyi_private_set_type: Any  # for the type checker: a value of any kind goes in and comes out
    _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> str | None:
        if value is None:
            return None
        return cipher().encrypt(json.dumps(value).encode()).decode()

    def from_db_value(
        self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper
    ) -> Any:
        if value is None:
            return None
        try:
            return json.loads(cipher().decrypt(value.encode()))
        except InvalidToken:
            raise DecryptionError(f"{self.model.__name__}.{self.name}: no key in the list opens it") from None

    def value_to_string(self, obj: models.Model) -> str:
        """What a fixture holds: the value encrypted, as the database has it."""
        return self.get_prep_value(self.value_from_object(obj)) or ""

    def to_python(self, value: Any) -> Any:
        """The value, also from a fixture."""
        try:
            return json.loads(cipher().decrypt(value)) if isinstance(value, str) else value
        except InvalidToken:
            return value

    def formfield(self, *_: Any, **__: Any) -> None:
        """None: a secret is in no form, whoever makes one of the model."""

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is encrypted: it cannot be searched by {lookup_name!r}")
        return super().get_lookup(lookup_name)
