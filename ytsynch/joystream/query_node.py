"""The query node (Orion): Joystream's content as GraphQL. Nothing on it is as fresh as the chain (see
`last_processed_block`).

One HTTP request a call (lists of ids: one a chunk), with a time-out and no retry. A broken transport, a
GraphQL error and an answer of another shape are all `QueryNodeUnavailable`, with what was asked and why.
One thread at a time.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import requests
from gql import Client, GraphQLRequest
from gql.transport.exceptions import TransportError
from gql.transport.requests import RequestsHTTPTransport
from gql.transport.websockets import WebsocketsTransport
from websockets.exceptions import WebSocketException

from ytsynch.joystream.errors import QueryNodeUnavailable

_IDS_A_REQUEST = 100

_OBJECT = "{ id isAccepted ipfsHash size }"
_CHANNEL = f"""{{
  id title description language totalVideosCreated
  avatarPhoto {_OBJECT} coverPhoto {_OBJECT}
  ownerMember {{ id controllerAccount }} rewardAccount
}}"""
_VIDEO = f"""{{
  id ytVideoId createdInBlock channel {{ id }} entryApp {{ id name }}
  title description isPublic duration publishedBeforeJoystream createdAt
  media {_OBJECT} thumbnailPhoto {_OBJECT} subtitles {{ asset {_OBJECT} }}
}}"""
_MEMBER = "{ id handle controllerAccount metadata { name about } }"
_CATEGORY = "{ id name }"
_APP = "{ id name authKey ownerMember { id } }"

CHANNEL = f"query Channel($id: String!) {{ channelByUniqueInput(where: {{id: $id}}) {_CHANNEL} }}"
CHANNELS = f"query Channels($ids: [String!]!) {{ channels(where: {{id_in: $ids}}) {_CHANNEL} }}"
CHANNELS_OF_MEMBER = f"""query ChannelsOfMember($id: String!) {{
  channels(where: {{ownerMember: {{id_eq: $id}}}}) {_CHANNEL}
}}"""
VIDEO = f"query Video($id: String!) {{ videoByUniqueInput(where: {{id: $id}}) {_VIDEO} }}"
VIDEOS = f"query Videos($ids: [String!]!) {{ videos(where: {{id_in: $ids}}) {_VIDEO} }}"
VIDEOS_BY_YOUTUBE_ID = f"""query VideosByYouTubeId($ids: [String!]!) {{
  videos(where: {{ytVideoId_in: $ids}}) {_VIDEO}
}}"""
VIDEOS_OF_CHANNEL = f"""query VideosOfChannel($id: String!, $offset: Int!, $limit: Int!) {{
  videos(where: {{channel: {{id_eq: $id}}}}, orderBy: [id_ASC], offset: $offset, limit: $limit) {_VIDEO}
}}"""
VIDEOS_BY_TITLE = f"""query VideosByTitle($id: String!, $titles: [String!]!) {{
  videos(where: {{channel: {{id_eq: $id}}, title_in: $titles}}) {_VIDEO}
}}"""
OBJECTS = f"query Objects($ids: [String!]!) {{ storageDataObjects(where: {{id_in: $ids}}) {_OBJECT} }}"
MEMBER = f"query Member($id: String!) {{ membershipByUniqueInput(where: {{id: $id}}) {_MEMBER} }}"
CATEGORY = f"query Category($id: String!) {{ videoCategoryByUniqueInput(where: {{id: $id}}) {_CATEGORY} }}"
CATEGORIES = f"query Categories {{ videoCategories {_CATEGORY} }}"
APP = f"query App($name: String!) {{ apps(where: {{name_eq: $name}}) {_APP} }}"
STORAGE_BUCKETS = """query StorageBuckets($bag: String!) {
  storageBuckets(where: {
    operatorStatus: {isTypeOf_eq: "StorageBucketOperatorStatusActive"},
    bags_some: {bag: {id_eq: $bag}},
    operatorMetadata: {nodeEndpoint_contains: "http"}
  }) {
    id dataObjectsSize dataObjectsSizeLimit dataObjectsCount dataObjectCountLimit
    operatorMetadata { nodeEndpoint }
  }
}"""
_PAYMENT = """{
  id inBlock inExtrinsic timestamp
  data { ... on ChannelPaymentMadeEventData {
    amount rationale payer { id } payeeChannel { id title rewardAccount }
  } }
}"""
PAYMENTS = f"""query Payments($block: Int!, $offset: Int!, $limit: Int!) {{
  events(
    where: {{inBlock_gte: $block, data: {{isTypeOf_eq: "ChannelPaymentMadeEventData"}}}},
    orderBy: [inBlock_ASC, indexInBlock_ASC], offset: $offset, limit: $limit
  ) {_PAYMENT}
}}"""
LAST_PROCESSED_BLOCK = "subscription LastProcessedBlock { processorState { lastProcessedBlock } }"


@dataclass(frozen=True)
class QnObject:
    """A data object: its file's content id and size in bytes; accepted when a storage node has said so on
    chain.
    """

    object_id: int
    content_id: str
    size: int
    is_accepted: bool


@dataclass(frozen=True)
class QnChannel:
    """A Joystream channel; `owner_account` is the controller account of its owner, both None for a curator
    group's.

    `reward_account` (SS58) is where the channel is paid.
    `total_videos_created` is the nonce of the next attribution, as far as the query node has come.
    """

    id: int
    title: str | None
    description: str | None
    language: str | None
    avatar: QnObject | None
    cover: QnObject | None
    owner_member_id: int | None
    owner_account: str | None
    total_videos_created: int
    reward_account: str = ""


@dataclass(frozen=True)
class QnPayment:
    """A member's payment to the reward account of a channel; `id` is its event's, `extrinsic` the hash of the
    extrinsic (`0x…`), `amount` in HAPI.
    """

    id: str
    block: int
    extrinsic: str | None
    at: datetime
    payer_member_id: int
    channel_id: int
    channel_title: str
    reward_account: str
    amount: int
    rationale: str


@dataclass(frozen=True)
class QnVideo:
    """A video; `youtube_id`, `app_id` and `app_name` are set where its attribution was found good.

    `published_before` is when it says that it appeared elsewhere, `created_at` when it came to Joystream.
    """

    id: int
    youtube_id: str | None
    channel_id: int
    app_id: str | None
    app_name: str | None
    created_in_block: int
    media: QnObject | None
    thumbnail: QnObject | None
    subtitles: tuple[QnObject, ...]
    title: str | None = None
    description: str | None = None
    is_public: bool | None = None
    duration: int | None = None
    published_before: datetime | None = None
    created_at: datetime | None = None

    @property
    def assets(self) -> tuple[QnObject, ...]:
        """Its files as far as they are known: media, thumbnail, subtitles."""
        return tuple(item for item in (self.media, self.thumbnail, *self.subtitles) if item is not None)


@dataclass(frozen=True)
class QnMember:
    id: int
    handle: str
    controller_account: str
    name: str | None
    about: str | None


@dataclass(frozen=True)
class QnCategory:
    id: str
    name: str | None


@dataclass(frozen=True)
class QnApp:
    """A gateway app; `auth_key` (`0x…`) is the key its attributions are checked with, `id` goes into them."""

    id: str
    name: str
    auth_key: str | None
    owner_member_id: int | None


@dataclass(frozen=True)
class StorageBucket:
    """An active bucket of a bag and the storage node that serves it; what is free in it, in bytes and
    objects.
    """

    id: int
    endpoint: str
    free_bytes: int
    free_objects: int


T = TypeVar("T")


class QueryNode:
    """A client of the query node at `url` (`http://…/graphql`); `timeout` in seconds holds for every request.

    `ws_url` is where subscriptions are taken, by default the same address as WebSocket.
    """

    def __init__(self, url: str, *, timeout: float = 30.0, ws_url: str | None = None) -> None:
        self._url, self._timeout = url, timeout
        self._ws_url = ws_url or url.replace("http", "ws", 1)

    # --- channels --------------------------------------------------------------------------------

    def channel(self, id: int) -> QnChannel | None:
        return self._one("channelByUniqueInput", CHANNEL, _channel, id=str(id))

    def channels(self, ids: Sequence[int]) -> dict[int, QnChannel]:
        """The channels by id; those that do not exist are missing."""
        found = self._many_by_ids("channels", CHANNELS, _channel, [str(id) for id in ids])
        return {channel.id: channel for channel in found}

    def channels_of_member(self, member_id: int) -> list[QnChannel]:
        return self._many("channels", CHANNELS_OF_MEMBER, _channel, id=str(member_id))

    # --- videos and their files ------------------------------------------------------------------

    def video(self, id: int) -> QnVideo | None:
        return self._one("videoByUniqueInput", VIDEO, _video, id=str(id))

    def videos(self, ids: Sequence[int]) -> dict[int, QnVideo]:
        """The videos by id; those that do not exist are missing."""
        found = self._many_by_ids("videos", VIDEOS, _video, [str(id) for id in ids])
        return {video.id: video for video in found}

    def videos_by_youtube_id(self, ids: Sequence[str]) -> dict[str, list[QnVideo]]:
        """The videos that any app brought over from these YouTube ids; ids without any are missing."""
        found: dict[str, list[QnVideo]] = {}
        for video in self._many_by_ids("videos", VIDEOS_BY_YOUTUBE_ID, _video, ids):
            found.setdefault(video.youtube_id or "", []).append(video)
        return found

    def videos_of_channel(self, channel_id: int, *, page: int = 1000) -> Iterator[QnVideo]:
        """All videos of the Joystream channel, ordered by id as text; asks for the next `page` of them when
        needed.
        """
        offset = 0
        while True:
            videos = self._many(
                "videos", VIDEOS_OF_CHANNEL, _video, id=str(channel_id), offset=offset, limit=page
            )
            yield from videos
            if len(videos) < page:
                return
            offset += page

    def videos_of_channel_titled(self, channel_id: int, titles: Sequence[str]) -> list[QnVideo]:
        """Videos of the Joystream channel that have one of these very titles."""
        found: list[QnVideo] = []
        for start in range(0, len(titles), _IDS_A_REQUEST):
            part = list(titles[start : start + _IDS_A_REQUEST])
            found += self._many("videos", VIDEOS_BY_TITLE, _video, id=str(channel_id), titles=part)
        return found

    def objects_accepted(self, ids: Sequence[int]) -> dict[int, bool]:
        """Which of these data objects are accepted; those that the query node does not know (yet) are
        missing.
        """
        found = self._many_by_ids("storageDataObjects", OBJECTS, _object, [str(id) for id in ids])
        return {item.object_id: item.is_accepted for item in found}

    # --- members, categories, apps ---------------------------------------------------------------

    def member(self, id: int) -> QnMember | None:
        return self._one("membershipByUniqueInput", MEMBER, _member, id=str(id))

    def category(self, id: str) -> QnCategory | None:
        return self._one("videoCategoryByUniqueInput", CATEGORY, _category, id=id)

    def categories(self) -> list[QnCategory]:
        return self._many("videoCategories", CATEGORIES, _category)

    def app(self, name: str) -> QnApp | None:
        """The gateway app of that name (names are unique on the query node)."""
        return next(iter(self._many("apps", APP, _app, name=name)), None)

    # --- payments ---------------------------------------------------------------------------------

    def payments(self, from_block: int, *, page: int = 500) -> Iterator[QnPayment]:
        """Payments of members to channels in this block and later, oldest first; asks for the next `page` of
        them when needed. Payments to what is no channel's reward account are not among them.
        """
        offset = 0
        while True:
            found = self._many("events", PAYMENTS, _payment, block=from_block, offset=offset, limit=page)
            yield from (payment for payment in found if payment is not None)
            if len(found) < page:
                return
            offset += page

    # --- storage and progress --------------------------------------------------------------------

    def storage_buckets(self, channel_id: int) -> list[StorageBucket]:
        """The active buckets of the channel's bag whose operators name an HTTP endpoint."""
        return self._many("storageBuckets", STORAGE_BUCKETS, _bucket, bag=f"dynamic:channel:{channel_id}")

    def last_processed_block(self) -> int:
        """The number of the last block that the query node has taken in: what was written later, it cannot
        know yet.

        The query node offers it as a subscription only; the first message is taken.
        """
        asked = "lastProcessedBlock"
        try:
            data = asyncio.run(asyncio.wait_for(self._first_message(LAST_PROCESSED_BLOCK), self._timeout))
        except (TransportError, WebSocketException, OSError, TimeoutError, ValueError) as error:
            raise self._unavailable(asked, error) from error
        return self._read(asked, lambda: int(data["processorState"]["lastProcessedBlock"]))

    # --- within ----------------------------------------------------------------------------------

    def _one(self, field: str, query: str, parse: Callable[[Any], T], **variables: Any) -> T | None:
        data = self._ask(field, query, variables)
        return self._read(field, lambda: None if data[field] is None else parse(data[field]))

    def _many(self, field: str, query: str, parse: Callable[[Any], T], **variables: Any) -> list[T]:
        data = self._ask(field, query, variables)
        return self._read(field, lambda: [parse(item) for item in data[field]])

    def _many_by_ids(
        self, field: str, query: str, parse: Callable[[Any], T], ids: Sequence[str]
    ) -> Iterator[T]:
        for start in range(0, len(ids), _IDS_A_REQUEST):
            yield from self._many(field, query, parse, ids=list(ids[start : start + _IDS_A_REQUEST]))

    def _ask(self, asked: str, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        transport = RequestsHTTPTransport(self._url, timeout=self._timeout)  # type: ignore[arg-type]  # takes floats
        try:
            with Client(transport=transport, fetch_schema_from_transport=False) as session:
                answer: dict[str, Any] = session.execute(GraphQLRequest(query, variable_values=variables))
                return answer
        except (TransportError, requests.RequestException) as error:
            raise self._unavailable(asked, error) from error

    async def _first_message(self, subscription: str) -> Any:
        transport = WebsocketsTransport(
            self._ws_url,
            connect_timeout=self._timeout,
            ack_timeout=self._timeout,
            close_timeout=self._timeout,
        )
        async with Client(transport=transport, fetch_schema_from_transport=False) as session:
            async for message in session.subscribe(GraphQLRequest(subscription)):
                return message
        raise TransportError("the subscription ended without a message")

    def _read(self, asked: str, parse: Callable[[], T]) -> T:
        try:
            return parse()
        except (LookupError, TypeError, ValueError) as error:
            raise self._unavailable(asked, f"malformed answer, {type(error).__name__}: {error}") from error

    def _unavailable(self, asked: str, reason: object) -> QueryNodeUnavailable:
        text = reason if isinstance(reason, str) else f"{type(reason).__name__}: {reason}"
        return QueryNodeUnavailable(self._url, asked, text)


def _object(item: Any) -> QnObject:
    return QnObject(
        int(item["id"]), str(item["ipfsHash"]), int(item["size"]), is_accepted=_flag(item["isAccepted"])
    )


def _channel(item: Any) -> QnChannel:
    owner = item["ownerMember"]
    return QnChannel(
        id=int(item["id"]),
        title=item["title"],
        description=item["description"],
        language=item["language"],
        avatar=_optional(item["avatarPhoto"], _object),
        cover=_optional(item["coverPhoto"], _object),
        owner_member_id=_optional(owner, lambda member: int(member["id"])),
        owner_account=_optional(owner, lambda member: str(member["controllerAccount"])),
        total_videos_created=int(item["totalVideosCreated"]),
        reward_account=str(item["rewardAccount"]),
    )


def _video(item: Any) -> QnVideo:
    app = item["entryApp"]
    return QnVideo(
        id=int(item["id"]),
        youtube_id=item["ytVideoId"],
        channel_id=int(item["channel"]["id"]),
        app_id=_optional(app, lambda entry: str(entry["id"])),
        app_name=_optional(app, lambda entry: str(entry["name"])),
        created_in_block=int(item["createdInBlock"]),
        media=_optional(item["media"], _object),
        thumbnail=_optional(item["thumbnailPhoto"], _object),
        subtitles=tuple(_object(subtitle["asset"]) for subtitle in item["subtitles"] if subtitle["asset"]),
        title=item["title"],
        description=item["description"],
        is_public=item["isPublic"],
        duration=_optional(item["duration"], int),
        published_before=_optional(item["publishedBeforeJoystream"], _moment),
        created_at=_moment(item["createdAt"]),
    )


def _member(item: Any) -> QnMember:
    about = item["metadata"] or {"name": None, "about": None}
    return QnMember(
        int(item["id"]), str(item["handle"]), str(item["controllerAccount"]), about["name"], about["about"]
    )


def _category(item: Any) -> QnCategory:
    return QnCategory(str(item["id"]), item["name"])


def _app(item: Any) -> QnApp:
    owner = _optional(item["ownerMember"], lambda member: int(member["id"]))
    return QnApp(str(item["id"]), str(item["name"]), item["authKey"], owner)


def _payment(item: Any) -> QnPayment | None:
    """None where the channel has been deleted since."""
    data, channel = item["data"], item["data"]["payeeChannel"]
    if channel is None:
        return None
    return QnPayment(
        id=str(item["id"]),
        block=int(item["inBlock"]),
        extrinsic=item["inExtrinsic"],
        at=datetime.fromisoformat(item["timestamp"]),
        payer_member_id=int(data["payer"]["id"]),
        channel_id=int(channel["id"]),
        channel_title=channel["title"] or "",
        reward_account=str(channel["rewardAccount"]),
        amount=int(data["amount"]),
        rationale=data["rationale"] or "",
    )


def _bucket(item: Any) -> StorageBucket:
    return StorageBucket(
        id=int(item["id"]),
        endpoint=str(item["operatorMetadata"]["nodeEndpoint"]),
        free_bytes=int(item["dataObjectsSizeLimit"]) - int(item["dataObjectsSize"]),
        free_objects=int(item["dataObjectCountLimit"]) - int(item["dataObjectsCount"]),
    )


def _moment(text: Any) -> datetime:
    return datetime.fromisoformat(str(text))


def _optional(item: Any, parse: Callable[[Any], T]) -> T | None:
    return None if item is None else parse(item)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"expected true or false, not {value!r}")
    return value
