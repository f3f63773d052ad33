"""Forks and finality: blocks that are lost, and blocks that no longer can be."""

from collections.abc import Iterator

import pytest

from ytsynch.devnet.chain.chain import Chain
from ytsynch.devnet.chain.events import Block
from ytsynch.devnet.chain.extrinsics import Era
from ytsynch.devnet.chain.signer import public_key

from .chain_support import CHANNEL, create_video, quiet_chain, signed, statuses, transfer


@pytest.fixture
def chain() -> Iterator[Chain]:
    chain = quiet_chain()
    for _ in range(5):
        chain.seal()
    yield chain
    chain.close()


def test_a_fork_drops_a_block_and_with_it_the_video(chain):
    told = statuses(chain)
    video = chain.submit_as("//Collaborator", create_video())
    lost = chain.seal()
    before = chain.state(lost.parent).account(public_key("//Collaborator"))

    assert chain.fork(1) == (lost,)

    assert chain.best.number == lost.number + 1
    assert chain.block(lost.number).hash != lost.hash
    assert chain.block(lost.number).parent == lost.parent
    assert not chain.state().videos
    assert chain.state().channels[CHANNEL].num_videos == 0
    assert chain.state().account(public_key("//Collaborator")) == before
    assert [status for extrinsic, status in told if extrinsic == video] == [
        {"inBlock": "0x" + lost.hash.hex()},
        {"retracted": "0x" + lost.hash.hex()},
    ]


def test_the_dropped_extrinsic_stays_gone_and_its_nonce_can_be_used_anew(chain):
    chain.submit_as("//Collaborator", create_video())
    chain.seal()
    chain.fork(1)
    chain.seal()
    assert not chain.state().videos

    chain.submit_as("//Collaborator", create_video())
    chain.seal()

    assert list(chain.state().videos) == [1]


def test_back_in_the_pool_a_dropped_extrinsic_lands_again(chain):
    video = chain.submit_as("//Collaborator", create_video())
    chain.seal()

    chain.fork(1, back_to_pool=True)

    assert not chain.state().videos
    assert video in chain.pool
    chain.seal()
    assert list(chain.state().videos) == [1]


def test_an_extrinsic_born_in_a_lost_block_is_invalid_after_the_fork(chain):
    chain.seal()
    chain.submit(signed(chain, create_video(), nonce=0, era=Era(64, chain.best.number % 64)))
    told = statuses(chain)
    chain.seal()

    chain.fork(2, back_to_pool=True)

    assert told[-1][1] == "invalid"
    assert len(chain.pool) == 0


def test_only_the_named_extrinsics_are_lost(chain):
    video = chain.submit_as("//Collaborator", create_video())
    chain.submit_as("//Other", transfer("//Nobody", 10**10))
    lost = chain.seal()

    chain.fork(1, only={video})

    assert not chain.state().videos
    assert chain.state().account(public_key("//Nobody")).free == 10**10
    assert len(chain.block(lost.number).extrinsics) == 2


def test_followers_learn_of_the_lost_blocks_and_then_of_the_new_ones(chain):
    heard: list[tuple[str, int]] = []

    def note(kind: str, *blocks: Block) -> None:
        heard.extend((kind, block.number) for block in blocks)

    chain.seal()
    chain.seal()
    chain.on_reorg.append(lambda lost: note("lost", *lost))
    chain.on_block.append(lambda block: note("new", block))
    chain.on_finalized.append(lambda block: note("final", block))
    top = chain.best.number

    chain.fork(2)

    new = [("new", top - 1), ("new", top), ("new", top + 1)]
    assert heard == [("lost", top), ("lost", top - 1), *new, ("final", top - 1)]


def test_a_final_block_cannot_be_lost(chain):
    assert chain.best.number - chain.finalized.number == 2

    with pytest.raises(ValueError, match="only the 2 newest blocks are not final"):
        chain.fork(3)


def test_while_finality_stalls_blocks_go_on_and_longer_forks_are_possible(chain):
    final = chain.finalized
    chain.faults.stall_finality(True)
    for _ in range(6):
        chain.seal()
    assert chain.finalized == final
    chain.fork(8)

    chain.faults.stall_finality(False)
    heard: list[int] = []
    chain.on_finalized.append(lambda block: heard.append(block.number))
    chain.seal()

    assert heard == list(range(final.number + 1, chain.best.number - 1))
    assert chain.finalized == chain.block(chain.best.number - 2)


def test_a_lost_block_can_be_looked_up_but_its_state_is_gone(chain):
    lost = chain.seal()
    chain.fork(1)

    assert chain.block_by_hash(lost.hash) == lost
    with pytest.raises(KeyError):
        chain.state(lost.hash)


def test_the_past_is_read_through_all_that_came_after(chain):
    marks = []
    for _ in range(4):
        chain.submit_as("//Collaborator", create_video())
        marks.append(chain.seal().hash)

    assert [len(chain.state(at).videos) for at in marks] == [1, 2, 3, 4]
    assert [chain.state(at).bags[CHANNEL].objects_number for at in marks] == [3, 5, 7, 9]
    assert [sorted(chain.state(at).data_objects)[-1] for at in marks] == [3, 5, 7, 9]
    assert 2 not in chain.state(marks[0]).videos


def test_finality_that_stalls_long_catches_up_with_every_block_once(chain):
    told = statuses(chain)
    chain.faults.stall_finality(True)
    video = chain.submit_as("//Collaborator", create_video())
    block = chain.seal()
    for _ in range(300):
        chain.seal()
    assert len(chain.state(block.hash).videos) == 1

    chain.faults.stall_finality(False)
    chain.seal()

    assert told == [(video, {kind: "0x" + block.hash.hex()}) for kind in ("inBlock", "finalized")]
