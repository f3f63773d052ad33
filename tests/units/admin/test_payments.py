"""Payout rounds and the payments table, as treasurers use them with the mouse."""

import csv
import io
import json

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from payments import periods, rounds
from payments.models import Action, Line, Payment, Round
from payments.states import RoundState
from tests.units.admin.conftest import Desk
from tests.units.admin.living import make_programme
from tests.units.payments.programme import begin, day, published, verified

pytestmark = pytest.mark.django_db


@pytest.fixture
def earned():
    begin()
    channel = verified(title="Alpine Beekeeping")
    published(channel, at=day(2))
    return channel


def desk_of(name: str) -> Desk:
    user = User.objects.create_user(name, password="a password of twelve", is_staff=True)
    user.groups.add(Group.objects.get(name="treasurer"))
    client = Client()
    client.force_login(user)
    return Desk(client)


def compute(client, **changes):
    end = periods.last_end(timezone.now())
    said = {"period_end": end.isoformat(), "joy_price": "0.01", "round_down_to": "1000000"} | changes
    return client.post(reverse("admin:payments_round_add"), said, follow=True)


def test_a_round_is_computed_with_a_form(staff, earned):
    page = compute(staff).content.decode()
    round = Round.objects.get()
    assert (round.joy_price, rounds.total(round).cents) == (10**7, 250)
    assert "Alpine Beekeeping" in page or earned.handle in page
    assert "$2.50" in page
    assert "250 JOY" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"joy_price": "0"},
        {"joy_price": "cheap"},
        {"joy_price": ""},
        {"joy_price": "1e99"},
        {"joy_price": "NaN"},
        {"round_down_to": "7"},
        {"period_end": "2020-01-01T00:00:00"},
        {"period_end": "soon"},
    ],
)
def test_what_cannot_be_computed_is_said_in_the_form(staff, earned, wrong):
    response = compute(staff, **wrong)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Round.objects.exists()


def test_where_nothing_was_earned_the_form_says_so(staff):
    assert "Nothing was earned" in compute(staff).content.decode()


def test_a_round_goes_through_the_hands_of_two_people(earned):
    begin(two_persons_above=100)
    ann, bob = desk_of("ann"), desk_of("bob")
    compute(ann.client)
    round = Round.objects.get()
    line = Line.objects.get(action=Action.VIDEOS)
    assert "1 done" in ann.order(line, "adjust", dollars="0.20", reason="a re-upload")[0]
    assert "1 done" in ann.order(round, "review")[0]
    assert "somebody else" in ann.order(round, "approve")[0]
    assert "Not by staff ann" in bob.ask(round, "approve")
    assert "1 done" in bob.order(round, "approve")[0]
    round.refresh_from_db()
    assert (round.state, round.reviewed_by, round.approved_by) == (
        RoundState.APPROVED,
        "staff ann",
        "staff bob",
    )
    assert rounds.total(round).cents == 220
    page = bob.page(round)
    for words in ("A line was adjusted", "a re-upload", "staff ann", "Approved"):
        assert words in page


def test_an_adjustment_without_a_reason_is_sent_back_to_the_form(desk, earned):
    compute(desk.client)
    line = Line.objects.get(action=Action.VIDEOS)
    address = reverse("admin:payments_line_order", args=[line.pk, "adjust"])
    answer = desk.client.post(address, {"confirmed": "yes", "dollars": "1", "reason": ""})
    assert answer.status_code == 200
    assert "needs a reason" in answer.content.decode()
    line.refresh_from_db()
    assert line.adjusted_cents is None


def test_a_round_cannot_be_paid_without_a_dry_run(desk, earned):
    compute(desk.client)
    round = Round.objects.get()
    rounds.approve(rounds.review(round, by="ann"), by="bob")
    assert "A dry run must have shown" in desk.ask(round, "pay")
    assert "dry run" in desk.order(round, "pay")[0]


def test_a_dry_run_without_a_payer_says_what_is_missing(desk, earned):
    compute(desk.client)
    assert "payments.payer" in desk.order(Round.objects.get(), "dry_run")[0]


def test_a_cancelled_round_says_why(desk, earned):
    compute(desk.client)
    round = Round.objects.get()
    desk.order(round, "cancel", reason="a wrong price")
    assert "a wrong price" in desk.page(round)


COLUMNS = [
    "Joystream Channel ID",
    "Channel Reward Account",
    "Youtube Channel Title",
    "Youtube Channel ID",
    "Block Executed",
    "Block Executed (time)",
    "Action",
    "Amount",
    "Rationale",
    "Paid by Member",
]


def export(client, number: int):
    address = reverse("admin:payments_payment_export")
    return client.post(address, {"format": str(number), "resource": "0", **dict.fromkeys(chosen(), "on")})


def chosen():
    from payments.table import PaymentResource

    return [f"paymentresource_{name}" for name in PaymentResource().get_export_order()]


def test_the_payments_table_is_exported_as_csv_json_and_xlsx(staff):
    make_programme(range(3))
    rows = list(csv.DictReader(io.StringIO(export(staff, 0).content.decode())))
    assert list(rows[0]) == COLUMNS
    last = Payment.objects.order_by("-block")[0]
    assert rows[0] == {
        "Joystream Channel ID": str(last.joystream_channel_id),
        "Channel Reward Account": "j4",
        "Youtube Channel Title": last.youtube_channel_title,
        "Youtube Channel ID": last.youtube_channel_id,
        "Block Executed": "4",
        "Block Executed (time)": "2026-05-04T10:00:00+00:00",
        "Action": "Video rewards",
        "Amount": "1",
        "Rationale": "",
        "Paid by Member": "11",
    }
    as_json = json.loads(export(staff, 1).content)
    assert [list(row) for row in as_json] == [COLUMNS] * 3
    sheet = load_workbook(io.BytesIO(export(staff, 2).content)).active
    assert sheet is not None
    assert [cell.value for cell in next(sheet.iter_rows())] == COLUMNS
    assert sheet.max_row == 4


def test_a_text_that_a_spreadsheet_would_take_for_a_formula_is_harmless(staff):
    make_programme(range(1))
    Payment.objects.update(rationale='=HYPERLINK("http://evil.example","x")')
    sheet = load_workbook(io.BytesIO(export(staff, 2).content)).active
    assert sheet is not None
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


def test_looking_for_payments_says_when_joystream_does_not_answer(staff):
    page = staff.get(reverse("admin:payments_payment_find"), follow=True).content.decode()
    assert "Joystream does not answer" in page
