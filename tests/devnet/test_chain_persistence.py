"""The chain's file: a later run goes on where the last one stopped, however it stopped."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ytsynch.devnet.chain.signer import public_key

from .chain_support import CHANNEL, create_video, delete_video, quiet_chain, transfer


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "devnet" / "chain.sqlite"


def test_a_restart_goes_on_from_the_same_head_with_the_same_state(store):
    chain = quiet_chain(store)
    for _ in range(3):
        chain.submit_as("//Collaborator", create_video())
        chain.seal()
    chain.submit_as("//Collaborator", delete_video(2))
    chain.submit_as("//Other", transfer("//Nobody", 10**10))
    best = chain.seal()
    blocks = [chain.block(number) for number in range(5)]
    state = {name: dict(chain.state().table(name)) for name in chain.state().TABLES}
    chain.close()

    again = quiet_chain(store)

    assert again.best == best
    assert [again.block(number) for number in range(5)] == blocks
    assert {name: dict(again.state().table(name)) for name in again.state().TABLES} == state
    assert again.nonce(public_key("//Collaborator")) == 4
    assert again.finalized.number == 2
    assert len(again.state(blocks[1].hash).videos) == 1
    again.submit_as("//Collaborator", create_video())
    assert again.seal().parent == best.hash
    assert sorted(again.state().videos) == [1, 3, 4]
    again.close()


def test_after_a_restart_the_last_blocks_can_still_be_lost(store):
    chain = quiet_chain(store)
    chain.seal()
    chain.submit_as("//Collaborator", create_video())
    lost = chain.seal()
    chain.close()

    again = quiet_chain(store)
    again.fork(1)

    assert not again.state().videos
    assert again.state().bags[CHANNEL].objects_number == 1
    assert again.block(lost.number).hash != lost.hash
    again.close()
    after = quiet_chain(store)
    assert after.best.number == lost.number + 1
    assert not after.state().videos
    after.close()


def test_a_restart_loses_the_pool(store):
    chain = quiet_chain(store)
    chain.submit_as("//Collaborator", create_video())
    chain.close()

    again = quiet_chain(store)
    again.seal()

    assert len(again.pool) == 0
    assert not again.state().videos
    again.close()


def test_a_file_of_another_genesis_is_refused(store):
    quiet_chain(store).close()

    with pytest.raises(ValueError, match="another genesis"):
        quiet_chain(store, balances={public_key("//Owner"): 1})


def test_a_past_beyond_the_kept_states_is_not_read_but_its_blocks_are(store):
    chain = quiet_chain(store)
    old = chain.seal()
    for _ in range(257):
        chain.seal()

    assert chain.block(old.number) == old
    with pytest.raises(KeyError):
        chain.state(old.hash)
    assert chain.state(chain.block(2).hash) is not None
    chain.close()


#: Makes blocks and forks as fast as it can, and says when ten blocks are there.
_WRITER = """
import sys
from pathlib import Path
from tests.devnet.chain_support import CONTENT_ID, create_video, quiet_chain

chain = quiet_chain(Path(sys.argv[1]))
call = create_video(objects=[{"size": 1, "ipfs_content_id": CONTENT_ID.encode()}])
while True:
    for _ in range(5):
        chain.submit_as("//Collaborator", call)
    chain.seal()
    if chain.best.number % 7 == 0:
        chain.fork(1)
    if chain.best.number == 10:
        print("ready", flush=True)
"""


@pytest.mark.parametrize("seconds", [0.0, 0.13, 0.31])
def test_a_process_killed_at_any_moment_leaves_whole_blocks(store, seconds):
    writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(store)], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"ready\n"
    time.sleep(seconds)
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait(10)

    chain = quiet_chain(store)

    blocks = [chain.block(number) for number in range(chain.best.number + 1)]
    videos = [event for block in blocks for event in block.events if event.name == "VideoCreated"]
    assert chain.best.number >= 10
    assert len(videos) == len(chain.state().videos) == chain.state().channels[CHANNEL].num_videos
    assert [block.parent for block in blocks[1:]] == [block.hash for block in blocks[:-1]]
    assert chain.nonce(public_key("//Collaborator")) == len(videos)
    chain.seal()
    chain.close()
