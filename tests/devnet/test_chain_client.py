"""substrate-interface, a client that is not ours, against the devnet chain over a real socket."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from substrateinterface import ExtrinsicReceipt, Keypair, KeypairType, SubstrateInterface
from substrateinterface.exceptions import SubstrateRequestException

from ytsynch.devnet.chain.signer import public_key

from .chain_support import (
    CHANNEL,
    COLLABORATOR,
    CONTENT_ID,
    JOY,
    OTHER_CHANNEL,
    PRICES,
    Devnet,
    create_video,
    keys,
    quiet_chain,
    running,
)


@pytest.fixture(scope="module")
def devnet() -> Iterator[Devnet]:
    with running(quiet_chain()) as devnet:
        yield devnet


@pytest.fixture(scope="module")
def client(devnet: Devnet) -> Iterator[SubstrateInterface]:
    with devnet.connect() as client:
        client.init_runtime()
        yield client


def video_call(client: SubstrateInterface, channel: int = CHANNEL, **changes: Any) -> Any:
    """As `create_video`, in the form that the client wants."""
    arguments = create_video(channel, **changes)["Content"]["create_video"]
    params = {**arguments["params"], "meta": "0x0102ff"}
    params["assets"]["object_creation_list"] = [{"size": 1_500_000, "ipfs_content_id": CONTENT_ID}] * 2
    return client.compose_call("Content", "create_video", {**arguments, "params": params})


def submit(
    client: SubstrateInterface, call: Any, suri: str = "//Collaborator", **how: Any
) -> ExtrinsicReceipt:
    extrinsic = client.create_signed_extrinsic(call, keys(suri), **how)
    return client.submit_extrinsic(extrinsic, wait_for_inclusion=True)


def event_names(receipt: ExtrinsicReceipt) -> list[str]:
    return [f"{e.value['module_id']}.{e.value['event_id']}" for e in receipt.triggered_events]


def test_the_client_reads_who_the_chain_is(client):
    assert client.ss58_format == 126
    assert client.properties == {"ss58Format": 126, "tokenDecimals": 10, "tokenSymbol": "JOY"}
    assert client.runtime_version == 2004


def test_accounts_prices_and_bags_are_read_by_their_real_storage_keys(client):
    account = client.query("System", "Account", [keys("//Owner").ss58_address]).value
    assert account["data"]["free"] == 10_000 * JOY
    assert client.query("Content", "VideoStateBloatBondValue").value == PRICES.video_bond
    assert client.query("Storage", "Bags", [{"Dynamic": {"Channel": OTHER_CHANNEL}}]).value["stored_by"] == [
        0,
        1,
    ]
    channel = client.query("Content", "ChannelById", [CHANNEL]).value
    assert channel["owner"] == {"Member": 1}
    assert dict(channel["collaborators"])[COLLABORATOR][1] == "AddVideo"
    bucket = client.query("Storage", "StorageBucketById", [1]).value
    assert bucket["operator_status"]["StorageWorker"][0] == 71


def test_what_does_not_exist_reads_as_the_runtimes_default(client):
    assert client.query("Content", "VideoById", [999]).value["in_channel"] == 0
    assert client.query("Content", "ChannelById", [999]).value["num_videos"] == 0
    assert client.query("Members", "MembershipById", [999]).value is None


def test_a_mortal_create_video_lands_and_is_found_again_by_its_hash(client):
    receipt = submit(client, video_call(client), era={"period": 64})

    assert receipt.is_success
    created = next(e for e in receipt.triggered_events if e.value["event_id"] == "VideoCreated")
    _, channel, video, _, objects = created.value["attributes"]
    assert channel == CHANNEL
    assert client.query("Content", "VideoById", [video]).value["data_objects"] == objects
    stored = client.query("Storage", "DataObjectsById", [{"Dynamic": {"Channel": CHANNEL}}, objects[0]]).value
    assert stored["ipfs_content_id"] == CONTENT_ID
    block = client.get_block(receipt.block_hash)
    assert block["extrinsics"][receipt.extrinsic_idx].extrinsic_hash.hex() == receipt.extrinsic_hash[2:]


def test_the_fee_that_was_promised_is_the_fee_that_is_paid(client):
    call = video_call(client)
    promised = client.get_payment_info(call, keys("//Collaborator"))

    receipt = submit(client, call)

    assert promised["weight"]["ref_time"] in range(2_000_000_000, 2_500_000_000)
    assert receipt.total_fee_amount == promised["partialFee"]


def test_a_nested_force_batch_keeps_one_channels_failure_to_itself(client):
    def of_channel(*calls: Any) -> Any:
        return client.compose_call("Utility", "batch_all", {"calls": list(calls)})

    good, bad = video_call(client), video_call(client, OTHER_CHANNEL, expected_video_state_bloat_bond=1)
    batches = [of_channel(good, good), of_channel(bad), of_channel(good)]
    receipt = submit(client, client.compose_call("Utility", "force_batch", {"calls": batches}))

    names = [n for n in event_names(receipt) if n.startswith("Utility.") or n == "Content.VideoCreated"]
    video = ["Content.VideoCreated", "Utility.ItemCompleted"]
    done = ["Utility.BatchCompleted", "Utility.ItemCompleted"]
    assert names == video * 2 + done + ["Utility.ItemFailed"] + video + done + [
        "Utility.BatchCompletedWithErrors"
    ]
    assert receipt.is_success


def test_a_failing_call_is_told_by_name(client):
    receipt = submit(client, video_call(client, 77, storage_buckets_num_witness=1))

    assert not receipt.is_success
    assert receipt.error_message["name"] == "ChannelDoesNotExist"


def test_an_ed25519_account_signs_too(client):
    other = Keypair.create_from_seed("0x" + "22" * 32, ss58_format=126, crypto_type=KeypairType.ED25519)
    pay = client.compose_call("Balances", "transfer", {"dest": other.ss58_address, "value": JOY})
    assert submit(client, pay, "//Other").is_success

    remark = client.compose_call("System", "remark", {"remark": "0x00"})
    extrinsic = client.create_signed_extrinsic(remark, other)
    assert client.submit_extrinsic(extrinsic, wait_for_finalization=True).is_success


def test_a_used_nonce_is_outdated(client):
    extrinsic = client.create_signed_extrinsic(video_call(client), keys("//Collaborator"), nonce=0)

    with pytest.raises(SubstrateRequestException) as refused:
        client.submit_extrinsic(extrinsic)

    assert refused.value.args[0] == {
        "code": 1010,
        "message": "Invalid Transaction",
        "data": "Transaction is outdated",
    }


def test_a_changed_byte_is_a_bad_signature(client):
    extrinsic = client.create_signed_extrinsic(video_call(client), keys("//Collaborator"))
    extrinsic.data.data[-1] ^= 1

    with pytest.raises(SubstrateRequestException, match="Transaction has a bad signature"):
        client.submit_extrinsic(extrinsic)


def test_an_account_without_funds_cannot_pay_the_fee(client):
    remark = client.compose_call("System", "remark", {"remark": "0x00"})

    with pytest.raises(SubstrateRequestException, match="Inability to pay some fees"):
        submit(client, remark, "//Pauper")


def test_the_state_of_a_past_block_can_still_be_read(client):
    before = client.get_chain_head()
    count = client.query("Content", "NextVideoId", block_hash=before).value
    submit(client, video_call(client))

    assert client.query("Content", "NextVideoId").value == count + 1
    assert client.query("Content", "NextVideoId", block_hash=before).value == count
    assert client.query("Content", "VideoById", [count], block_hash=before).value["in_channel"] == 0
    at_the_time = client.query("System", "Number", block_hash=before).value
    assert client.get_block_number(before) == at_the_time
    assert client.get_block_hash(at_the_time) == before


def test_the_keys_of_a_map_are_paged(client):
    submit(client, video_call(client))

    bag = {"Dynamic": {"Channel": CHANNEL}}
    all_objects = list(client.query_map("Storage", "DataObjectsById", [bag], page_size=2))

    number = client.query("Storage", "Bags", [bag]).value["objects_number"]
    assert len(all_objects) == number
    assert all(entry["size"].value for _, entry in all_objects)


def test_an_unknown_block_is_an_error_of_the_client_kind(client):
    answer = _error(client, "state_getStorage", ["0x00", "0x" + "77" * 32])
    assert (answer["code"], answer["message"][:27]) == (4003, "Client error: UnknownBlock:")


def test_bad_requests_get_json_rpcs_own_codes(client):
    assert _error(client, "author_fly", [])["code"] == -32601
    assert _error(client, "chain_getHeader", ["zz"])["code"] == -32602
    assert _error(client, "author_submitExtrinsic", ["0x280402000b10"])["code"] == 1001


def test_http_post_answers_what_answers_once(devnet):
    url = devnet.url.replace("ws:", "http:")
    several = [
        {"jsonrpc": "2.0", "id": 1, "method": "chain_getFinalizedHead", "params": []},
        {
            "jsonrpc": "2.0",
            "id": 2,
            "method": "system_accountNextIndex",
            "params": [keys("//Owner").ss58_address],
        },
    ]

    answers = requests.post(url, json=several, timeout=10).json()

    assert [answer["id"] for answer in answers] == [1, 2]
    assert len(answers[0]["result"]) == 66
    assert answers[1]["result"] == devnet.chain.nonce(public_key("//Owner"))


def test_heads_and_storage_are_told_to_those_who_subscribed(client):
    heads: list[int] = []

    def on_head(head: Any, number: int, subscription: str) -> str | None:
        heads.append(head["header"]["number"])
        return "enough" if len(heads) == 3 else None

    assert client.subscribe_block_headers(on_head) == "enough"
    assert heads == list(range(heads[0], heads[0] + 3))


def _error(client: SubstrateInterface, method: str, params: list[Any]) -> dict[str, Any]:
    with pytest.raises(SubstrateRequestException) as refused:
        client.rpc_request(method, params)
    error: dict[str, Any] = refused.value.args[0]
    return error
