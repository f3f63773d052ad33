"""Staff's sign-in: guessing is slow, and nobody is sent elsewhere by it."""

import pytest
from django.contrib.auth import get_user_model

from ytsynch.models import Tries

pytestmark = pytest.mark.django_db

PASSWORD = "a long and quiet password"


@pytest.fixture
def staff():
    return get_user_model().objects.create_superuser("grace", password=PASSWORD)


def try_password(client, password, *, address="203.0.113.7", username="grace"):
    """Whether it opened the admin."""
    form = {"username": username, "password": password, "next": "/admin/"}
    response = client.post("/admin/login/", form, REMOTE_ADDR=address)
    return response.status_code == 302


def test_the_right_password_opens_the_admin(client, staff):
    assert try_password(client, PASSWORD)


def test_after_five_wrong_ones_even_the_right_one_does_not(client, staff):
    assert not any(try_password(client, f"guess {number}") for number in range(5))
    assert not try_password(client, PASSWORD)


def test_the_same_person_elsewhere_is_not_shut_out(client, staff):
    for number in range(8):
        try_password(client, f"guess {number}")
    assert try_password(client, PASSWORD, address="198.51.100.1")


def test_the_right_password_forgives_earlier_mistakes(client, staff):
    for _ in range(4):
        for number in range(4):
            try_password(client, f"guess {number}")
        assert try_password(client, PASSWORD)


def test_one_network_cannot_try_many_accounts(client, staff):
    for number in range(30):
        try_password(client, "guess", username=f"name{number}")
    assert not try_password(client, PASSWORD)


def test_many_networks_cannot_try_one_account(client, staff):
    for number in range(100):
        try_password(client, "guess", address=f"198.51.100.{number}")
    assert not try_password(client, PASSWORD)


def test_capitals_do_not_make_another_account(client, staff):
    for name in ("grace", "GRACE", "Grace", "gRace", "graCe"):
        try_password(client, "guess", username=name)
    assert not try_password(client, PASSWORD)


def test_the_page_says_the_same_whether_there_is_such_an_account_or_too_many_tries(client, staff):
    def page(username):
        form = {"username": username, "password": "guess"}
        response = client.post("/admin/login/", form, REMOTE_ADDR="203.0.113.7")
        return response.status_code, response.context["form"].non_field_errors()

    answers = [page("grace"), page("nobody"), *(page("grace") for _ in range(6))]
    assert all(answer == answers[0] for answer in answers)


def test_neither_password_nor_name_gets_into_the_log_or_the_table(client, staff, caplog):
    caplog.set_level("DEBUG")
    for _ in range(7):
        try_password(client, "hunter2hunter2")
    assert "password.too_many_tries" in caplog.text
    assert "hunter2" not in caplog.text
    assert "grace" not in caplog.text.replace("'username': 'grace'", "")
    assert "grace" not in str(list(Tries.objects.values()))


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "https:evil.example", "/\\evil.example"]
)
def test_signing_in_leads_nowhere_else(client, staff, elsewhere):
    form = {"username": "grace", "password": PASSWORD, "next": elsewhere}
    response = client.post(f"/admin/login/?next={elsewhere}", form)
    assert response.status_code == 302
    assert response["Location"] == "/"


def test_a_session_ends_with_the_working_day(client, staff, settings):
    try_password(client, PASSWORD)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert 0 < cookie["max-age"] <= 12 * 3600
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
