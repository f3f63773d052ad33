"""What is done by the clock."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from ytsynch import upkeep

pytestmark = pytest.mark.django_db


def test_a_duty_that_fails_keeps_none_of_the_others_from_being_done(monkeypatch, caplog):
    done = []

    def breaks():
        raise ValueError("no")

    monkeypatch.setattr(upkeep, "DUTIES", (breaks, lambda: done.append(1)))
    upkeep.run("upkeep")
    assert done == [1]
    assert "upkeep.failed" in caplog.text


def test_sessions_that_are_over_are_removed():
    for _ in range(2):
        SessionStore().create()
    first = Session.objects.all()[0]
    Session.objects.filter(pk=first.pk).update(expire_date=timezone.now() - timedelta(seconds=1))
    upkeep.forget_sessions()
    assert Session.objects.count() == 1
