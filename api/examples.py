"""Examples in the OpenAPI document. The tests hold the API's answers against the same shapes."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_YOUTUBE_ID = "UCTUjCW6SCY-Txb2vBLyxv_Q"
_PICTURES = {
    "default": "https://yt3.ggpht.com/beekeeping=s88",
    "high": "https://yt3.ggpht.com/beekeeping=s800",
}
_CHANNEL: dict[str, Any] = {
    "youtube_id": _YOUTUBE_ID,
    "youtube_url": f"https://www.youtube.com/channel/{_YOUTUBE_ID}",
    "joystream_channel_id": 1,
    "handle": "@alpinebeekeeping",
    "title": "Alpine Beekeeping",
    "description": "Hives above the tree line.",
    "language": "en",
    "country": "AT",
    "thumbnails": _PICTURES,
    "banner_url": "https://yt3.googleusercontent.com/beekeeping-banner",
    "subscribers": 1280,
    "public_videos": 12,
    "opened_at": "2019-03-04T10:11:12Z",
    "app": "gleev",
    "referrer_channel_id": None,
    "category_id": "3",
    "status": "verified",
    "tier": "silver",
    "suspension_reason": None,
    "pause": None,
    "created_at": "2026-05-06T07:08:09.123456Z",
}
_GAP = {
    "code": "waiting",
    "happened": "They wait for their turn in the queue.",
    "actor": "nobody",
    "next": "They come by themselves.",
    "count": 4,
}
_VIDEO: dict[str, Any] = {
    "youtube_id": "dQw4w9WgXcQ",
    "youtube_url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
    "channel": {"youtube_id": _YOUTUBE_ID, "joystream_channel_id": 1, "title": "Alpine Beekeeping"},
    "title": "How it began",
    "description": "The first hive.",
    "published_at": "2026-01-02T03:04:05Z",
    "duration": 212,
    "language": "en",
    "license": "youtube",
    "is_short": False,
    "views": 1234,
    "thumbnails": {"default": "https://i.ytimg.com/vi/dQw4w9WgXcQ/default.jpg"},
    "state": "published",
    "state_since": "2026-05-06T07:20:00Z",
    "media": {
        "size": 48_211_532,
        "width": 1920,
        "height": 1080,
        "video_codec": "h264",
        "audio_codec": "aac",
        "container": "mp4",
    },
    "joystream": {
        "video_id": 812,
        "object_ids": [2011, 2012],
        "url": "https://storage.example.com/api/v1/files/2011",
        "created_in_block": 7_120_338,
        "published_at": "2026-05-06T07:20:00Z",
        "was_there_before": False,
    },
    "discovered_at": "2026-05-06T07:08:10.456789Z",
    "reason": None,
    "place": None,
    "expected_at": None,
    "progress": None,
}
_HISTORY: list[dict[str, Any]] = [
    {
        "at": "2026-05-06T07:08:10.456789Z",
        "event": "discovered",
        "text": "Found on YouTube.",
        "state": "new",
        "reason": None,
        "extrinsic": None,
        "block": None,
    },
    {
        "at": "2026-05-06T07:15:30Z",
        "event": "created",
        "text": "Created on Joystream.",
        "state": "created",
        "reason": None,
        "extrinsic": None,
        "block": 7_120_338,
    },
]
_SHARE = {
    "used": 1200,
    "limit": 9500,
    "by_midnight": 3600,
    "spent_at": None,
    "resumes_at": "2026-05-07T07:00:00Z",
}


def _answer(value: Any) -> OpenApiExample:
    return OpenApiExample("answer", value=value, response_only=True, status_codes=["200"])


CHANNEL_IDS = [
    OpenApiExample("YouTube", value=_YOUTUBE_ID, parameter_only=("id", "path")),
    OpenApiExample("Joystream", value="1", parameter_only=("id", "path")),
]
VIDEO_ID = OpenApiExample("YouTube", value="dQw4w9WgXcQ", parameter_only=("youtube_id", "path"))
CHANNEL = _answer(_CHANNEL)
CHANNEL_DETAIL = _answer(
    _CHANNEL
    | {
        "sync": {"backlog": 4, "place": 2, "seconds_left": 540},
        "coverage": {"on_youtube": 12, "on_joystream": 8, "percent": 66, "gaps": [_GAP]},
    }
)
VIDEO = _answer(_VIDEO)
VIDEO_DETAIL = _answer(_VIDEO | {"history": _HISTORY})
REPLICATION = _answer(
    {
        "youtube_id": "dQw4w9WgXcQ",
        "title": "How it began",
        "channel": _VIDEO["channel"],
        "state": "created",
        "state_since": "2026-05-06T07:15:30Z",
        "stage": "upload",
        "is_worked_on": True,
        "reason": None,
        "place": 1,
        "expected_at": "2026-05-06T07:16:10Z",
        "progress": {"phase": "media", "done": 12_582_912, "total": 48_211_532},
    }
)
PAYMENT = _answer(
    {
        "joystream_channel_id": 7,
        "youtube_channel_id": "UCTUjCW6SCY-Txb2vBLyxv_Q",
        "reward_account": "j4W7rVcUCxi2crhhjRq46fNDRbVHTjJrz6bKxZwehEMQxZeSf",
        "block": 9_876_543,
        "executed_at": "2026-05-11T12:00:06Z",
        "action": "videos",
        "amount_hapi": "1255000000000",
        "amount_joy": "125.5",
        "rationale": "Reward for 3 new videos, until 11 May 2026 (round 12)",
        "payer_member_id": 11,
        "extrinsic": "0x7d5a8c1e3f9b2a4d6e8f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f",
    }
)
TIER = _answer(
    {
        "name": "silver",
        "min_subscribers": 1000,
        "max_subscribers": 9999,
        "max_old_videos": 100,
        "max_old_bytes": 100_000_000_000,
        "weight": 2,
        "sign_up_reward": 2500,
        "video_reward": 300,
        "referral_reward": 2500,
    }
)
REQUIREMENT = _answer(
    {
        "app": None,
        "sign_ups_open": True,
        "min_subscribers": 50,
        "min_videos": 10,
        "min_video_age_hours": 720,
        "min_channel_age_hours": 2160,
        "min_new_videos_a_month": 0,
        "months_considered": 1,
        "needs_title": False,
        "needs_description": False,
        "needs_avatar": False,
        "needs_cover": False,
        "needs_collaborator": False,
        "texts": ["YouTube channel has at least 50 subscribers."],
    }
)
APP = _answer(
    {
        "name": "gleev",
        "collaborator_member_id": 10,
        "collaborator_account": "j4VdDQVdwFYfQ2MvEdLT2EYZx4ALPQQ6yMyZopKoZEQmXcJrT",
        "categories": [],
        "support_url": "https://gleev.example/help",
        "created_at": "2026-05-01T00:00:00Z",
    }
)
METRICS = _answer(
    {
        "at": "2026-05-06T07:16:00Z",
        "channels": {
            "total": 310,
            "syncing": 280,
            "by_status": {"unverified": 12, "verified": 270, "suspended": 3, "opted_out": 25},
            "is_estimate": False,
        },
        "videos": {
            "total": 9120,
            "by_state": {
                "new": 611,
                "downloaded": 14,
                "creating": 8,
                "created": 5,
                "uploaded": 2,
                "published": 8321,
                "skipped": 151,
                "stuck": 3,
                "removed": 5,
            },
            "is_estimate": False,
        },
        "backlog": 640,
        "seconds_to_empty": 5400,
        "published_by_hour": [{"begins_at": "2026-05-06T07:00:00Z", "published": 104}],
        "stages": [{"stage": "download", "waiting": 611, "seconds_each": 8.4}],
        "quota": {
            "day": "2026-05-06",
            "sync": _SHARE,
            "sign_up": _SHARE | {"used": 12, "limit": 500, "by_midnight": 36},
        },
        "halts": [],
    }
)
ROOT = _answer(
    {
        name: f"https://example.com/api/v1/{name}/"
        for name in (
            "channels",
            "videos",
            "replications",
            "payments",
            "tiers",
            "requirements",
            "apps",
            "metrics",
        )
    }
)
