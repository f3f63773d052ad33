"""Limits on tries: counted in the database, for all processes together."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Now
from django.test import RequestFactory

from ytsynch.models import Tries
from ytsynch.security.limits import Limit, forget_old, network_of

LIMIT = Limit("test", most=3, within=timedelta(minutes=10))

db = pytest.mark.django_db


def let_time_pass():
    Tries.objects.update(ends_at=Now() - Value(timedelta(seconds=1)))


@db
def test_so_many_may_try_and_then_they_wait():
    assert [LIMIT.take("a") for _ in range(3)] == [0, 0, 0]
    assert 590 <= LIMIT.take("a") <= 600
    assert LIMIT.take("b") == 0, "another one is not affected"
    assert Limit("other", most=1, within=timedelta(minutes=1)).take("a") == 0


@db
def test_counting_begins_anew_when_the_time_is_over():
    for _ in range(9):
        LIMIT.take("a")
    let_time_pass()
    assert [bool(LIMIT.take("a")) for _ in range(4)] == [False, False, False, True]


@db
def test_a_good_end_clears_the_count():
    for _ in range(3):
        LIMIT.take("a")
    LIMIT.clear("a")
    assert LIMIT.take("a") == 0


@db
def test_what_no_longer_counts_is_removed():
    LIMIT.take("a")
    forget_old()
    assert Tries.objects.count() == 1
    let_time_pass()
    forget_old()
    assert not Tries.objects.exists()


@db
def test_who_tries_is_kept_as_a_hash():
    LIMIT.take("203.0.113.7")
    assert "203" not in str(Tries.objects.values_list("key")[0])


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_no_more_than_the_limit():
    together, granted = threading.Barrier(8), []

    def work():
        together.wait()
        for _ in range(5):
            granted.append(not LIMIT.take("a"))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(granted) == 3


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("not an address", "not an address"),
    ],
)
def test_an_ipv6_customer_is_the_whole_network(address, network, settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 0}
    assert network_of(RequestFactory().get("/", REMOTE_ADDR=address)) == network


def test_nobody_chooses_their_own_address_by_a_header(settings):
    headers = {"X-Forwarded-For": "198.51.100.1, 192.0.2.9"}
    forged = RequestFactory().get("/", headers=headers, REMOTE_ADDR="203.0.113.7")
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 0}
    assert network_of(forged) == "203.0.113.7"
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    assert network_of(forged) == "192.0.2.9", "what our own proxy has added"
