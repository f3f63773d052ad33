"""What waits for a block, in which order, what fits into one, and what is refused at the door."""

from collections.abc import Iterator
from typing import Any

import pytest

from ytsynch.devnet.chain import weights
from ytsynch.devnet.chain.chain import Chain
from ytsynch.devnet.chain.extrinsics import Era
from ytsynch.devnet.chain.pool import InvalidTransaction
from ytsynch.devnet.chain.runtime.balances import EXISTENTIAL_DEPOSIT
from ytsynch.devnet.chain.signer import public_key

from .chain_support import batch, create_video, quiet_chain, signed, statuses, transfer


@pytest.fixture
def chain() -> Iterator[Chain]:
    chain = quiet_chain()
    yield chain
    chain.close()


def remark(text: bytes = b"") -> dict[str, Any]:
    return {"System": {"remark": {"remark": text}}}


def refusal(chain: Chain, raw: bytes) -> tuple[int, str | None]:
    with pytest.raises(InvalidTransaction) as refused:
        chain.submit(raw)
    return refused.value.code, refused.value.data


def signed_in(chain: Chain) -> int:
    """How many signed extrinsics the next block takes."""
    return len(chain.seal().extrinsics) - 1


def test_a_nonce_ahead_waits_until_the_gap_is_filled(chain):
    told = statuses(chain)
    late = chain.submit(signed(chain, remark(), nonce=1))
    assert signed_in(chain) == 0
    assert not chain.is_ready(late)

    chain.submit(signed(chain, remark(), nonce=0))

    assert (late, "ready") in told
    assert signed_in(chain) == 2
    assert len(chain.pool) == 0


def test_the_next_index_counts_what_waits_without_a_gap(chain):
    account = public_key("//Collaborator")
    for nonce in (0, 1, 3):
        chain.submit(signed(chain, remark(), nonce=nonce))

    assert chain.nonce(account) == 0
    assert chain.next_nonce(account) == 2


def test_a_second_extrinsic_with_the_same_nonce_needs_a_higher_tip(chain):
    told = statuses(chain)
    first = chain.submit(signed(chain, remark(b"1"), nonce=0, tip=5))

    code, text = refusal(chain, signed(chain, remark(b"2"), nonce=0, tip=5))
    assert (code, text and text[:34]) == (1014, "The transaction has too low priori")
    second = chain.submit(signed(chain, remark(b"3"), nonce=0, tip=6))

    assert told == [(first, {"usurped": "0x" + second.hex()})]
    assert signed_in(chain) == 1


def test_higher_tips_come_first_but_never_before_an_earlier_nonce(chain):
    chain.submit(signed(chain, remark(b"a0"), "//Owner", nonce=0))
    chain.submit(signed(chain, remark(b"a1"), "//Owner", nonce=1, tip=100))
    chain.submit(signed(chain, remark(b"b0"), "//Other", nonce=0, tip=10))

    texts = [
        chain.codec.decode_call(raw[-5:])["System"]["remark"]["remark"] for raw in chain.seal().extrinsics[1:]
    ]

    assert texts == [b"b0", b"a0", b"a1"]


def test_the_same_bytes_are_taken_once(chain):
    raw = signed(chain, remark(), nonce=0)
    extrinsic = chain.submit(raw)
    assert refusal(chain, raw) == (1013, "0x" + extrinsic.hex())

    chain.seal()

    assert refusal(chain, raw) == (1012, None)


def test_a_nonce_that_was_used_is_outdated(chain):
    chain.submit(signed(chain, remark(b"1"), nonce=0))
    chain.seal()

    assert refusal(chain, signed(chain, remark(b"2"), nonce=0)) == (1010, "Transaction is outdated")


def test_a_mortal_extrinsic_that_is_not_included_in_its_era_is_gone_for_good(chain):
    told = statuses(chain)
    chain.faults.block_share = 0.0  # other people's extrinsics fill the blocks
    raw = signed(chain, remark(), nonce=0, era=Era(4, chain.best.number % 4))
    extrinsic = chain.submit(raw)
    for _ in range(3):
        chain.seal()
        assert extrinsic in chain.pool or chain.best.number == 3

    chain.faults.block_share = 1.0

    assert told == [(extrinsic, "invalid")]
    assert signed_in(chain) == 0
    assert refusal(chain, raw) == (1010, "Transaction has a bad signature")
    assert chain.nonce(public_key("//Collaborator")) == 0


def test_a_mortal_extrinsic_lands_in_the_last_block_of_its_era(chain):
    chain.submit(signed(chain, remark(), nonce=0, era=Era(4, 0)))
    chain.faults.block_share = 0.0
    chain.seal()
    chain.seal()
    chain.faults.block_share = 1.0

    assert (signed_in(chain), chain.best.number) == (1, 3)


def test_a_block_fills_up_by_weight_and_the_rest_waits(chain):
    videos = batch("batch_all", *[create_video()] * 250)
    for nonce in range(3):
        chain.submit(signed(chain, videos, nonce=nonce))

    assert signed_in(chain) == 2
    assert len(chain.state().videos) == 500
    assert signed_in(chain) == 1
    assert len(chain.state().videos) == 750


def test_a_heavy_extrinsic_does_not_keep_a_light_one_waiting(chain):
    videos = batch("batch_all", *[create_video()] * 400)
    chain.submit(signed(chain, videos, nonce=0, tip=2))
    chain.submit(signed(chain, videos, nonce=1, tip=2))
    chain.submit(signed(chain, remark(), "//Other", nonce=0))

    assert signed_in(chain) == 2
    assert chain.nonce(public_key("//Other")) == 1


def test_less_fits_when_others_use_a_part_of_the_block(chain):
    chain.faults.block_share = 0.2
    for nonce in range(2):
        chain.submit(signed(chain, batch("batch_all", *[create_video()] * 100), nonce=nonce))

    assert signed_in(chain) == 1
    assert 0.2 * weights.MOST_A_BLOCK > 100 * 2_294_438_000


@pytest.mark.parametrize(
    "call",
    [batch("force_batch", *[create_video()] * 600), remark(bytes(4_000_000))],
    ids=["too heavy", "too long"],
)
def test_what_no_block_could_hold_is_refused(chain, call):
    raw = signed(chain, call, nonce=0)

    assert refusal(chain, raw) == (1010, "Transaction would exhaust the block limits")


def test_who_cannot_pay_the_fee_is_refused(chain):
    assert refusal(chain, signed(chain, remark(), "//Pauper", nonce=0)) == (
        1010,
        "Inability to pay some fees (e.g. account balance too low)",
    )


def test_funds_that_are_gone_when_the_turn_comes_make_an_extrinsic_invalid(chain):
    told = statuses(chain)
    free = chain.state().account(public_key("//Other")).free
    chain.submit(signed(chain, transfer("//Owner", free - 10**9), "//Other", nonce=0))
    unpaid = chain.submit(signed(chain, remark(bytes(100_000)), "//Other", nonce=1))

    assert signed_in(chain) == 1

    assert told[-1] == (unpaid, "invalid")
    assert len(chain.pool) == 0
    assert chain.nonce(public_key("//Other")) == 1


def test_an_upgrade_of_the_runtime_empties_the_pool(chain):
    told = statuses(chain)
    extrinsic = chain.submit(signed(chain, remark(), nonce=0))

    chain.upgrade(2005)

    assert told == [(extrinsic, "invalid")]
    assert len(chain.pool) == 0


def test_the_limits_and_weights_are_those_that_the_metadata_tells_clients(chain):
    limits = chain.codec.constant("System", "BlockWeights")
    normal = limits["per_class"]["normal"]
    database = chain.codec.constant("System", "DbWeight")

    assert normal["max_total"]["ref_time"] == weights.MOST_A_BLOCK
    assert normal["max_extrinsic"]["ref_time"] == weights.MOST_AN_EXTRINSIC
    assert normal["base_extrinsic"]["ref_time"] == weights.BASE_EXTRINSIC
    assert chain.codec.constant("System", "BlockLength")["max"]["normal"] == weights.MOST_BYTES_A_BLOCK
    assert (database["read"], database["write"]) == (weights.READ, weights.WRITE)
    assert chain.codec.constant("Balances", "ExistentialDeposit") == EXISTENTIAL_DEPOSIT
    assert chain.codec.constant("System", "Version")["spec_version"] == chain.spec_version
