"""The service's Joystream clients against the devnet: two implementations that share nothing but the wire."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest

from tests.support.devnet import wait_until
from tests.support.joystream import RunningJoystream, running_joystream
from ytsynch.devnet.world import COLLABORATOR, PAYER, World, build_world
from ytsynch.joystream.attribution import AppSigner
from ytsynch.joystream.batches import Created, Failed, settle, settle_payments
from ytsynch.joystream.content_id import content_id
from ytsynch.joystream.errors import (
    AlreadyStored,
    EventsDoNotAddUp,
    ExtrinsicRefused,
    FaucetRefused,
    FileRejected,
    NodeUnavailable,
    ObjectUnknown,
    QueryNodeUnavailable,
    Refusal,
    StateDiscarded,
    StorageUnavailable,
    UploadsBlocked,
)
from ytsynch.joystream.faucet import Faucet
from ytsynch.joystream.keys import Signer
from ytsynch.joystream.metadata import Subtitle, VideoFacts, video_metadata
from ytsynch.joystream.node import (
    Asset,
    BlockRef,
    Call,
    ChannelBatch,
    ChannelPayment,
    DispatchError,
    Inclusion,
    NewVideo,
    Node,
    SignedExtrinsic,
)
from ytsynch.joystream.query_node import QueryNode
from ytsynch.joystream.remarks import channel_payment
from ytsynch.joystream.storage_node import StorageNode

ALPINE, CLOCKWORK, WITHOUT_COLLABORATOR = 1, 2, 5
NO_SUCH_CHANNEL = 999
WORLD: World = build_world(1)
SIGNER = Signer.from_account(suri=COLLABORATOR.suri)
ASSETS = (Asset(5000, "gW" + "m" * 44), Asset(60, "gW" + "t" * 44), Asset(7, "gW" + "s" * 44))
FACTS = VideoFacts(
    title="Bees 🐝 über den Wolken",
    title_fallback="untitled",
    description="First line\nsecond line",
    duration=321,
    width=1920,
    height=1080,
    mime_type="video/mp4",
    container="mp4",
    codec="h264",
    licence="creativeCommon",
    licence_attribution="Alpine Beekeeping",
    language="de-AT",
    category_id="1",
    published_at=datetime(2024, 2, 29, 23, 59, 58, tzinfo=UTC),
    is_short=True,
    is_explicit=False,
    subtitles=(Subtitle("fr", "text/vtt", 2),),
)


@pytest.fixture
def joystream(tmp_path) -> Iterator[RunningJoystream]:
    with running_joystream(tmp_path) as running:
        yield running


@pytest.fixture
def node(joystream) -> Iterator[Node]:
    client = Node(joystream.chain, timeout=10.0)
    yield client
    client.close()


@pytest.fixture
def query_node(joystream) -> QueryNode:
    return QueryNode(joystream.query_node, timeout=10.0)


def new_video(channel_id: int, nonce: int, prices, assets: Sequence[Asset] = ASSETS) -> NewVideo:
    meta = AppSigner(WORLD.app.account_seed).create_video_meta(
        nonce=nonce,
        channel_id=channel_id,
        assets=assets,
        data_size_fee_per_mb=prices.data_size_fee_per_mb,
        content_metadata=video_metadata(FACTS),
        youtube_id=f"yt-{channel_id}-{nonce}",
        app_id=WORLD.app.id,
    )
    return NewVideo(meta, assets)


def batch(node: Node, channel_id: int, count: int, assets: Sequence[Asset] = ASSETS) -> ChannelBatch:
    prices, channel = node.prices(), node.channel(channel_id)
    videos = [new_video(channel_id, nonce, prices, assets) for nonce in range(count)]
    return ChannelBatch(
        channel_id, COLLABORATOR.id, videos, prices, channel.stored_by_count if channel else 2
    )


def signed(node: Node, call: Call, **changes) -> SignedExtrinsic:
    facts = {"nonce": node.nonce(SIGNER.address), "era_period": 64, "birth": node.finalized()}
    return node.sign(call, SIGNER, **{**facts, **changes})


def included(joystream: RunningJoystream, node: Node, call: Call) -> Inclusion:
    extrinsic = signed(node, call)
    node.submit(extrinsic.data)
    joystream.seal()
    inclusion = node.find(extrinsic.hash, extrinsic.birth + 1, extrinsic.death - 1)
    assert inclusion is not None
    return inclusion


def created(joystream: RunningJoystream, node: Node, *batches: ChannelBatch) -> list[Created | Failed]:
    inclusion = included(joystream, node, node.create_videos_call(batches))
    return settle(node.outcome(inclusion), [len(one.videos) for one in batches])


def all_created(joystream: RunningJoystream, node: Node, *batches: ChannelBatch) -> list[Created]:
    results = []
    for result in created(joystream, node, *batches):
        assert isinstance(result, Created), result
        results.append(result)
    return results


# The chain


def test_blocks_are_seen_best_and_final(joystream, node):
    joystream.seal(5)
    best, final = node.best(), node.finalized()
    assert (best.number, final.number) == (5, 3)
    assert node.block_hash(3) == final.hash
    assert node.block_hash(6) is None


def test_a_channel_comes_with_its_collaborators_and_its_bag(node):
    channel = node.channel(ALPINE)
    assert channel is not None
    assert channel.owner_member == 1
    assert channel.allows(COLLABORATOR.id, "AddVideo")
    assert not channel.allows(COLLABORATOR.id, "DeleteChannel")
    assert (channel.stored_by, channel.bag_objects) == ((0, 1), 2)
    assert channel.bag_bytes == sum(len(asset.content) for asset in WORLD.channels[0].assets)
    without = node.channel(WITHOUT_COLLABORATOR)
    assert without is not None
    assert without.collaborators == {}
    assert node.channel(NO_SUCH_CHANNEL) is None
    assert node.bucket_vouchers(NO_SUCH_CHANNEL) == []


def test_state_can_be_asked_for_at_a_block(joystream, node):
    before = node.best()
    (result,) = all_created(joystream, node, batch(node, ALPINE, 1))
    video_id, object_ids = result.videos[0]
    video = node.video(video_id)
    assert video is not None
    assert (video.channel_id, video.data_objects) == (ALPINE, object_ids)
    assert node.video(video_id, at=before) is None
    assert (node.nonce(SIGNER.address), node.nonce(SIGNER.address, at=before)) == (1, 0)
    assert node.balance(SIGNER.address) < node.balance(SIGNER.address, at=before.hash)


def test_the_balance_of_a_stranger_is_nothing(node):
    stranger = Signer.from_account(suri="//Stranger").address
    assert (node.balance(stranger), node.nonce(stranger)) == (0, 0)


def test_vouchers_tell_what_is_left_in_the_channels_buckets(joystream, node):
    joystream.control_action("chain/take-space", channel_id=ALPINE, bytes_left=1000, objects_left=3)
    joystream.seal()
    vouchers = node.bucket_vouchers(ALPINE)
    assert min(voucher.size_limit - voucher.size_used for voucher in vouchers) == 1000
    assert min(voucher.objects_limit - voucher.objects_used for voucher in vouchers) == 3


# Creation


def test_each_channel_succeeds_or_fails_by_itself_and_every_video_gets_its_ids(joystream, node):
    results = created(
        joystream,
        node,
        batch(node, ALPINE, 2),
        batch(node, NO_SUCH_CHANNEL, 1),
        batch(node, WITHOUT_COLLABORATOR, 2),
        batch(node, CLOCKWORK, 1),
    )
    assert results[1:3] == [
        Failed(DispatchError("Content", "ChannelDoesNotExist")),
        Failed(DispatchError("Content", "ActorNotAuthorized")),
    ]
    alpine, clockwork = results[0], results[3]
    assert isinstance(alpine, Created)
    assert isinstance(clockwork, Created)
    assert (alpine.channel_id, clockwork.channel_id) == (ALPINE, CLOCKWORK)
    videos = [*alpine.videos, *clockwork.videos]
    assert [video.video_id for video in videos] == [1, 2, 3]
    assert all(len(video.object_ids) == len(ASSETS) for video in videos)
    assert [node.video(video.video_id).data_objects for video in videos] == [v.object_ids for v in videos]


def test_one_bad_video_takes_its_channels_batch_and_no_other_with_it(joystream, node):
    prices = node.prices()
    nothing = Asset(0, ASSETS[0].content_id)
    videos = [new_video(ALPINE, 0, prices), new_video(ALPINE, 1, prices, [nothing])]
    spoilt = ChannelBatch(ALPINE, COLLABORATOR.id, videos, prices, 2)
    bad, good = created(joystream, node, spoilt, batch(node, CLOCKWORK, 2))
    assert bad == Failed(DispatchError("Storage", "ZeroObjectSize"))
    assert isinstance(good, Created)
    assert len(good.videos) == 2
    assert node.channel(ALPINE).video_count == 0


def test_prices_that_changed_fail_the_batch_by_name(joystream, node):
    stale = batch(node, ALPINE, 1)
    joystream.control_action("chain/set-prices", data_size_fee=77)
    joystream.seal()
    assert created(joystream, node, stale) == [Failed(DispatchError("Storage", "DataSizeFeeChanged"))]
    assert node.prices().data_size_fee_per_mb == 77


def test_a_full_channel_fails_by_name(joystream, node):
    joystream.control_action("chain/take-space", channel_id=ALPINE, bytes_left=10)
    joystream.seal()
    (result,) = created(joystream, node, batch(node, ALPINE, 1))
    assert result == Failed(DispatchError("Storage", "StorageBucketObjectSizeLimitReached"))


def test_weight_and_fee_grow_with_the_videos_and_a_block_takes_hundreds(joystream, node):
    one, fee_of_one = node.weight_of(node.create_videos_call([batch(node, ALPINE, 1)]), SIGNER)
    ten_call = node.create_videos_call([batch(node, ALPINE, 10)])
    ten, fee_of_ten = node.weight_of(ten_call, SIGNER)
    assert 9 * one.ref_time < ten.ref_time < 10 * one.ref_time
    assert fee_of_one < fee_of_ten
    assert 200 < node.block_weight_limit() / (ten.ref_time / 10) < 1000
    assert ten.length < node.block_length_limit()
    assert node.outcome(included(joystream, node, ten_call)).fee <= fee_of_ten


def test_the_outcome_of_a_block_with_three_hundred_videos_is_read_and_settled(joystream, node):
    (result,) = all_created(joystream, node, batch(node, ALPINE, 300))
    assert [video.video_id for video in result.videos] == list(range(1, 301))


# Exactly once


def test_an_extrinsic_is_found_by_the_hash_that_was_known_before_sending(joystream, node):
    extrinsic = signed(node, node.create_videos_call([batch(node, ALPINE, 1)]))
    assert node.find(extrinsic.hash, 0, 100) is None
    node.submit(extrinsic.data)
    joystream.seal(3)
    inclusion = node.find(extrinsic.hash, extrinsic.birth + 1, extrinsic.death - 1)
    assert inclusion == Inclusion(BlockRef(1, node.block_hash(1)), 1)
    assert node.find(extrinsic.hash, 2, 100) is None


def test_an_extrinsic_whose_answer_was_cut_off_is_found_in_the_chain(joystream, node):
    extrinsic = signed(node, node.create_videos_call([batch(node, ALPINE, 1)]))
    joystream.control_action("chain/cut-at-submit")
    with pytest.raises(NodeUnavailable):
        node.submit(extrinsic.data)
    joystream.seal()
    assert node.find(extrinsic.hash, extrinsic.birth + 1, extrinsic.death - 1) is not None


def test_an_extrinsic_that_the_node_lost_can_be_sent_again_as_it_is(joystream, node):
    extrinsic = signed(node, node.create_videos_call([batch(node, ALPINE, 1)]))
    joystream.control_action("chain/drop-extrinsics")
    node.submit(extrinsic.data)
    joystream.seal()
    assert node.find(extrinsic.hash, 0, 10) is None
    node.submit(extrinsic.data)
    joystream.seal()
    assert node.find(extrinsic.hash, 0, 10) is not None


def test_an_extrinsic_whose_block_was_dropped_is_found_no_more(joystream, node):
    extrinsic = signed(node, node.create_videos_call([batch(node, ALPINE, 1)]))
    node.submit(extrinsic.data)
    joystream.seal()
    inclusion = node.find(extrinsic.hash, 0, 10)
    joystream.control_action("chain/drop-blocks", count=1)
    assert node.find(extrinsic.hash, 0, 10) is None
    assert node.block_hash(1) != inclusion.block.hash


def test_an_extrinsic_cannot_land_in_its_death_block_or_later(joystream, node):
    extrinsic = signed(node, node.create_videos_call([batch(node, ALPINE, 1)]), era_period=4)
    joystream.seal(extrinsic.death - 1)  # the next block is the one of its death
    with pytest.raises(ExtrinsicRefused):
        node.submit(extrinsic.data)


def test_an_extrinsic_can_land_in_the_last_block_before_its_death(joystream, node):
    extrinsic = signed(node, node.create_videos_call([batch(node, ALPINE, 1)]), era_period=4)
    last = extrinsic.death - 1
    joystream.seal(last - 1)
    node.submit(extrinsic.data)
    joystream.seal()
    assert node.find(extrinsic.hash, 0, 10) == Inclusion(BlockRef(last, node.block_hash(last)), 1)


def test_a_used_nonce_is_refused_as_stale(joystream, node):
    call = node.create_videos_call([batch(node, ALPINE, 1)])
    included(joystream, node, call)
    with pytest.raises(ExtrinsicRefused) as refused:
        node.submit(signed(node, call, nonce=0).data)
    assert refused.value.reason is Refusal.STALE_NONCE


def test_a_forged_signature_is_refused_as_bad(joystream, node):
    extrinsic = signed(node, node.create_videos_call([batch(node, ALPINE, 1)]))
    forged = bytearray(extrinsic.data)
    forged[50] ^= 1
    with pytest.raises(ExtrinsicRefused) as refused:
        node.submit(bytes(forged))
    assert refused.value.reason is Refusal.BAD_SIGNATURE


def test_an_account_that_cannot_pay_is_refused_as_unfunded(node):
    call = node.create_videos_call([batch(node, ALPINE, 1)])
    pauper = Signer.from_account(suri="//Pauper")
    extrinsic = node.sign(call, pauper, nonce=0, era_period=64, birth=node.finalized())
    with pytest.raises(ExtrinsicRefused) as refused:
        node.submit(extrinsic.data)
    assert refused.value.reason is Refusal.UNFUNDED


def test_an_ed25519_account_can_sign_as_well(joystream, node):
    signer = Signer.from_account(suri="//Edward", type="ed25519")
    joystream.control_action("chain/transfer", sender="//Lead", to=signer.address, joy=5)
    joystream.seal()
    call = node.create_videos_call([batch(node, ALPINE, 1)])
    extrinsic = node.sign(call, signer, nonce=0, era_period=64, birth=node.finalized())
    node.submit(extrinsic.data)
    joystream.seal()
    outcome = node.outcome(node.find(extrinsic.hash, 0, 10))
    assert settle(outcome, [1]) == [Failed(DispatchError("Content", "MemberAuthFailed"))]


def test_after_the_sockets_were_cut_the_next_call_but_one_works(joystream, node):
    node.best()
    joystream.control_action("chain/cut-sockets")
    with pytest.raises(NodeUnavailable):
        node.best()
    assert node.best().number == 0


def test_the_outcome_in_a_block_whose_state_is_gone_is_told_apart(joystream, node):
    inclusion = included(joystream, node, node.create_videos_call([batch(node, ALPINE, 1)]))
    joystream.seal(260)
    with pytest.raises(StateDiscarded):
        node.outcome(inclusion)
    assert node.best().number == 261


# The query node


def test_the_query_node_attributes_the_video_to_the_app_and_its_youtube_id(joystream, node, query_node):
    app = query_node.app(WORLD.app.name)
    assert app.auth_key == "0x" + AppSigner(WORLD.app.account_seed).public_key.hex()
    (result,) = all_created(joystream, node, batch(node, ALPINE, 3))
    assert query_node.last_processed_block() == 1
    found = query_node.videos_by_youtube_id([f"yt-{ALPINE}-0", f"yt-{ALPINE}-2", "unknown"])
    assert sorted(found) == [f"yt-{ALPINE}-0", f"yt-{ALPINE}-2"]
    (video,) = found[f"yt-{ALPINE}-2"]
    assert (video.app_name, video.app_id, video.channel_id) == (app.name, app.id, ALPINE)
    assert (video.id, video.created_in_block) == (result.videos[2].video_id, 1)
    assert [asset.object_id for asset in video.assets] == list(result.videos[2].object_ids)
    assert [asset.content_id for asset in video.assets] == [asset.content_id for asset in ASSETS]
    assert query_node.video(video.id) == video
    assert query_node.videos([video.id, 999]) == {video.id: video}
    assert [v.id for v in query_node.videos_of_channel(ALPINE, page=2)] == [1, 2, 3]
    assert query_node.channel(ALPINE).total_videos_created == 3


def test_a_stale_nonce_creates_the_video_without_attribution(joystream, node, query_node):
    created(joystream, node, batch(node, ALPINE, 1))
    (result,) = all_created(joystream, node, batch(node, ALPINE, 1))  # nonce 0 once more
    video = query_node.video(result.videos[0].video_id)
    assert (video.youtube_id, video.app_name) == (None, None)


def test_the_query_node_shows_every_fact_of_the_video(joystream, node):
    created(joystream, node, batch(node, ALPINE, 1))
    query = """query { videos { title description duration language isShort isExplicit isPublic hasMarketing
      publishedBeforeJoystream category { id } license { code attribution }
      mediaMetadata { pixelWidth pixelHeight encoding { codecName container mimeMediaType } }
      subtitles { type language mimeType } } }"""
    (video,) = joystream.ask(query)["videos"]
    published = video.pop("publishedBeforeJoystream")
    assert datetime.fromisoformat(published) == FACTS.published_at
    assert video == {
        "title": FACTS.title,
        "description": FACTS.description,
        "duration": 321,
        "language": "de",
        "isShort": True,
        "isExplicit": False,
        "isPublic": True,
        "hasMarketing": False,
        "category": {"id": "1"},
        "license": {"code": 1002, "attribution": "Alpine Beekeeping"},
        "mediaMetadata": {
            "pixelWidth": 1920,
            "pixelHeight": 1080,
            "encoding": {"codecName": "h264", "container": "mp4", "mimeMediaType": "video/mp4"},
        },
        "subtitles": [{"type": "subtitles", "language": "fr", "mimeType": "text/vtt"}],
    }


def test_members_channels_categories_and_buckets_are_read(query_node):
    member = query_node.member(8)
    assert member.controller_account == Signer.from_account(suri="//TwoRoadsCycling").address
    channels = query_node.channels_of_member(8)
    assert sorted(channel.id for channel in channels) == [8, 9]
    assert all(channel.owner_account == member.controller_account for channel in channels)
    assert query_node.channels([8, NO_SUCH_CHANNEL]).keys() == {8}
    assert query_node.channel(NO_SUCH_CHANNEL) is None
    alpine = query_node.channel(ALPINE)
    assert alpine.title == "Alpine Beekeeping"
    assert alpine.avatar.is_accepted
    assert alpine.cover.is_accepted
    assert len(query_node.categories()) == len(WORLD.categories)
    assert query_node.category("no such") is None
    assert query_node.app("no such") is None
    assert [bucket.id for bucket in query_node.storage_buckets(ALPINE)] == [0, 1]
    assert all(bucket.free_bytes > 10**9 for bucket in query_node.storage_buckets(ALPINE))


def test_a_lagging_query_node_says_how_far_it_is(joystream, query_node):
    joystream.control_action("query-node/lag", blocks=3)
    joystream.seal(5)
    assert query_node.last_processed_block() == 2


@pytest.mark.parametrize("fault", ["unavailable", "cut"])
def test_a_query_node_in_trouble_is_unavailable_and_then_well_again(joystream, query_node, fault):
    joystream.control_action(f"query-node/{fault}")
    for ask in (query_node.categories, query_node.last_processed_block):
        with pytest.raises(QueryNodeUnavailable):
            ask()
    joystream.control_action(f"query-node/{fault}", on=False)
    assert query_node.categories()
    assert query_node.last_processed_block() == 0


def test_an_error_of_the_query_node_comes_with_its_words(joystream, query_node):
    joystream.control_action("query-node/error", message="canceling statement due to timeout")
    with pytest.raises(QueryNodeUnavailable, match="canceling statement due to timeout"):
        query_node.videos_by_youtube_id(["dQw4w9WgXcQ"])


# Storage


@pytest.fixture
def uploadable(joystream, node, query_node, tmp_path):
    """A file that the chain expects, the client of the node that takes it, and where to."""
    path = tmp_path / "media.mp4"
    path.write_bytes(bytes(range(256)) * 20_000)
    asset = Asset(path.stat().st_size, content_id(path))
    (result,) = all_created(joystream, node, batch(node, ALPINE, 1, [asset, *ASSETS[1:]]))
    bucket = query_node.storage_buckets(ALPINE)[0]
    where = {"object_id": result.videos[0].object_ids[0], "bucket_id": bucket.id, "channel_id": ALPINE}
    return path, StorageNode(bucket.endpoint, timeout=10.0), where


def upload_when_seen(storage: StorageNode, path, where, **more) -> str:
    """The node needs a moment to see a new object (fault S2)."""

    def attempt() -> str:
        try:
            return storage.upload(path, **where, **more)
        except ObjectUnknown:
            return ""

    return wait_until(attempt)


def test_a_file_is_uploaded_accepted_and_fetched_back_as_it_was(joystream, query_node, uploadable):
    path, storage, where = uploadable
    told: list[int] = []
    assert upload_when_seen(storage, path, where, on_progress=told.append) == content_id(path)
    assert told[-1] == path.stat().st_size
    object_id = where["object_id"]
    assert query_node.objects_accepted([object_id, 99_999]) == {object_id: False}

    def accepted() -> bool:
        joystream.seal()
        return bool(query_node.objects_accepted([object_id])[object_id])

    wait_until(accepted)
    assert storage.head(object_id).size == path.stat().st_size
    assert b"".join(storage.fetch(object_id)) == path.read_bytes()


def test_an_object_that_the_node_has_not_seen_is_unknown_for_now(joystream, uploadable):
    path, storage, where = uploadable
    joystream.control_action("storage/blind")
    with pytest.raises(ObjectUnknown):
        storage.upload(path, **where)
    assert storage.head(where["object_id"]) is None
    with pytest.raises(ObjectUnknown):
        next(storage.fetch(where["object_id"]))


def test_a_file_that_is_there_already_counts_as_stored(uploadable):
    path, storage, where = uploadable
    upload_when_seen(storage, path, where)
    with pytest.raises(AlreadyStored):
        storage.upload(path, **where)


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data[:-1] + b"!"])
def test_bytes_that_are_not_those_promised_are_rejected(uploadable, tmp_path, change):
    path, storage, where = uploadable
    other = tmp_path / "damaged.mp4"
    other.write_bytes(change(path.read_bytes()))
    with pytest.raises(FileRejected, match="doesn't match"):
        upload_when_seen(storage, other, where)


def test_a_node_that_takes_no_uploads_says_so(joystream, uploadable):
    path, storage, where = uploadable
    joystream.control_action("storage/refuse-uploads")
    with pytest.raises(UploadsBlocked):
        storage.upload(path, **where)
    assert storage.version()


def test_an_upload_that_is_cut_can_be_done_again(joystream, uploadable):
    path, storage, where = uploadable
    joystream.control_action("storage/cut-uploads", after_bytes=1_000_000, count=1)
    with pytest.raises(StorageUnavailable):
        upload_when_seen(storage, path, where)
    assert storage.upload(path, **where) == content_id(path)


def test_a_node_that_is_down_is_unavailable(joystream, uploadable):
    path, storage, where = uploadable
    joystream.control_action("storage/unavailable")
    for ask in (storage.version, lambda: storage.head(1), lambda: storage.upload(path, **where)):
        with pytest.raises(StorageUnavailable):
            ask()


# The faucet


def test_the_faucet_makes_a_member_whom_the_query_node_then_knows(joystream, query_node):
    blocks = joystream.in_loop(lambda: asyncio.ensure_future(joystream.joystream.chain.run()))
    faucet = Faucet(joystream.faucet, WORLD.faucet_key, timeout=30.0)
    account = Signer.from_account(suri="//Newcomer").address
    membership = faucet.create_membership(account, "newcomer", about="new here", name="New Comer")
    assert membership.handle == "newcomer"
    member = query_node.member(membership.member_id)
    assert (member.handle, member.controller_account, member.name, member.about) == (
        "newcomer",
        account,
        "New Comer",
        "new here",
    )
    with pytest.raises(FaucetRefused) as refused:
        faucet.create_membership(account, "newcomer2")
    joystream.in_loop(blocks.cancel)
    assert refused.value.faucet_code == "OnlyNewAccountsCanBeUsedForScreenedMembers"


# Payments


PAYER_SIGNER = Signer.from_account(suri=PAYER.suri)


def paid(joystream: RunningJoystream, node: Node, *payments: ChannelPayment) -> Inclusion:
    extrinsic = node.sign(
        node.pay_channels_call(PAYER.id, payments),
        PAYER_SIGNER,
        nonce=node.nonce(PAYER_SIGNER.address),
        era_period=64,
        birth=node.finalized(),
    )
    node.submit(extrinsic.data)
    joystream.seal()
    inclusion = node.find(extrinsic.hash, extrinsic.birth + 1, extrinsic.death - 1)
    assert inclusion is not None
    return inclusion


def test_a_channel_is_paid_to_the_reward_account_that_the_query_node_names(joystream, node, query_node):
    account = query_node.channel(ALPINE).reward_account
    assert node.exist([account, PAYER_SIGNER.address]) == {PAYER_SIGNER.address}
    payment = ChannelPayment(account, 25 * 10**10, channel_payment("3 videos – danke"))
    inclusion = paid(joystream, node, payment)
    assert settle_payments(node.outcome(inclusion), [(account, 25 * 10**10)]) == [None]
    assert node.balance(account) == 25 * 10**10
    (shown,) = query_node.payments(inclusion.block.number)
    assert (shown.block, shown.payer_member_id, shown.channel_id) == (
        inclusion.block.number,
        PAYER.id,
        ALPINE,
    )
    assert (shown.reward_account, shown.amount, shown.rationale) == (account, 25 * 10**10, "3 videos – danke")
    assert node.find(shown.extrinsic, inclusion.block.number, inclusion.block.number) == inclusion
    assert shown.at == node.time_of(inclusion.block)
    assert list(query_node.payments(inclusion.block.number + 1)) == []


def test_a_payment_that_is_refused_takes_no_other_with_it(joystream, node, query_node):
    first, second = (query_node.channel(id).reward_account for id in (ALPINE, CLOCKWORK))
    too_small = node.existential_deposit() - 1
    amounts = [(first, too_small), (second, 10**12)]
    remark = channel_payment("reward")
    inclusion = paid(
        joystream, node, *(ChannelPayment(account, amount, remark) for account, amount in amounts)
    )
    refusal, made = settle_payments(node.outcome(inclusion), amounts)
    assert refusal == DispatchError("Balances", "ExistentialDeposit")
    assert made is None
    assert [shown.channel_id for shown in query_node.payments(1)] == [CLOCKWORK]


def test_a_payment_to_no_channel_and_a_remark_without_one_are_no_channel_payments(
    joystream, node, query_node
):
    stranger = Signer.from_account(suri="//Stranger").address
    paid(joystream, node, ChannelPayment(stranger, 10**12, channel_payment("for nothing")))
    account = query_node.channel(ALPINE).reward_account
    paid(joystream, node, ChannelPayment(account, 10**12, b""))
    assert node.balance(account) == 10**12
    assert list(query_node.payments(0)) == []


def test_payments_that_are_not_those_of_the_events_do_not_add_up(joystream, node, query_node):
    account = query_node.channel(ALPINE).reward_account
    outcome = node.outcome(paid(joystream, node, ChannelPayment(account, 10**12, channel_payment("reward"))))
    for other in ([(account, 10**12 - 1)], [(PAYER_SIGNER.address, 10**12)], [], [(account, 10**12)] * 2):
        with pytest.raises(EventsDoNotAddUp):
            settle_payments(outcome, other)
