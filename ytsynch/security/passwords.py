"""Staff's sign-in with a password: guessing is slow."""

from datetime import timedelta
from typing import Any

import structlog
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from ytsynch.security.limits import Limit, network_of

log = structlog.get_logger(__name__)

FOR_ONE_ACCOUNT = Limit("password, network and account", most=5, within=timedelta(minutes=15))
FROM_ONE_NETWORK = Limit("password, network", most=30, within=timedelta(minutes=15))
FROM_EVERYWHERE = Limit("password, account", most=100, within=timedelta(hours=1))
"""So high that nobody is shut out by strangers who merely know the name, and yet no dictionary gets far."""


class GuardedPasswords(ModelBackend):
    """Django's passwords, with so many tries and no more. A try counts before it is looked at, so many at
    once do not help; the right password clears the account's count. Whoever has none left reads what a wrong
    password would make them read.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if request is None or username is None:  # not a form that somebody has sent
            return super().authenticate(request, username=username, password=password, **kwargs)
        network, account = network_of(request), username.casefold()
        waits = (
            FROM_ONE_NETWORK.take(network),
            FOR_ONE_ACCOUNT.take(f"{network} {account}"),
            FROM_EVERYWHERE.take(account),
        )
        if any(waits):
            log.warning("password.too_many_tries", network=network, again_in_seconds=max(waits))
            raise PermissionDenied
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if user is None:
            log.warning("password.wrong", network=network)
        else:
            FOR_ONE_ACCOUNT.clear(f"{network} {account}")
        return user
