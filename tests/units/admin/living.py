"""A programme with something of everything: what the pages are opened with."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from channels import switches, sync
from channels.models import Channel, Creator, Pause, Status, SuspensionReason, Switch, TierName
from payments.models import Action, Earning, Line, Payment, Round, RoundEvent
from payments.states import LineState, RoundState
from tests.support.factories import make_app, make_channel, make_file, make_video
from videos.discovery.models import Hub, HubDay, Subscription
from videos.models import (
    ChainTransaction,
    ProxyAddress,
    QuotaDay,
    StagePace,
    TransactionVideo,
    Video,
    VideoEvent,
    Worker,
)
from videos.states import Stage, State
from ypp import membership, suspension, whitelist
from ypp.appeals import hearing

BY = "a test"
STATES = tuple(State)


def make_programme(numbers: range) -> None:
    """A channel for each number, with a creator and a video in some state; everything else in proportion."""
    app = make_app()
    for number in numbers:
        channel = _channel(app, number)
        video = make_video(
            channel, state=STATES[number % len(STATES)], reason="network_trouble" if number % 2 else ""
        )
        make_file(video, object_id=number + 1 if number % 2 else None, uploaded_to="http://127.0.0.1:9")
        VideoEvent.objects.create(video=video, event="failed", reason="network_trouble", by=BY)
        _transaction(app, video, number)
        _measures(number)
        _earned(channel, video, number)
    switches.turn_off(Switch.UPLOAD, reason="storage is being moved", by=BY)
    whitelist.add([f"@guest{number}" for number in numbers], by=BY)


def _channel(app, number: int) -> Channel:
    revoked = timezone.now() if number % 3 == 0 else None
    creator = Creator.objects.create(
        subject=f"s{number}", email=f"s{number}@example.com", grant_revoked_at=revoked
    )
    channel = make_channel(app=app, creator=creator, subscribers=1000 * number)
    sync.record(channel, "signed_up", by=BY, detail={"app": app.name})
    if number % 4 == 1:
        membership.verify(channel, by=BY, tier=TierName.GOLD)
    if number % 4 == 2:
        suspension.suspend(channel, SuspensionReason.MISLEADING_CONTENT, by=BY)
        hearing.appeal(channel, "It is a mistake.", by=BY)
    if number % 4 == 3:
        sync.pause(channel, Pause.STORAGE_FULL, by=BY)
    channel.refresh_from_db()
    assert channel.status in Status.values
    return channel


def _subscription(channel: Channel, number: int) -> None:
    hub, _ = Hub.objects.get_or_create(address="http://hub.example/")
    Subscription.objects.create(channel=channel, hub=hub, refusal="busy" if number % 5 == 0 else "")


def _transaction(app, video: Video, number: int) -> None:
    row = ChainTransaction.objects.create(
        lane=app.lane,
        hash=f"0x{number:064x}",
        data=b"signed",
        nonce=number,
        birth_block=number,
        death_block=number + 64,
        scanned_to=number,
        state="final",
        block_number=number + 2,
        fee=10**9,
    )
    TransactionVideo.objects.create(
        transaction=row, video=video, batch=0, position=0, attribution_nonce=number
    )


def _earned(channel: Channel, video: Video, number: int) -> None:
    """A round for each channel, with a line that was paid."""
    end = datetime(2026, 5, 4, 10, tzinfo=UTC)
    round = Round.objects.create(period_end=end, joy_price=10**7, state=RoundState.SETTLED)
    RoundEvent.objects.create(round=round, event="computed", detail={"cents": 5, "hapi": 10**10}, by=BY)
    line = Line.objects.create(
        round=round,
        channel=channel,
        action=Action.VIDEOS,
        count=1,
        cents=5,
        amount=10**10,
        state=LineState.PAID,
        reward_account="j4",
    )
    Earning.objects.create(
        channel=channel,
        action=Action.VIDEOS,
        video=video,
        tier=TierName.GOLD,
        cents=5,
        week=end.date(),
        place=1,
        line=line,
    )
    Payment.objects.create(
        line=line,
        channel=channel,
        joystream_channel_id=channel.joystream_channel_id or 0,
        reward_account="j4",
        youtube_channel_title=channel.title,
        youtube_channel_id=channel.youtube_id,
        block=number + 2,
        executed_at=end,
        action=Action.VIDEOS,
        amount=10**10,
        payer_member_id=11,
        extrinsic=f"0x{number:064x}",
    )


def _measures(number: int) -> None:
    now = datetime.now(UTC)
    QuotaDay.objects.create(day=(now - timedelta(days=number)).date(), sync_used=100, signup_used=5)
    StagePace.objects.create(
        stage=Stage.ACCEPTANCE, slot=now - timedelta(minutes=number), finished=2, bytes=0
    )
    hub, _ = Hub.objects.get_or_create(address="http://hub.example/")
    HubDay.objects.create(hub=hub, day=(now - timedelta(days=number)).date(), announced=number, missed=1)
    ProxyAddress.objects.create(
        key=f"{number:064x}", name=f"proxy{number}.example:1080", standing=("trusted", "cooling")[number % 2]
    )
    Worker.objects.create(name=f"host:{number}", stage=Stage.DOWNLOAD)
