"""Faults of the chain and its query node, by the rows of the list of faults (N1–N15, Q1, Q2)."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from channels import lanes as doors
from channels.models import Channel, Lane, LanePurpose, Pause
from tests.faults.world import (
    extrinsics,
    history,
    matters_of_staff,
    until,
    until_it_waits,
    until_published,
)
from tests.support.devnet import wait_until
from tests.support.factories import reload
from tests.support.service import work, work_until
from videos import outside, words
from videos.models import ChainTransaction, TransactionState
from videos.pipeline import acceptance, creation, funds, lanes, outbox
from videos.states import SOURCE, Stage, State
from ytsynch.joystream.errors import FaucetRefused
from ytsynch.joystream.faucet import Faucet

FINAL, DEAD, SIGNED = TransactionState.FINAL, TransactionState.DEAD, TransactionState.SIGNED


def send(*videos):
    """The videos are signed and on their way."""
    step()
    assert {reload(video).state for video in videos} == {State.CREATING}


def step():
    """One step of the lane."""
    lane = lanes.claim(LanePurpose.VIDEOS)
    assert lane is not None
    creation.advance(lane)
    lanes.release(lane)


def connected():
    """Connecting takes seconds: an era that began before would be over."""
    outside.node().prices()


def wait_for_inclusion(world):
    wait_until(lambda: world.devnet.state()["chain"]["pool"] == 0, what="an empty pool")


def test_n1_while_the_node_is_unreachable_creation_waits_and_then_goes_on(world):
    video = world.downloaded()
    world.do("chain/refuse")
    work(Stage.CREATION)
    assert reload(video).state == State.DOWNLOADED
    world.do("chain/refuse", on=False)
    until_published(video)
    world.is_published_exactly_once(video)


def test_n1_a_socket_that_is_cut_while_an_extrinsic_is_under_way_loses_nothing(world):
    video = world.downloaded()
    send(video)
    world.do("chain/cut-sockets")
    until_published(video)
    world.is_published_exactly_once(video)
    assert extrinsics() == [FINAL]


def test_n2_an_extrinsic_that_was_dropped_is_sent_anew(world):
    video = world.downloaded()
    world.do("chain/drop-extrinsics", signer="//Collaborator")
    until_published(video)
    world.is_published_exactly_once(video)
    assert extrinsics() == [DEAD, FINAL]
    nonces = set(ChainTransaction.objects.values_list("nonce", flat=True))
    assert len(nonces) == 1, "the lost one used up no nonce"
    assert "not_created" in history(video)


def test_n3_an_extrinsic_whose_block_a_fork_dropped_is_not_taken_for_done(world):
    video = world.downloaded()
    connected()
    world.do("chain/stall-finality")
    send(video)
    wait_for_inclusion(world)
    head = world.devnet.state()["chain"]
    world.do("chain/drop-blocks", count=head["best"]["number"] - head["finalized"]["number"])
    world.do("chain/stall-finality", on=False)
    assert reload(video).state == State.CREATING
    until_published(video)
    world.is_published_exactly_once(video)
    assert extrinsics() == [DEAD, FINAL]


def test_n4_an_extrinsic_whose_sender_died_before_the_answer_is_found_in_its_block(world):
    video = world.downloaded()
    world.do("chain/cut-at-submit")
    until_published(video)
    world.is_published_exactly_once(video)
    assert extrinsics() == [FINAL]


def test_n5_somebody_else_used_the_nonce_so_it_is_read_again(world):
    video = world.downloaded()
    world.do("chain/stall-blocks")
    world.do("chain/transfer", sender="//Collaborator", to="//Lead", joy=1)
    send(video)
    world.do("chain/stall-blocks", on=False)
    until_published(video)
    world.is_published_exactly_once(video)
    first, second = ChainTransaction.objects.order_by("id")
    assert (first.state, second.state) == (DEAD, FINAL)
    assert second.nonce == first.nonce + 1


def test_n5_somebody_who_takes_our_nonces_again_and_again_closes_the_lane(world):
    videos = [world.downloaded() for _ in range(outbox.STRANGERS)]
    for count in range(1, outbox.STRANGERS + 1):
        world.do("chain/stall-blocks")
        world.do("chain/transfer", sender="//Collaborator", to="//Lead", joy=1)
        while len(extrinsics()) < count:
            step()
            time.sleep(0.1)
        world.do("chain/stall-blocks", on=False)
        dies()
    lane = Lane.objects.get()
    assert "somebody else" in lane.paused_reason
    work(Stage.CREATION)
    assert extrinsics() == [DEAD] * outbox.STRANGERS, "nothing more is sent"
    doors.resume(lane, by="staff")
    until_published(*videos)
    world.is_published_exactly_once(*videos)


def dies() -> None:
    """The lane's last extrinsic is given up, and no other one made."""
    while extrinsics()[-1] == SIGNED:
        creation.settle(Lane.objects.get())
        time.sleep(0.1)
    assert extrinsics()[-1] == DEAD


def test_n6_without_funds_the_lane_waits_and_goes_on_when_it_is_funded(world):
    video = world.downloaded()
    world.do("chain/drain-collaborator", joy_left=0.001)
    world.devnet.wait_for_blocks(4)
    work(Stage.CREATION)
    lane = Lane.objects.get()
    assert lane.dry_since is not None
    assert (lane.needs or 0) > (lane.balance or 0)
    assert extrinsics() == [], "nothing is sent that cannot be paid"
    world.do("chain/transfer", sender="//Lead", to="//Collaborator", joy=1_000_000)
    world.devnet.wait_for_blocks(4)
    Lane.objects.update(next_balance_check_at=timezone.now())
    assert funds.check_due()
    until_published(video)
    world.is_published_exactly_once(video)


def test_n7_a_price_that_changed_on_the_way_is_read_again(world):
    video = world.downloaded()
    world.do("chain/stall-blocks")
    world.do("chain/set-prices", object_bond=20_000_000)
    send(video)
    world.do("chain/stall-blocks", on=False)
    until_published(video)
    world.is_published_exactly_once(video)
    assert extrinsics() == [FINAL, FINAL]
    assert "failed" in history(video)


def test_n8_one_channels_trouble_stays_its_own_within_the_same_extrinsic(world):
    good, bad = world.downloaded("@alpinebeekeeping"), world.downloaded("@clockworkrestoration")
    channel_id = bad.channel.joystream_channel_id
    world.do("chain/stall-blocks")
    world.do("chain/pause-channel", channel_id=channel_id)
    send(good, bad)
    world.do("chain/stall-blocks", on=False)
    until_published(good)
    assert ChainTransaction.objects.get().entries.count() == 2
    row = reload(bad)
    assert (row.state, row.reason, row.held) == (State.DOWNLOADED, "channel_moderated", Pause.MODERATED)
    world.do("chain/pause-channel", channel_id=channel_id, on=False)


def test_n9_a_full_joystream_channel_is_paused_and_says_so(world):
    video = world.downloaded("@clockworkrestoration")
    channel_id = video.channel.joystream_channel_id
    world.do("chain/take-space", channel_id=channel_id, bytes_left=1000)
    world.devnet.wait_for_blocks(2)
    until_it_waits(video, "joystream_storage_full", Stage.CREATION)
    assert reload(video).held == Channel.objects.get().pause == Pause.STORAGE_FULL
    assert world.on_joystream(video) == []
    world.do("chain/give-space", channel_id=channel_id)


def test_n10_an_extrinsic_that_gets_into_no_block_is_halved_and_the_size_remembered(world):
    videos = [world.downloaded() for _ in range(4)]
    world.do("chain/block-share", share=0.0045)  # room for a video or two
    work_until(lambda: FINAL in extrinsics(), Stage.CREATION)
    sizes = [row.entries.count() for row in ChainTransaction.objects.order_by("id")]
    assert sizes[:2] == [4, 2]
    assert Lane.objects.get().batch_limit is not None
    world.do("chain/block-share", share=1)
    until_published(*videos)
    world.is_published_exactly_once(*videos)


def test_n11_after_a_runtime_upgrade_what_was_signed_before_is_signed_anew(world, upgradable):
    video = world.downloaded()
    world.do("chain/stall-blocks")
    send(video)
    upgradable(2005)
    world.do("chain/stall-blocks", on=False)
    until_published(video)
    world.is_published_exactly_once(video)
    assert extrinsics() == [DEAD, FINAL]


def test_n11_a_runtime_that_nobody_has_looked_at_stops_creation_and_calls_a_human(world, upgradable):
    video = world.downloaded()
    upgradable(2006, foreign=True)
    work(Stage.CREATION)
    lane = Lane.objects.get()
    assert lane.paused_reason.startswith("Needs a human: runtime 2006 differs")
    assert extrinsics() == []
    upgradable(2007)
    doors.resume(lane, by="staff")
    until_published(video)


@pytest.fixture
def upgradable(world):
    """Upgrades the runtime; afterwards it is the usual one again."""
    yield lambda version, **how: world.do("chain/upgrade", spec_version=version, **how)
    world.do("chain/upgrade", spec_version=2004)


def test_n12_while_finality_stalls_nothing_counts_as_created(world):
    video = world.downloaded()
    connected()
    world.do("chain/stall-finality")
    send(video)
    wait_for_inclusion(world)
    step()
    assert reload(video).state == State.CREATING
    assert extrinsics() == [SIGNED], "nothing more is sent meanwhile"
    world.do("chain/stall-finality", on=False)
    until(video, State.CREATED, Stage.CREATION)
    assert extrinsics() == [FINAL]


def test_n12_an_extrinsic_that_waits_for_finality_is_shown_to_staff(world):
    connected()
    world.do("chain/stall-finality")
    send(world.downloaded())
    ChainTransaction.objects.update(signed_at=timezone.now() - timedelta(minutes=11))
    assert any("11 minutes for its extrinsic to become final" in text for text in matters_of_staff())


def test_an_extrinsic_is_never_given_up_by_a_node_that_has_not_seen_its_block(world):
    """Several nodes may answer behind one address, and one of them may lag."""
    video = world.downloaded()
    send(video)
    world.do("chain/lag", blocks=10_000)
    world.devnet.wait_for_blocks(24)  # more than its era
    work(Stage.CREATION)
    assert extrinsics() == [SIGNED]
    world.do("chain/lag", blocks=0)
    until_published(video)
    world.is_published_exactly_once(video)
    assert extrinsics() == [FINAL]


def test_a_block_whose_events_do_not_add_up_closes_the_lane_until_a_human_has_looked(world):
    video = world.downloaded()
    world.do("chain/garble-events")
    send(video)
    work_until(lambda: Lane.objects.get().needs_human, Stage.CREATION)
    assert (reload(video).state, extrinsics()) == (State.CREATING, [SIGNED]), "nobody guesses"
    assert any("Needs a human: extrinsic 0x" in text for text in matters_of_staff())
    world.do("chain/garble-events", on=False)
    work(Stage.CREATION)
    assert extrinsics() == [SIGNED], "it is not even asked again by itself"
    doors.resume(Lane.objects.get(), by="staff")
    until_published(video)
    world.is_published_exactly_once(video)
    assert extrinsics() == [FINAL]


def test_a_lane_that_staff_have_closed_still_follows_what_it_has_sent(world):
    sent = world.downloaded()
    send(sent)
    doors.pause(Lane.objects.get(), "new keys", by="staff")
    waiting = world.downloaded()
    until(sent, State.CREATED, Stage.CREATION)
    work(Stage.CREATION)
    assert reload(waiting).state == State.DOWNLOADED
    assert extrinsics() == [FINAL]


def test_n13_a_deleted_joystream_channel_is_out_and_never_looked_up_again(world):
    video = world.downloaded("@tworoadscycling")
    world.do("chain/delete-channel", channel_id=video.channel.joystream_channel_id)
    world.devnet.wait_for_blocks(4)
    until_it_waits(video, "joystream_channel_gone", Stage.CREATION)
    channel = Channel.objects.get()
    assert channel.pause == Pause.JOYSTREAM_CHANNEL_GONE
    assert not Channel.objects.due_for_discovery().exists()
    before = history(video)
    work()
    assert history(video) == before


def test_n14_without_its_collaborator_the_sync_is_off_and_the_programme_kept(world):
    video = world.downloaded("@nightkitchenphysics")
    status = video.channel.status
    until_it_waits(video, "collaborator_missing", Stage.CREATION)
    channel = Channel.objects.get()
    assert (channel.pause, channel.status) == (Pause.COLLABORATOR_MISSING, status)
    assert reload(video).held == Pause.COLLABORATOR_MISSING


def test_n14_a_collaborator_that_is_removed_in_the_very_moment_is_noticed_too(world):
    video = world.downloaded("@paperboatsdaily")
    channel_id = video.channel.joystream_channel_id
    world.do("chain/stall-blocks")
    world.do("chain/remove-collaborator", channel_id=channel_id)
    send(video)
    world.do("chain/stall-blocks", on=False)
    work_until(lambda: reload(video).held == Pause.COLLABORATOR_MISSING, Stage.CREATION)
    assert world.on_joystream(video) == []
    world.do("chain/add-collaborator", channel_id=channel_id)


def test_q1_nothing_is_signed_while_the_query_node_has_not_seen_the_channels_last_video(world):
    world.do("query-node/lag", blocks=1000)
    first = world.created()
    second = world.downloaded()
    until_it_waits(second, "query_node_behind", Stage.CREATION)
    assert extrinsics() == [FINAL]
    world.do("query-node/lag", blocks=0)
    until_published(first, second)
    world.is_published_exactly_once(first, second)


def test_q2_while_the_query_node_is_down_everything_waits_and_then_goes_on(world):
    created, downloaded = world.created(), world.downloaded()
    world.do("query-node/unavailable")
    work(Stage.CREATION)
    until_it_waits(created, "QUERY_NODE_NOT_CONNECTED", Stage.UPLOAD)
    assert reload(downloaded).state == State.DOWNLOADED
    assert reload(created).attempts == 0
    world.do("query-node/unavailable", on=False)
    until_published(created, downloaded)
    world.is_published_exactly_once(created, downloaded)


def test_q3_a_video_that_lost_its_attribution_is_shown_to_a_human_and_not_created_again(world, monkeypatch):
    """Its owner made a video in the very block: the count that we signed was no longer true."""
    video = world.downloaded()
    channel_id = video.channel.joystream_channel_id
    world.do("chain/stall-blocks")
    world.do("chain/create-video", channel_id=channel_id, title="By hand", seconds=9)
    send(video)
    world.do("chain/stall-blocks", on=False)
    monkeypatch.setattr(acceptance, "PATIENCE", timedelta(0))
    until(video, State.STUCK, Stage.CREATION, Stage.UPLOAD, Stage.ACCEPTANCE)
    row = reload(video)
    assert row.reason == "attribution_missing"
    assert row.joystream_video_id is not None, "found by the events of its block"
    work(*SOURCE)
    assert extrinsics() == [FINAL]
    assert world.on_joystream(video) == []


def test_f1_what_the_faucet_refuses_is_passed_on_with_its_code(world):
    faucet = Faucet(world.devnet.faucet, world.devnet.faucet_key)
    world.do("faucet/refuse", code="TooManyRequestsPerIp")
    try:
        with pytest.raises(FaucetRefused) as refusal:
            faucet.create_membership("j4W34M9gBApzi8Sj9nXSSHJmv3UHnGKecyTFjLGnmxtJDi98L", "somebody")
    finally:
        world.do("faucet/refuse", code=None)
    assert refusal.value.faucet_code == "TooManyRequestsPerIp"
    assert words.of(FaucetRefused.code).actor is words.Actor.CREATOR
