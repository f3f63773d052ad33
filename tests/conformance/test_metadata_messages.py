"""What the service puts on chain, read with Joystream's own protobuf package."""

from datetime import UTC, datetime

import pytest

from ytsynch.joystream.attribution import AppSigner
from ytsynch.joystream.chain import Asset
from ytsynch.joystream.metadata import Subtitle, VideoFacts, video_metadata
from ytsynch.joystream.remarks import channel_payment

pytestmark = pytest.mark.node

FACTS = VideoFacts(
    title="Straßenbahn – 市電 🚋",
    title_fallback="untitled",
    description="First line\nsecond line",
    duration=754,
    width=1920,
    height=1080,
    mime_type="video/mp4",
    container="mp4",
    codec="avc1",
    licence="creativeCommon",
    licence_attribution="Ada's trams",
    language="de-AT",
    category_id="7",
    published_at=datetime(2024, 2, 29, 23, 59, 58, tzinfo=UTC),
    is_short=False,
    is_explicit=True,
    subtitles=(Subtitle("de", "text/vtt", 2), Subtitle("ja", "text/vtt", 3)),
)
DECODED = {
    "videoMetadata": {
        "title": "Straßenbahn – 市電 🚋",
        "description": "First line\nsecond line",
        "video": 0,
        "thumbnailPhoto": 1,
        "duration": 754,
        "mediaPixelHeight": 1080,
        "mediaPixelWidth": 1920,
        "mediaType": {"codecName": "avc1", "container": "mp4", "mimeMediaType": "video/mp4"},
        "language": "de",
        "license": {"code": 1002, "attribution": "Ada's trams"},
        "publishedBeforeJoystream": {"isPublished": True, "date": "2024-02-29T23:59:58Z"},
        "hasMarketing": False,
        "isPublic": True,
        "isExplicit": True,
        "category": "7",
        "subtitles": [
            {"type": "subtitles", "newAsset": 2, "language": "de", "mimeType": "text/vtt"},
            {"type": "subtitles", "newAsset": 3, "language": "ja", "mimeType": "text/vtt"},
        ],
        "isShort": False,
    }
}


def test_a_videos_facts_are_all_read_back(javascript):
    (decoded,) = javascript("decode_metadata.cjs", stdin=f"ContentMetadata 0x{video_metadata(FACTS).hex()}\n")
    assert decoded == DECODED


def test_an_attributed_video_carries_app_youtube_id_signature_and_facts(javascript):
    meta = AppSigner("a seed").create_video_meta(
        nonce=3,
        channel_id=5,
        assets=[Asset(10, "gWabc")],
        data_size_fee_per_mb=1000,
        content_metadata=video_metadata(FACTS),
        youtube_id="dQw4w9WgXcQ",
        app_id="5-1-1",
    )
    (decoded,) = javascript("decode_metadata.cjs", stdin=f"AppAction 0x{meta.hex()}\n")
    assert len(bytes.fromhex(decoded.pop("signature").removeprefix("0x"))) == 64
    assert decoded == {"appId": "5-1-1", "metadata": {"videoId": "dQw4w9WgXcQ"}, "rawAction": DECODED}


def test_a_payment_says_what_it_is_for(javascript):
    meta = channel_payment("3 new videos, week of 4 May – 125.5 JOY")
    (decoded,) = javascript("decode_metadata.cjs", stdin=f"MemberRemarked 0x{meta.hex()}\n")
    assert decoded == {"makeChannelPayment": {"rationale": "3 new videos, week of 4 May – 125.5 JOY"}}
