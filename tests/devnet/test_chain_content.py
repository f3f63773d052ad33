"""What the runtime lets whom do with channels and videos, what it charges, and what it says happened."""

from typing import Any

import pytest

from ytsynch.devnet.chain.chain import Chain
from ytsynch.devnet.chain.runtime.balances import CONTENT_TREASURY, STORAGE_TREASURY
from ytsynch.devnet.chain.signer import public_key

from .chain_support import (
    CHANNEL,
    COLLABORATOR,
    CONTENT_ID,
    JOY,
    OTHER_CHANNEL,
    OWNER,
    PRICES,
    batch,
    create_video,
    delete_video,
    error_name,
    failure,
    quiet_chain,
    sealed,
    transfer,
    update_channel,
    update_video,
)


@pytest.fixture
def chain():
    chain = quiet_chain()
    yield chain
    chain.close()


def free(chain: Chain, suri: str) -> int:
    return chain.state().account(public_key(suri)).free


def test_a_collaborator_creates_a_video_and_the_chain_says_so_in_the_runtimes_order(chain):
    events = sealed(chain, "//Collaborator", create_video())

    assert [name for name, _ in events] == [
        "Balances.Withdraw",
        "Balances.Transfer",  # bonds of the objects
        "Balances.Slashed",  # data fee
        "Storage.VoucherChanged",
        "Storage.DataObjectsUploaded",
        "Balances.Transfer",  # bond of the video
        "Content.VideoCreated",
        "TransactionPayment.TransactionFeePaid",
        "System.ExtrinsicSuccess",
    ]
    actor, channel, video, params, objects = dict(events)["Content.VideoCreated"]
    assert (actor, channel, video, objects) == ({"Member": COLLABORATOR}, CHANNEL, 1, [2, 3])
    assert params["meta"] == b"\x01\x02\xff"
    state = chain.state()
    assert state.videos[1].in_channel == CHANNEL
    assert state.videos[1].data_objects == (2, 3)
    assert state.channels[CHANNEL].num_videos == 1
    assert state.bags[CHANNEL].objects_number == 3
    assert not state.data_objects[2].accepted


def test_bonds_and_the_fee_for_each_megabyte_begun_are_charged(chain):
    before, treasury = free(chain, "//Collaborator"), chain.state().account(STORAGE_TREASURY).free

    fee = dict(sealed(chain, "//Collaborator", create_video()))["TransactionPayment.TransactionFeePaid"][1]

    data_fee = 3 * PRICES.data_size_fee  # 3,000,000 bytes are 2.86 MiB
    assert (
        before - free(chain, "//Collaborator") == fee + data_fee + 2 * PRICES.object_bond + PRICES.video_bond
    )
    assert chain.state().account(STORAGE_TREASURY).free - treasury == 2 * PRICES.object_bond


def test_deleting_a_video_pays_the_bonds_back_and_frees_the_space(chain):
    sealed(chain, "//Collaborator", create_video())
    before, bag = chain.state().account(CONTENT_TREASURY).free, chain.state().bags[CHANNEL]

    names = [name for name, _ in sealed(chain, "//Collaborator", delete_video(1))]

    assert names[-3:-1] == ["Content.VideoDeleted", "TransactionPayment.TransactionFeePaid"]
    assert 1 not in chain.state().videos
    assert before - chain.state().account(CONTENT_TREASURY).free == PRICES.video_bond
    assert bag.objects_number - chain.state().bags[CHANNEL].objects_number == 2
    assert chain.state().buckets[0].objects_used == 1


@pytest.mark.parametrize(
    ("signer", "call", "error"),
    [
        ("//Collaborator", create_video(77), "Content.ChannelDoesNotExist"),
        ("//Other", create_video(), "Content.MemberAuthFailed"),
        ("//Collaborator", create_video(actor="Lead"), "Content.LeadAuthFailed"),
        ("//Collaborator", create_video(actor={"Curator": (1, 1)}), "Content.CuratorAuthFailed"),
        (
            "//Collaborator",
            create_video(storage_buckets_num_witness=2),
            "Content.InvalidStorageBucketsNumWitnessProvided",
        ),
        (
            "//Collaborator",
            create_video(expected_video_state_bloat_bond=1),
            "Content.VideoStateBloatBondChanged",
        ),
        ("//Collaborator", create_video(fee=1), "Storage.DataSizeFeeChanged"),
        (
            "//Collaborator",
            create_video(expected_data_object_state_bloat_bond=1),
            "Storage.DataObjectStateBloatBondChanged",
        ),
        (
            "//Collaborator",
            create_video(objects=[{"size": 10**9, "ipfs_content_id": CONTENT_ID.encode()}] * 21),
            "Content.MaxNumberOfVideoAssetsExceeded",
        ),
        (
            "//Collaborator",
            create_video(objects=[{"size": 61 * 10**9, "ipfs_content_id": CONTENT_ID.encode()}]),
            "Storage.MaxDataObjectSizeExceeded",
        ),
        (
            "//Collaborator",
            create_video(objects=[{"size": 0, "ipfs_content_id": CONTENT_ID.encode()}]),
            "Storage.ZeroObjectSize",
        ),
        (
            "//Collaborator",
            create_video(objects=[{"size": 1, "ipfs_content_id": b""}]),
            "Storage.EmptyContentId",
        ),
    ],
)
def test_a_video_is_refused_with_the_runtimes_own_error(chain, signer, call, error):
    assert failure(chain, signer, call) == error
    assert not chain.state().videos


def test_a_failing_call_is_paid_for_and_leaves_nothing_else(chain):
    before = free(chain, "//Collaborator")

    events = sealed(chain, "//Collaborator", create_video(77))

    assert [name for name, _ in events] == [
        "Balances.Withdraw",
        "TransactionPayment.TransactionFeePaid",
        "System.ExtrinsicFailed",
    ]
    assert chain.nonce(public_key("//Collaborator")) == 1
    assert before - free(chain, "//Collaborator") == events[1][1][1]


def test_a_member_that_is_no_collaborator_is_not_authorised(chain):
    sealed(chain, "//Owner", update_channel(collaborators={}))

    assert failure(chain, "//Collaborator", create_video()) == "Content.ActorNotAuthorized"


def test_a_collaborator_without_the_permission_is_told_that_it_lacks_it(chain):
    sealed(chain, "//Owner", update_channel(collaborators={COLLABORATOR: ["UpdateVideoMetadata"]}))

    assert failure(chain, "//Collaborator", create_video()) == "Content.ChannelAgentInsufficientPermissions"


def test_the_permission_comes_back_with_the_collaborator(chain):
    sealed(chain, "//Owner", update_channel(collaborators={}))
    sealed(chain, "//Owner", update_channel(collaborators={COLLABORATOR: ["AddVideo"]}))

    assert failure(chain, "//Collaborator", create_video()) is None


def test_a_paused_feature_refuses_videos(chain):
    pause = {
        "actor": "Lead",
        "channel_id": CHANNEL,
        "new_paused_features": ["VideoCreation"],
        "rationale": b"",
    }
    assert (
        failure(chain, "//ContentLead", {"Content": {"set_channel_paused_features_as_moderator": pause}})
        is None
    )

    assert failure(chain, "//Collaborator", create_video()) == "Content.ChannelFeaturePaused"
    assert failure(chain, "//Collaborator", create_video(OTHER_CHANNEL)) is None


def test_a_full_voucher_refuses_by_size_and_by_number(chain):
    def limit(size: int, objects: int) -> dict[str, Any]:
        arguments = {
            "storage_bucket_id": 0,
            "new_objects_size_limit": size,
            "new_objects_number_limit": objects,
        }
        return {"Storage": {"set_storage_bucket_voucher_limits": arguments}}

    assert failure(chain, "//Other", limit(1, 1)) == "BadOrigin"
    sealed(chain, "//StorageLead", limit(2_000_000, 100))
    assert failure(chain, "//Collaborator", create_video()) == "Storage.StorageBucketObjectSizeLimitReached"
    sealed(chain, "//StorageLead", limit(10**12, 2))
    assert failure(chain, "//Collaborator", create_video()) == "Storage.StorageBucketObjectNumberLimitReached"
    sealed(chain, "//StorageLead", limit(10**12, 100))
    assert failure(chain, "//Collaborator", create_video()) is None


def test_changed_prices_are_noticed_by_calls_that_expect_the_old_ones(chain):
    sealed(
        chain,
        "//ContentLead",
        {"Content": {"update_video_state_bloat_bond": {"new_video_state_bloat_bond": 5}}},
    )
    assert failure(chain, "//Collaborator", create_video()) == "Content.VideoStateBloatBondChanged"

    sealed(chain, "//StorageLead", {"Storage": {"update_data_size_fee": {"new_data_size_fee": 7}}})
    stale = create_video(expected_video_state_bloat_bond=5)
    assert failure(chain, "//Collaborator", stale) == "Storage.DataSizeFeeChanged"

    fresh = create_video(expected_video_state_bloat_bond=5, fee=7)
    assert failure(chain, "//Collaborator", fresh) is None


def test_an_account_that_cannot_pay_the_bonds_keeps_its_channel_without_the_video(chain):
    sealed(chain, "//Collaborator", transfer("//Other", free(chain, "//Collaborator") - JOY // 10))

    assert failure(chain, "//Collaborator", create_video()) == "Content.InsufficientBalanceForVideoCreation"


def test_new_assets_of_a_video_replace_old_ones(chain):
    sealed(chain, "//Collaborator", create_video())
    assets = {
        "expected_data_size_fee": PRICES.data_size_fee,
        "object_creation_list": [{"size": 5, "ipfs_content_id": CONTENT_ID.encode()}],
    }

    assert (
        failure(chain, "//Collaborator", update_video(1, assets_to_upload=assets))
        == "Content.MissingStorageBucketsNumWitness"
    )
    change = update_video(1, assets_to_upload=assets, assets_to_remove=[2], storage_buckets_num_witness=1)
    events = dict(sealed(chain, "//Collaborator", change))

    assert events["Storage.DataObjectsUpdated"][1:] == ([4], [2])
    assert events["Content.VideoUpdated"][3] == [4]
    assert chain.state().videos[1].data_objects == (3, 4)
    assert 2 not in chain.state().data_objects
    foreign = update_video(1, assets_to_remove=[1], storage_buckets_num_witness=1)
    assert failure(chain, "//Collaborator", foreign) == "Content.AssetsToRemoveBeyondEntityAssetsSet"


def test_a_storage_node_accepts_what_lies_in_its_buckets_bag(chain):
    sealed(chain, "//Collaborator", create_video())

    def accept(bucket: int = 0, worker: int = 70, objects: tuple[int, ...] = (2, 3)) -> dict[str, Any]:
        arguments = {
            "worker_id": worker,
            "storage_bucket_id": bucket,
            "bag_id": {"Dynamic": {"Channel": CHANNEL}},
            "data_objects": list(objects),
        }
        return {"Storage": {"accept_pending_data_objects": arguments}}

    assert failure(chain, "//Other", accept()) == "Storage.InvalidTransactorAccount"
    assert failure(chain, "//Operator", accept(worker=71)) == "Storage.InvalidStorageProvider"
    assert failure(chain, "//Operator", accept(bucket=1, worker=71)) == "Storage.StorageBucketIsNotBoundToBag"
    assert failure(chain, "//Operator", accept(objects=(2, 99))) == "Storage.DataObjectDoesntExist"
    assert not chain.state().data_objects[2].accepted
    events = dict(sealed(chain, "//Operator", accept()))
    assert events["Storage.PendingDataObjectsAccepted"][3] == [2, 3]
    assert chain.state().data_objects[2].accepted


def test_a_new_channel_gets_a_bag_and_is_deleted_with_it(chain):
    params = {
        "assets": {
            "expected_data_size_fee": PRICES.data_size_fee,
            "object_creation_list": [{"size": 5, "ipfs_content_id": CONTENT_ID.encode()}],
        },
        "meta": b"meta",
        "collaborators": {COLLABORATOR: ["AddVideo"]},
        "storage_buckets": [1],
        "distribution_buckets": [],
        "expected_channel_state_bloat_bond": PRICES.channel_bond,
        "expected_data_object_state_bloat_bond": PRICES.object_bond,
    }
    create = {"Content": {"create_channel": {"channel_owner": {"Member": OWNER}, "params": params}}}

    events = dict(sealed(chain, "//Owner", create))

    channel_id, record, _, _ = events["Content.ChannelCreated"]
    assert (channel_id, record["data_objects"]) == (7, [2])
    assert chain.state().bags[7].stored_by == (1,)
    assert failure(chain, "//Collaborator", create_video(7, storage_buckets_num_witness=1)) is None

    def delete(objects: int, buckets: int = 1) -> dict[str, Any]:
        witness = {"storage_buckets_num": buckets, "distribution_buckets_num": 0}
        arguments = {
            "actor": {"Member": OWNER},
            "channel_id": 7,
            "channel_bag_witness": witness,
            "num_objects_to_delete": objects,
        }
        return {"Content": {"delete_channel": arguments}}

    assert failure(chain, "//Owner", delete(1, 2)) == "Content.InvalidChannelBagWitnessProvided"
    assert failure(chain, "//Owner", delete(1)) == "Content.ChannelContainsVideos"
    sealed(chain, "//Owner", _as_owner(delete_video(1)))
    assert failure(chain, "//Owner", delete(5)) == "Content.InvalidBagSizeSpecified"
    assert failure(chain, "//Owner", delete(1)) is None
    assert 7 not in chain.state().channels
    assert 7 not in chain.state().bags
    assert failure(chain, "//Collaborator", create_video(7)) == "Content.ChannelDoesNotExist"


def _as_owner(call: dict[str, Any]) -> dict[str, Any]:
    arguments = call["Content"]["delete_video"]
    return {"Content": {"delete_video": {**arguments, "actor": {"Member": OWNER}}}}


def test_a_failing_channel_takes_nothing_from_the_others_of_a_force_batch(chain):
    call = batch(
        "force_batch",
        batch("batch_all", create_video(), create_video()),
        batch("batch_all", create_video(OTHER_CHANNEL), create_video(77)),
        batch("batch_all", create_video(OTHER_CHANNEL)),
    )

    events = sealed(chain, "//Collaborator", call)

    marks = [name for name, _ in events if name.startswith("Utility.") or name == "Content.VideoCreated"]
    assert marks == [
        "Content.VideoCreated",
        "Utility.ItemCompleted",
        "Content.VideoCreated",
        "Utility.ItemCompleted",
        "Utility.BatchCompleted",
        "Utility.ItemCompleted",  # the first channel
        "Utility.ItemFailed",  # the second: of its first video nothing is left
        "Content.VideoCreated",
        "Utility.ItemCompleted",
        "Utility.BatchCompleted",
        "Utility.ItemCompleted",  # the third
        "Utility.BatchCompletedWithErrors",
    ]
    assert error_name(chain, dict(events)["Utility.ItemFailed"][0]) == "Content.ChannelDoesNotExist"
    assert sorted(chain.state().videos) == [1, 2, 3]
    assert chain.state().channels[OTHER_CHANNEL].num_videos == 1


def test_a_batch_stops_at_the_first_failure_and_keeps_what_was_done(chain):
    events = sealed(chain, "//Collaborator", batch("batch", create_video(), create_video(77), create_video()))

    index, error = dict(events)["Utility.BatchInterrupted"]
    assert (index, error_name(chain, error)) == (1, "Content.ChannelDoesNotExist")
    assert events[-1][0] == "System.ExtrinsicSuccess"
    assert sorted(chain.state().videos) == [1]


def test_a_batch_all_undoes_everything_and_fails(chain):
    call = batch("batch_all", create_video(), create_video(77))

    assert failure(chain, "//Collaborator", call) == "Content.ChannelDoesNotExist"
    assert not chain.state().videos
    nested = batch("batch_all", batch("batch_all", create_video()))
    assert failure(chain, "//Collaborator", nested) == "System.CallFiltered"


def test_members_are_bought_gifted_and_may_remark_with_a_payment(chain):
    def buying(handle: bytes) -> dict[str, Any]:
        account = public_key("//Newcomer")
        params = {
            "root_account": account,
            "controller_account": account,
            "handle": handle,
            "metadata": b"",
            "referrer_id": None,
        }
        return {"Members": {"buy_membership": {"params": params}}}

    assert failure(chain, "//Other", buying(b"owner")) == "Members.HandleAlreadyRegistered"
    assert dict(sealed(chain, "//Other", buying(b"newcomer")))["Members.MembershipBought"][0] == 11
    gift = {
        "root_account": public_key("//Guest"),
        "controller_account": public_key("//Guest"),
        "handle": b"guest",
        "metadata": b"",
        "credit_controller_account": JOY,
        "apply_controller_account_invitation_lock": None,
        "credit_root_account": 0,
        "apply_root_account_invitation_lock": None,
    }
    assert failure(chain, "//Other", {"Members": {"gift_membership": {"params": gift}}}) is None
    assert chain.state().members[12].controller_account == public_key("//Guest")
    assert free(chain, "//Guest") == JOY

    def remark(payment: tuple[bytes, int] | None) -> dict[str, Any]:
        arguments = {"member_id": OWNER, "msg": b"\x50", "payment": payment}
        return {"Members": {"member_remark": arguments}}

    assert failure(chain, "//Other", remark(None)) == "Members.ControllerAccountRequired"
    paid = sealed(chain, "//Owner", remark((public_key("//Guest"), JOY)))
    assert dict(paid)["Members.MemberRemarked"] == (OWNER, b"\x50", (public_key("//Guest"), JOY))
    assert free(chain, "//Guest") == 2 * JOY
    too_much = remark((public_key("//Guest"), 10**18))
    assert failure(chain, "//Owner", too_much) == "Members.InsufficientBalanceToCoverPayment"


def test_accounts_appear_and_vanish_at_the_existential_deposit(chain):
    assert failure(chain, "//Other", transfer("//Nobody", 1)) == "Balances.ExistentialDeposit"
    events = [name for name, _ in sealed(chain, "//Other", transfer("//Nobody", JOY))]
    assert events[1:4] == ["System.NewAccount", "Balances.Endowed", "Balances.Transfer"]

    fee = dict(sealed(chain, "//Nobody", transfer("//Other", 1)))["TransactionPayment.TransactionFeePaid"][1]
    rest = free(chain, "//Nobody") - fee
    leaving = [name for name, _ in sealed(chain, "//Nobody", transfer("//Other", rest - 10**7))]

    assert leaving[1:4] == ["Balances.Transfer", "System.KilledAccount", "Balances.DustLost"]
    assert not chain.state().account(public_key("//Nobody")).exists
