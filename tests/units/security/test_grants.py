"""Permissions at Google that end: noticed within a day, erased, told; what is newer stays."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Value
from django.db.models.functions import Now

from channels import grants
from channels.models import ChannelEvent, Creator, Pause
from tests.support.devnet import Devnet, devnet, session_devnet  # noqa: F401 (fixtures)
from tests.support.factories import make_channel
from tests.units.atlas.client import REDIRECT_URI, consent
from ypp import letters
from ypp.letters.models import Kind, Letter
from ytsynch.youtube.errors import GoogleUnavailable, GrantRevoked
from ytsynch.youtube.sign_in import GoogleEndpoints, GoogleSignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def google(devnet: Devnet) -> GoogleSignIn:  # noqa: F811 (the fixture)
    endpoints = GoogleEndpoints(
        token=f"{devnet.google}/token",
        revoke=f"{devnet.google}/revoke",
        userinfo=f"{devnet.google}/oauth2/v3/userinfo",
    )
    return GoogleSignIn(devnet.google_client_id, devnet.google_client_secret, endpoints=endpoints)


def sign_in(devnet: Devnet, google: GoogleSignIn, handle="@alpinebeekeeping") -> Creator:  # noqa: F811
    """A creator who has signed in, with a channel that takes part."""
    grant = google.exchange_code(consent(devnet, devnet.person(handle)), REDIRECT_URI)
    creator, _ = Creator.objects.update_or_create(
        subject=grant.subject, defaults={"email": grant.email, "grant": grants.to_json(grant)}
    )
    return creator


def a_day_passes():
    Creator.objects.update(grant_checked_at=Now() - Value(timedelta(days=1, seconds=1)))


def test_a_permission_that_holds_is_refreshed_and_left_alone_for_a_day(devnet, google):  # noqa: F811
    creator = sign_in(devnet, google)
    assert grants.check_due(google) == 0
    a_day_passes()
    assert grants.check_due(google) == 1
    assert grants.check_due(google) == 0
    fresh = Creator.objects.get(pk=creator.pk).grant
    assert fresh["access_token"] != creator.grant["access_token"]
    assert fresh["refresh_token"] == creator.grant["refresh_token"]


def test_c2_one_that_was_taken_back_is_noticed_erased_and_told_and_the_sync_goes_on(devnet, google):  # noqa: F811
    creator = sign_in(devnet, google)
    channel = make_channel(creator=creator, email="keeper@example.com")
    google.revoke(creator.grant["refresh_token"])
    a_day_passes()
    assert grants.check_due(google) == 1
    a_day_passes()
    assert grants.check_due(google) == 0, "nobody asks again"
    creator.refresh_from_db()
    assert creator.grant is None
    assert creator.grant_revoked_at is not None
    channel.refresh_from_db()
    assert channel.pause == Pause.NONE, "what is public goes on being brought over"
    letters.write_due()
    assert [letter.kind for letter in Letter.objects.all()] == [Kind.PERMISSION_REVOKED]


def test_it_is_noticed_when_it_is_used_too(devnet, google):  # noqa: F811
    creator = sign_in(devnet, google)
    make_channel(creator=creator)
    google.revoke(creator.grant["refresh_token"])
    creator.grant |= {"expires_at": datetime.now(UTC).isoformat()}
    creator.save()
    assert grants.usable(creator, google) is None
    assert ChannelEvent.objects.filter(event="permission_revoked").count() == 1


class SlowGoogle(GoogleSignIn):
    """Google's answer comes after the creator has signed in anew."""

    def __init__(self, answer: Exception, meanwhile) -> None:
        super().__init__("id", "hush")
        self.answer, self.meanwhile = answer, meanwhile

    def refresh(self, grant):
        self.meanwhile()
        raise self.answer


def test_a_permission_that_was_renewed_meanwhile_is_not_erased(devnet, google):  # noqa: F811
    creator = sign_in(devnet, google)
    a_day_passes()
    slow = SlowGoogle(GrantRevoked("gone"), lambda: sign_in(devnet, google))
    grants.check_due(slow)
    assert Creator.objects.get(pk=creator.pk).grant is not None
    assert not ChannelEvent.objects.exists()


def test_while_google_is_away_the_check_is_put_off_for_an_hour(devnet, google):  # noqa: F811
    creator = sign_in(devnet, google)
    a_day_passes()
    away = SlowGoogle(GoogleUnavailable("HTTP 503"), lambda: None)
    assert grants.check_due(away) == 0
    assert grants.check_due(google) == 0
    Creator.objects.filter(pk=creator.pk).update(
        grant_checked_at=Now() - Value(timedelta(hours=24, minutes=1))
    )
    assert grants.check_due(google) == 1
