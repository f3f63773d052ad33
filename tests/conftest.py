"""What every test shares. The database is the one of the settings: DATABASE_URL, or the embedded server."""

import pytest


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    """A password costs the service a tenth of a second on purpose; tests make many."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
