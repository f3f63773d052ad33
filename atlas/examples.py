"""Examples in the OpenAPI document. The tests hold the API's answers against the same shapes."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from atlas.serializers import Failure

_PICTURES = {
    size: f"https://yt3.ggpht.com/beekeeping={pixels}"
    for size, pixels in (("default", "s88"), ("medium", "s240"), ("high", "s800"), ("standard", "s800"))
}
_CHANNEL: dict[str, Any] = {
    "youtubeChannelId": "UCTUjCW6SCY-Txb2vBLyxv_Q",
    "title": "Alpine Beekeeping",
    "description": "Hives above the tree line.",
    "shouldBeIngested": True,
    "yppStatus": "Verified::Silver",
    "preOptOutStatus": None,
    "joystreamChannelId": 1,
    "referrerChannelId": None,
    "videoCategoryId": "3",
    "language": "en",
    "thumbnails": _PICTURES,
    "subscribersCount": 1280,
    "createdAt": "2026-05-06T07:08:09.123Z",
    "syncStatus": {"backlogCount": 4, "placeInSyncQueue": 2, "fullSyncEta": 540},
}
_VIDEO: dict[str, Any] = {
    "id": "dQw4w9WgXcQ",
    "url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
    "title": "How it began",
    "description": "The first hive.",
    "category": "3",
    "channelId": "UCTUjCW6SCY-Txb2vBLyxv_Q",
    "playlistId": "UUTUjCW6SCY-Txb2vBLyxv_Q",
    "resourceId": "dQw4w9WgXcQ",
    "thumbnails": _PICTURES,
    "state": "VideoUnavailable::Skipped",
    "duration": 212,
    "language": "en",
    "privacyStatus": "public",
    "isShort": False,
    "publishedAt": "2026-01-02T03:04:05.000Z",
    "createdAt": "2026-05-06T07:08:10.456Z",
    "viewCount": 1234,
    "joystreamVideo": None,
    "destinationUrl": None,
    "expectedAt": None,
    "progress": None,
    "reason": {
        "code": "too_long",
        "happened": "The video is longer than this service takes.",
        "actor": "nobody",
        "next": "It is not brought over.",
    },
}


def _request(value: Any) -> OpenApiExample:
    return OpenApiExample("request", value=value, request_only=True)


def _answer(value: Any, status: int = 200) -> OpenApiExample:
    return OpenApiExample("answer", value=value, response_only=True, status_codes=[str(status)])


SIGN_IN_REQUEST = _request(
    {"authorizationCode": "4/0AbCdEf", "youtubeRedirectUri": "https://gleev.xyz/ypp"},
)
SIGNED_IN = _answer(
    {
        "email": "alpine-beekeeping@example.com",
        "userId": "117893450123456789012",
        "channelHandle": "@alpinebeekeeping",
        "channelTitle": "Alpine Beekeeping",
        "channelDescription": "Hives above the tree line.",
        "channelLanguage": "en",
        "avatarUrl": "https://yt3.ggpht.com/beekeeping=s800",
        "bannerUrl": "https://yt3.googleusercontent.com/beekeeping-banner",
    },
    201,
)
JOIN_REQUEST = _request(
    {
        "userId": "117893450123456789012",
        "authorizationCode": "4/0AbCdEf",
        "email": "alpine-beekeeping@example.com",
        "joystreamChannelId": 1,
        "shouldBeIngested": True,
        "videoCategoryId": "3",
    }
)
JOINED = _answer(
    {"user": {"id": "117893450123456789012", "email": "alpine-beekeeping@example.com"}, "channel": _CHANNEL},
    201,
)
CHANNEL = _answer(_CHANNEL)
VIDEO = _answer(_VIDEO)
REFERRER = _answer(
    {
        "referrerChannelId": 1,
        "referredByTier": {"bronze": 3, "silver": 1, "gold": 0, "diamond": 0},
        "totalEarnings": 31,
        "totalReferredChannels": 4,
    }
)
REQUIREMENTS = _answer(
    {
        "requirements": [
            {
                "errorCode": "CHANNEL_CRITERIA_UNMET_SUBSCRIBERS",
                "template": "YouTube channel has at least {}.",
                "variables": ["50 subscribers"],
            }
        ]
    }
)
INGEST_REQUEST = _request(
    {
        "message": {"shouldBeIngested": False, "timestamp": "2026-05-06T07:08:09.123Z"},
        "signature": "0x" + "00" * 64,
    }
)
STATUS = _answer({"version": "0.1.0", "syncStatus": "enabled", "syncBacklog": 17})
QUOTA = _answer({"date": "2026-05-06", "syncQuotaUsed": 1200, "signupQuotaUsed": 12, "partition": "stats"})
COLLABORATOR = _answer(
    {
        "memberId": 10,
        "controllerAccount": "j4VdDQVdwFYfQ2MvEdLT2EYZx4ALPQQ6yMyZopKoZEQmXcJrT",
        "balance": 1234.5,
    }
)

_FAILURES: dict[int, tuple[str, list[OpenApiExample]]] = {
    400: (
        "Not understood, or not done",
        [
            OpenApiExample(
                "one failure", value={"statusCode": 400, "message": "text", "error": "Bad Request"}
            ),
            OpenApiExample(
                "with a code", value={"code": "CHANNEL_ALREADY_REGISTERED", "message": "text", "result": 123}
            ),
            OpenApiExample(
                "unmet requirements",
                value={
                    "statusCode": 400,
                    "message": [
                        {
                            "code": "CHANNEL_CRITERIA_UNMET_SUBSCRIBERS",
                            "message": "The YouTube channel has 12 subscribers; it needs 50.",
                            "result": 12,
                            "expected": 50,
                        }
                    ],
                    "error": "Bad Request",
                },
            ),
        ],
    ),
    401: ("The operator key is missing or wrong", []),
    404: ("There is no such thing", []),
    429: ("Too many sign-ups from this address", []),
    503: ("It cannot be done at the moment", []),
}


def failures(*statuses: int) -> dict[int, OpenApiResponse]:
    """The refusals that an operation has, for its `responses`."""
    return {
        status: OpenApiResponse(Failure, description=description, examples=examples)
        for status, (description, examples) in _FAILURES.items()
        if status in statuses
    }
