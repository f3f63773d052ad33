import pytest

from ytsynch.joystream import calls, scale
from ytsynch.joystream.attribution import storage_assets
from ytsynch.joystream.chain import Asset, ChannelBatch, NewVideo, Prices

UTILITY, BATCH_ALL, FORCE_BATCH = 1, 2, 4
CONTENT, CREATE_VIDEO = 26, 12
ACTOR_MEMBER = 1
PRICES = Prices(data_size_fee_per_mb=1000, object_bond=500, video_bond=700)
MEDIA = Asset(123_456_789, "gW8MGtV1SV3jhpZ2tWjkFbMpLmS4cHYJtJ9MgWLLK2tVaQ")
THUMBNAIL = Asset(4321, "gWabc")


def batch(channel_id, metas):
    videos = [NewVideo(meta, (MEDIA, THUMBNAIL)) for meta in metas]
    return ChannelBatch(channel_id, 12, videos, PRICES, stored_by_count=3)


def create_video_by_hand(channel_id, meta):
    """The field order and indices of runtime 2004."""
    return (
        bytes([CONTENT, CREATE_VIDEO, ACTOR_MEMBER])
        + scale.u64(12)
        + scale.u64(channel_id)
        + storage_assets((MEDIA, THUMBNAIL), PRICES.data_size_fee_per_mb)
        + b"\x01"
        + scale.octets(meta)
        + b"\x00"  # no NFT
        + scale.u128(PRICES.video_bond)
        + scale.u128(PRICES.object_bond)
        + scale.u32(3)
    )


@pytest.mark.parametrize("meta", [b"", b"plain text", b"\xff\xfe not UTF-8", b"\x01" * 20_000])
def test_videos_are_created_in_one_batch_all_a_channel_within_a_force_batch(substrate, meta):
    call = calls.encode(substrate, calls.create_videos([batch(5, [meta, b"second"]), batch(2**40, [meta])]))
    channels = [
        bytes([UTILITY, BATCH_ALL])
        + scale.sequence([create_video_by_hand(5, meta), create_video_by_hand(5, b"second")]),
        bytes([UTILITY, BATCH_ALL]) + scale.sequence([create_video_by_hand(2**40, meta)]),
    ]
    assert call == bytes([UTILITY, FORCE_BATCH]) + scale.sequence(channels)
