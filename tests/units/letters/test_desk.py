"""Letters at the staff's desk: every kind is previewed, every letter can be read."""

import pytest
from django.urls import reverse

from channels.models import Channel
from ypp import letters
from ypp.letters.models import Dropped, Kind, Letter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("password_is_enough")]


@pytest.fixture
def letter(channel) -> Letter:
    written = letters.send(Kind.VERIFIED, channel, event="the event", tier="Gold", was="")
    assert written is not None
    return written


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_shown_as_text_and_as_page(admin_client, kind):
    view = admin_client.get(reverse("admin:letter_sample", args=[kind.value]))
    assert "Alpine Beekeeping" in view.content.decode()
    address = reverse("admin:letter_sample_page", args=[kind.value])
    assert f'src="{address}"' in view.content.decode()
    page = admin_client.get(address)
    assert "<h1>" in page.content.decode()


def test_a_letter_as_a_page_may_do_nothing_and_be_framed_by_us_alone(admin_client):
    page = admin_client.get(reverse("admin:letter_sample_page", args=["welcome"]))
    assert page["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "SAMEORIGIN"


def test_an_unknown_kind_is_not_found(admin_client):
    assert admin_client.get(reverse("admin:letter_sample", args=["nonsense"])).status_code == 404


def test_a_written_letter_can_be_read(admin_client, letter):
    view = admin_client.get(reverse("admin:letter_read", args=[letter.pk])).content.decode()
    assert "Alpine Beekeeping is in the Gold tier" in view
    page = admin_client.get(reverse("admin:letter_read_page", args=[letter.pk])).content.decode()
    assert "Alpine Beekeeping is in the Gold tier" in page


def test_the_list_says_what_became_of_each_letter(admin_client, letter):
    def listed():
        return admin_client.get(reverse("admin:ypp_letter_changelist")).content.decode()

    assert "Waits" in listed()
    assert reverse("admin:letter_sample", args=["welcome"]) in listed()
    Letter.objects.update(last_error="away")
    assert "Failed so far" in listed()
    Letter.objects.update(dropped=Dropped.UNSUBSCRIBED)
    assert "The creator wants no letters" in listed()


def test_the_list_asks_no_more_for_more_letters(admin_client, letter, django_assert_max_num_queries):
    for number in range(20):
        letters.send(Kind.LEFT, Channel.objects.get(pk=letter.channel_id), event=f"event {number}")
    with django_assert_max_num_queries(12):
        admin_client.get(reverse("admin:ypp_letter_changelist"))


def addresses(letter):
    names = {"letter_read": letter.pk, "letter_read_page": letter.pk, "letter_sample": "left"}
    return [reverse(f"admin:{name}", args=[argument]) for name, argument in names.items()]


def test_strangers_see_nothing_of_it(client, letter):
    for name, argument in (
        ("letter_read", letter.pk),
        ("letter_read_page", letter.pk),
        ("letter_sample", "left"),
    ):
        response = client.get(reverse(f"admin:{name}", args=[argument]))
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")


def test_staff_without_the_right_see_nothing_of_it(client, letter, django_user_model):
    client.force_login(django_user_model.objects.create_user("clerk", is_staff=True))
    for name, argument in (
        ("letter_read", letter.pk),
        ("letter_read_page", letter.pk),
        ("letter_sample", "left"),
    ):
        assert client.get(reverse(f"admin:{name}", args=[argument])).status_code == 403
