"""The views for Retool, and the role that reads them."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from payments import periods, readers, rounds
from payments.models import Action, Payment
from tests.units.payments.programme import begin, day, published, verified

pytestmark = pytest.mark.django_db

ROLE = "a_reader_of_the_tests"


@pytest.fixture
def reader():
    """Undone with the test: roles are made in its transaction."""
    readers.make_reader(ROLE)
    return ROLE


def rows(view):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {view} ORDER BY id")
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def paid():
    begin()
    channel = verified(title="Alpine Beekeeping", joystream_channel_id=1)
    published(channel, at=day(2))
    end = periods.last_end(timezone.now())
    line = rounds.compute(period_end=end, joy_price=10**7, round_down_to=1, by="ann").lines.get(
        action=Action.VIDEOS
    )
    Payment.objects.create(
        line=line,
        channel=channel,
        joystream_channel_id=1,
        reward_account="j4account",
        youtube_channel_title=channel.title,
        youtube_channel_id=channel.youtube_id,
        block=7,
        executed_at=day(9),
        action=line.action,
        amount=line.amount,
        rationale="Reward for 1 new video",
        payer_member_id=11,
        extrinsic="0x1",
    )
    return channel


def test_a_payment_is_shown_with_everything_that_the_table_has():
    channel = paid()
    (row,) = rows("retool_payments")
    assert row["joystream_channel_id"] == 1
    assert row["reward_account"] == "j4account"
    assert (row["youtube_channel_title"], row["youtube_channel_id"]) == (
        "Alpine Beekeeping",
        channel.youtube_id,
    )
    assert (row["block_number"], row["block_executed"]) == (7, day(9))
    assert (row["action"], row["amount_joy"], row["amount_hapi"]) == ("videos", 50, 50 * 10**10)
    assert row["rationale"] == "Reward for 1 new video"


def test_channels_and_videos_are_shown_without_anything_personal():
    channel = paid()
    (row,) = rows("retool_channels")
    assert (row["title"], row["tier"], row["earned_usd"], row["paid_joy"]) == (
        channel.title,
        "bronze",
        2.5,
        50,
    )
    assert not any("mail" in name for name in row)
    (video,) = rows("retool_videos")
    assert (video["state"], video["youtube_channel_id"]) == ("published", channel.youtube_id)
    published(channel, at=day(3), privacy="private")
    assert len(rows("retool_videos")) == 1


def test_the_reader_reads_the_views_and_nothing_else(reader):
    paid()
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {reader}")
        try:
            for view in readers.VIEWS:
                cursor.execute(f"SELECT count(*) FROM {view}")
                assert cursor.fetchone() == (1,)
            for statement in (
                "SELECT * FROM channels_creator",
                "SELECT email FROM channels_channel",
                "SELECT * FROM payments_payment",
                "DELETE FROM retool_payments",
                "UPDATE retool_videos SET title = ''",
                "CREATE TABLE mine (id int)",
            ):
                with pytest.raises(DatabaseError, match=r"permission denied|cannot"), transaction.atomic():
                    cursor.execute(statement)
        finally:
            cursor.execute("RESET ROLE")


def test_the_command_says_how_to_connect_and_can_be_given_again(capsys):
    for _ in range(2):
        call_command("create_reader", ROLE, password="a 'quoted' password")
    said = capsys.readouterr().out
    assert f"user: {ROLE}" in said
    assert "password: a 'quoted' password" in said
    assert "retool_payments" in said
