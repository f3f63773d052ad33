"""polkadot-js, the library of Atlas and of all wallets, against the devnet's chain over a real socket."""

import asyncio
import json
from typing import Any

import pytest

from tests.conformance.node import Script
from tests.conformance.samples import CREATE_VIDEO
from ytsynch.devnet.chain.chain import Chain
from ytsynch.devnet.chain.codec import codec
from ytsynch.devnet.chain.genesis import Genesis, GenesisBucket, GenesisChannel, GenesisMember, Prices
from ytsynch.devnet.chain.node import Node
from ytsynch.devnet.chain.signer import public_key

pytestmark = pytest.mark.node

OWNER, COLLABORATOR, CHANNEL = 1, 10, 3
PRICES = Prices(data_size_fee=1000, object_bond=300_000_000, video_bond=400_000_000)
JOY = 10**10  # HAPI


def _genesis() -> Genesis:
    return Genesis(
        timestamp_ms=1_700_000_000_000,
        balances={public_key("//Collaborator"): 1000 * JOY, public_key("//Owner"): 1000 * JOY},
        members=(
            GenesisMember(OWNER, "owner", public_key("//Owner")),
            GenesisMember(COLLABORATOR, "collaborator", public_key("//Collaborator")),
        ),
        channels=(
            GenesisChannel(
                CHANNEL, OWNER, {COLLABORATOR: frozenset({"AddVideo", "UpdateVideoMetadata"})}, (0, 1)
            ),
        ),
        buckets=tuple(
            GenesisBucket(number, number, public_key("//Worker"), size_limit=10**12, objects_limit=10**6)
            for number in (0, 1)
        ),
        prices=PRICES,
    )


async def _told_by(javascript: Script, generation: str) -> Any:
    """What the client prints while the chain lives."""
    chain = Chain(_genesis(), block_time=0.2, finality_lag=2)
    node = Node(chain)
    await node.start()
    url, job = f"ws://127.0.0.1:{node.port}", json.dumps({"member": COLLABORATOR, "channel": CHANNEL})
    living = asyncio.create_task(chain.run())
    client = asyncio.create_task(
        asyncio.to_thread(javascript, "chain_client.cjs", url, generation, "//Collaborator", job, timeout=60)
    )
    try:
        await asyncio.wait({living, client}, return_when=asyncio.FIRST_COMPLETED)
        if living.done():
            living.result()  # raises what the chain died of
        return (await client)[0]
    finally:
        living.cancel()
        await node.stop()
        chain.close()


@pytest.fixture(scope="module", params=["atlas", "recent"])
def told(request, javascript):
    """What a generation of the library read and did on a fresh chain."""
    return asyncio.run(_told_by(javascript, request.param))


def test_the_client_reads_what_chain_it_is(told):
    assert (told["specVersion"], told["ss58"], told["decimals"], told["symbol"]) == (2004, 126, 10, "JOY")
    assert told["address"].startswith("j4")


def test_the_client_reads_accounts_channels_bags_and_prices(told):
    assert told["free"] == str(1000 * JOY)
    assert told["channel"]["owner"] == {"member": OWNER}
    assert told["channel"]["collaborators"] == {str(COLLABORATOR): ["UpdateVideoMetadata", "AddVideo"]}
    assert told["storedBy"] == [0, 1]
    assert told["prices"] == {"fee": "1000", "objectBond": "300000000", "videoBond": "400000000"}
    assert told["missingVideoChannel"] == 0


def test_the_client_encodes_create_video_as_we_do(told):
    arguments = codec().decode_call(bytes.fromhex(told["call"].removeprefix("0x")))["Content"]["create_video"]
    assert arguments["actor"] == {"Member": COLLABORATOR}
    assert arguments["channel_id"] == CHANNEL
    assert arguments["params"]["meta"] == b"\x01\x02\xff"
    assert [entry["size"] for entry in arguments["params"]["assets"]["object_creation_list"]] == [
        123_456,
        789,
    ]
    assert set(arguments["params"]) == set(CREATE_VIDEO["Content"]["create_video"]["params"])


def test_a_created_video_is_watched_until_its_block_is_final(told):
    sent = told["sent"]["createVideo"]
    assert sent["statuses"][-2:] == ["InBlock", "Finalized"]
    assert sent["error"] is None
    assert sent["videos"] == [1]
    assert len(sent["objects"][0]) == 2
    assert told["videoChannel"] == CHANNEL
    assert "transactionPayment.TransactionFeePaid" in sent["events"]


def test_a_batch_stops_at_its_first_failure(told):
    sent = told["sent"]["batch"]
    assert sent["error"] is None
    assert len(sent["videos"]) == 1
    assert sent["failures"] == ["content.ChannelDoesNotExist"]
    assert "utility.BatchInterrupted" in sent["events"]


def test_a_force_batch_of_batch_alls_keeps_each_channels_videos_together(told):
    sent = told["sent"]["forceBatch"]
    assert sent["error"] is None
    assert len(sent["videos"]) == 2
    assert sent["failures"] == ["content.ChannelDoesNotExist"]
    assert "utility.BatchCompletedWithErrors" in sent["events"]
    assert told["bagObjects"] == 2 * 4  # of one single, one batched and two nested videos


def test_a_failed_extrinsic_names_its_error(told):
    assert told["sent"]["failing"]["error"] == "content.ChannelDoesNotExist"
    assert "system.ExtrinsicFailed" in told["sent"]["failing"]["events"]


def test_an_immortal_extrinsic_with_a_tip_is_taken(told):
    assert told["sent"]["immortal"]["error"] is None
    assert told["nonce"] == len(told["sent"])


def test_a_used_nonce_is_refused_with_the_words_of_a_real_node(told):
    assert told["stale"].startswith("1010: Invalid Transaction: Transaction is outdated")


def test_the_client_is_told_a_fee(told):
    assert int(told["fee"]) > 0


def test_the_client_computes_the_hash_of_a_header_as_the_node_does(told):
    assert told["hashesAgree"]


def test_finalized_heads_come_one_after_the_other(told):
    first = told["finalizedHeads"][0]
    assert told["finalizedHeads"] == [first, first + 1, first + 2]
