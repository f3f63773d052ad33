"""What every test shares. The database is the one of the settings: DATABASE_URL, or the embedded server."""

import pytest
from django.db import connection
from django.test import TransactionTestCase


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    """A password costs the service a tenth of a second on purpose; tests make many."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def password_is_enough(settings):
    """Staff come in without a second factor, for tests that are about something else."""
    staff = settings.CONFIG.staff.model_copy(update={"second_factor": None})
    settings.CONFIG = settings.CONFIG.model_copy(update={"staff": staff})


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """What migrations wrote outlives every test.

    A test with transactions of its own empties every table afterwards. `serialized_rollback` brings those rows
    back for the next such test only; the others need them as much.
    """
    with django_db_blocker.unblock():
        written = connection.creation.serialize_db_to_string()
    empty_all = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def empty_all_but_those(case):
        connection._test_serialized_contents = written  # type: ignore[attr-defined]
        case.serialized_rollback = True  # both: or Django makes content types anew, with other keys
        empty_all(case)
        connection.creation.deserialize_db_from_string(written)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_all_but_those)
        yield
