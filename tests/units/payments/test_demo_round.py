"""The demo's payout round waits for its approval, with rewards of every kind."""

from datetime import timedelta

import pytest
from django.utils import timezone

from channels.models import Channel
from payments import rounds
from payments.errors import SecondPersonNeeded
from payments.models import Action
from payments.states import RoundState
from tests.support.factories import make_channel
from tests.units.payments.programme import published
from ytsynch.demo import payouts

pytestmark = pytest.mark.django_db


def test_the_demos_round_is_ready_to_approve_by_another_person(settings):
    settings.CONFIG = settings.CONFIG  # the demo changes it for its own process
    for _ in range(4):
        channel = make_channel(subscribers=5000)
        for days in (3, 17, 75):
            long_ago = timezone.now() - timedelta(days=days)
            published(channel, at=long_ago, on_joystream=timezone.now() - timedelta(minutes=2))
    Channel.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    round = payouts.prepare()
    assert round is not None
    assert round.state == RoundState.REVIEWED
    counts = {action: total.lines for action, total in rounds.by_action(round)}
    assert counts == {Action.SIGN_UP: 2, Action.VIDEOS: 2, Action.REFERRALS: 1}
    with pytest.raises(SecondPersonNeeded):
        rounds.approve(round, by=payouts.BY)
    assert rounds.approve(round, by="staff admin").state == RoundState.APPROVED
    assert payouts.prepare() is None
