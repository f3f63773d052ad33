"""Encrypting every secret anew with the first key."""

from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from channels.models import App, Creator
from tests.support.factories import make_app
from ytsynch.encrypted_field import DecryptionError
from ytsynch.security import key_rotation

pytestmark = pytest.mark.django_db

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))


@pytest.fixture(autouse=True)
def old_secrets(settings):
    """Some grants and a seed under the old key; the new one is put first."""
    settings.TOKEN_KEYS = [OLD]
    for number in range(7):
        Creator.objects.create(
            subject=f"{number}", email="g@example.com", grant={"access_token": f"t{number}"}
        )
    Creator.objects.create(subject="gone", email="g@example.com", grant=None)
    make_app(account_seed="a seed")
    settings.TOKEN_KEYS = [NEW, OLD]


def rotate():
    said = StringIO()
    call_command("rotate_token_keys", stdout=said)
    return said.getvalue().strip()


def stored():
    with connection.cursor() as cursor:
        cursor.execute('SELECT id, "grant" FROM channels_creator ORDER BY id')
        return cursor.fetchall()


def test_afterwards_the_old_key_is_needed_no_longer(settings):
    assert rotate() == "8 encrypted anew, 0 had the first key already"
    settings.TOKEN_KEYS = [NEW]
    grants = Creator.objects.order_by("id").values_list("grant", flat=True)
    assert list(grants) == [{"access_token": f"t{number}"} for number in range(7)] + [None]
    assert App.objects.get().account_seed == "a seed"


def test_before_it_the_old_key_is_needed(settings):
    settings.TOKEN_KEYS = [NEW]
    with pytest.raises(DecryptionError):
        Creator.objects.get(subject="0")


def test_a_second_run_changes_nothing():
    rotate()
    before = stored()
    assert rotate() == "0 encrypted anew, 8 had the first key already"
    assert stored() == before


def test_a_run_that_was_cut_off_is_taken_up_by_the_next(monkeypatch):
    replace = key_rotation._replace
    done: list[key_rotation.Secret] = []

    def dies_after_three(secret, value):
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(secret)
        return replace(secret, value)

    monkeypatch.setattr(key_rotation, "_replace", dies_after_three)
    with pytest.raises(KeyboardInterrupt):
        rotate()
    monkeypatch.undo()
    assert rotate() == "5 encrypted anew, 3 had the first key already"


def test_many_rows_are_read_in_batches(monkeypatch):
    monkeypatch.setattr(key_rotation, "BATCH", 2)
    assert rotate() == "8 encrypted anew, 0 had the first key already"


def test_what_the_service_writes_in_the_same_moment_stays(monkeypatch, settings):
    replace = key_rotation._replace

    def after_the_service(secret, value):
        Creator.objects.filter(subject="0").update(grant={"access_token": "fresh"})
        return replace(secret, value)

    monkeypatch.setattr(key_rotation, "_replace", after_the_service)
    rotate()
    settings.TOKEN_KEYS = [NEW]
    assert Creator.objects.get(subject="0").grant == {"access_token": "fresh"}


def test_a_value_that_no_key_opens_is_named_and_nothing_is_changed(settings):
    settings.TOKEN_KEYS = [OTHER]
    lost = Creator.objects.create(subject="lost", email="g@example.com", grant={"access_token": "x"})
    settings.TOKEN_KEYS = [NEW, OLD]
    before = stored()
    with pytest.raises(CommandError, match=f"nothing was changed.*Creator.grant of row {lost.pk}\\b"):
        rotate()
    assert stored() == before


def test_every_column_of_secrets_is_known():
    names = {column.name for column in key_rotation.columns()}
    assert {"Creator.grant", "App.account_seed"} <= names
