"""The query node, asked by requests and by the gql library over HTTP and WebSocket."""

import asyncio
from typing import Any

import pytest
import requests
from gql import Client, gql
from gql.transport.requests import RequestsHTTPTransport
from gql.transport.websockets import WebsocketsTransport

from tests.support.joystream import RunningJoystream, running_joystream
from tests.support.metadata import app_action, app_secret, content_metadata, create_video, message
from ytsynch.devnet.content_id import content_id
from ytsynch.devnet.world import COLLABORATOR

MEDIA, THUMBNAIL, SUBTITLES = b"the video" * 1000, b"the thumbnail", b"WEBVTT\n"


@pytest.fixture
def joystream(tmp_path):
    with running_joystream(tmp_path) as running:
        yield running


def prices(joystream: RunningJoystream) -> dict[str, int]:
    return joystream.in_loop(lambda: dict(joystream.joystream.chain.state().values))


def publish(joystream: RunningJoystream, meta: bytes, *contents: bytes, channel_id: int = 1) -> None:
    """Creates a video in the next block; seals that block."""
    assets = [(len(content), content_id(content)) for content in contents or (MEDIA, THUMBNAIL)]
    call = create_video(channel_id, COLLABORATOR.id, meta, assets, prices(joystream))
    joystream.submit(COLLABORATOR.suri, call)
    joystream.seal()


def signed(joystream: RunningJoystream, raw_action: bytes, youtube_id: str, *, nonce: int) -> bytes:
    """An AppAction for channel 1 with the standard two assets, signed as the app would sign it."""
    fee = prices(joystream)["Storage.DataObjectPerMegabyteFee"]
    objects = b"".join(
        len(content).to_bytes(8, "little") + bytes([46 << 2]) + content_id(content).encode()
        for content in (MEDIA, THUMBNAIL)
    )
    assets = b"\x01" + bytes([2 << 2]) + objects + fee.to_bytes(16, "little")
    metadata = message((2, youtube_id))
    commitment = f'[{nonce},"1",0,0,"0x{assets.hex()}","0x{raw_action.hex()}","0x{metadata.hex()}"]'
    app = joystream.joystream.world.app
    return app_action(
        raw_action,
        youtube_id=youtube_id,
        app_id=app.id,
        secret=app_secret(app.account_seed),
        commitment=commitment,
    )


def test_the_gql_library_loads_the_schema_and_queries_the_world(joystream):
    transport = RequestsHTTPTransport(url=joystream.query_node)
    with Client(transport=transport, fetch_schema_from_transport=True) as client:
        query = gql(
            """query ($id: String!) { channelByUniqueInput(where: {id: $id}) {
            id title description language totalVideosCreated videos { id }
            avatarPhoto { id isAccepted } coverPhoto { id isAccepted }
            ownerMember { id handle controllerAccount metadata { name about } } } }"""
        )
        query.variable_values = {"id": "1"}
        answer = client.execute(query)
    assert answer["channelByUniqueInput"] == {
        "id": "1",
        "title": "Alpine Beekeeping",
        "description": "Hives above the tree line: a season in short films.",
        "language": "en",
        "totalVideosCreated": 0,
        "videos": [],
        "avatarPhoto": {"id": "1", "isAccepted": True},
        "coverPhoto": {"id": "2", "isAccepted": True},
        "ownerMember": {
            "id": "1",
            "handle": "alpinebeekeeping",
            "controllerAccount": "j4UQi6WuJB4TwNUxxyysPrZrtedbzgxQXTMPx7c1pRzsM98oV",
            "metadata": {"name": "Alpine Beekeeping", "about": ""},
        },
    }


def test_every_field_of_a_videos_metadata_is_read(joystream):
    meta = content_metadata(
        (1, "Ein schöner Titel 🐝"),
        (2, "Eine Beschreibung"),
        (3, 0),
        (4, 1),
        (5, 754),
        (6, 1080),
        (7, 1920),
        (8, message((1, "h264"), (2, "mp4"), (3, "video/mp4"))),
        (9, "de"),
        (10, message((1, 1002), (2, "Alpine Beekeeping"))),
        (11, message((1, True), (2, "2024-05-06T07:08:09.123Z"))),
        (12, False),
        (13, True),
        (14, False),
        (16, "3"),
        (17, message((1, "subtitles"), (2, 2), (3, "de"), (4, "text/vtt"))),
        (18, True),
        (20, True),
    )
    publish(joystream, meta, MEDIA, THUMBNAIL, SUBTITLES)
    video = joystream.ask(
        """{ videoByUniqueInput(where: {id: "1"}) { title description duration language isPublic isExplicit
        hasMarketing isShort isCommentSectionEnabled publishedBeforeJoystream category { id name }
        license { code attribution customText } createdInBlock channel { id totalVideosCreated }
        mediaMetadata { encoding { codecName container mimeMediaType } pixelWidth pixelHeight size }
        media { size ipfsHash isAccepted storageBag { id } } thumbnailPhoto { size ipfsHash }
        subtitles { type language mimeType asset { ipfsHash } } entryApp { name } ytVideoId } }"""
    )["videoByUniqueInput"]
    assert video == {
        "title": "Ein schöner Titel 🐝",
        "description": "Eine Beschreibung",
        "duration": 754,
        "language": "de",
        "isPublic": True,
        "isExplicit": False,
        "hasMarketing": False,
        "isShort": True,
        "isCommentSectionEnabled": True,
        "publishedBeforeJoystream": "2024-05-06T07:08:09.123000Z",
        "category": {"id": "3", "name": "Travel and Nature"},
        "license": {"code": 1002, "attribution": "Alpine Beekeeping", "customText": None},
        "createdInBlock": 1,
        "channel": {"id": "1", "totalVideosCreated": 1},
        "mediaMetadata": {
            "encoding": {"codecName": "h264", "container": "mp4", "mimeMediaType": "video/mp4"},
            "pixelWidth": 1920,
            "pixelHeight": 1080,
            "size": str(len(MEDIA)),
        },
        "media": {
            "size": str(len(MEDIA)),
            "ipfsHash": content_id(MEDIA),
            "isAccepted": False,
            "storageBag": {"id": "dynamic:channel:1"},
        },
        "thumbnailPhoto": {"size": str(len(THUMBNAIL)), "ipfsHash": content_id(THUMBNAIL)},
        "subtitles": [
            {
                "type": "subtitles",
                "language": "de",
                "mimeType": "text/vtt",
                "asset": {"ipfsHash": content_id(SUBTITLES)},
            }
        ],
        "entryApp": None,
        "ytVideoId": None,
    }


def test_a_video_signed_by_the_app_carries_its_app_and_youtube_id(joystream):
    raw = content_metadata((1, "First"), (3, 0), (4, 1))
    publish(joystream, signed(joystream, raw, "dQw4w9WgXcQ", nonce=0))
    publish(joystream, signed(joystream, content_metadata((1, "Second")), "xxxxxxxxxxx", nonce=1))
    query = "{ videos(where: {entryApp: {name_eq: $name}}, orderBy: createdAt_ASC) { title ytVideoId } }"
    videos = joystream.ask(f"query ($name: String) {query}", name="devnet-gateway")["videos"]
    assert videos == [
        {"title": "First", "ytVideoId": "dQw4w9WgXcQ"},
        {"title": "Second", "ytVideoId": "xxxxxxxxxxx"},
    ]


@pytest.mark.parametrize("nonce", [1, 7])
def test_a_wrong_nonce_creates_the_video_without_app_and_youtube_id(joystream, nonce):
    publish(joystream, signed(joystream, content_metadata((1, "Lost")), "dQw4w9WgXcQ", nonce=nonce))
    assert joystream.ask("{ videos { title ytVideoId entryApp { id } } }")["videos"] == [
        {"title": "Lost", "ytVideoId": None, "entryApp": None}
    ]


def test_a_signature_over_other_assets_does_not_count(joystream):
    publish(joystream, signed(joystream, content_metadata((1, "Swapped")), "dQw4w9WgXcQ", nonce=0), b"other")
    assert joystream.ask("{ videos { title ytVideoId } }")["videos"] == [
        {"title": "Swapped", "ytVideoId": None}
    ]


def test_metadata_that_cannot_be_read_creates_a_bare_video(joystream):
    publish(joystream, b"\x0a\xff\xff\xff\xff")
    assert joystream.ask("{ videos { id title media { id } } }")["videos"] == [
        {"id": "1", "title": None, "media": None}
    ]


def test_videos_are_found_by_youtube_ids_and_channel(joystream):
    for nonce, youtube_id in enumerate(("aaaaaaaaaaa", "bbbbbbbbbbb", "ccccccccccc")):
        publish(joystream, signed(joystream, content_metadata((1, youtube_id)), youtube_id, nonce=nonce))

    def ids(where: str, more: str = "") -> list[str]:
        found = joystream.ask(
            f"{{ videos(where: {{{where}}}, orderBy: createdInBlock_DESC {more}) {{ id }} }}"
        )
        return [video["id"] for video in found["videos"]]

    assert ids('ytVideoId_eq: "bbbbbbbbbbb"') == ["2"]
    assert ids('ytVideoId_in: ["aaaaaaaaaaa", "ccccccccccc", "ddddddddddd"]') == ["3", "1"]
    assert ids('channel: {id_eq: "1"}', "limit: 2, offset: 1") == ["2", "1"]
    assert ids('channel: {id_eq: "2"}') == []
    assert ids('OR: [{id_eq: "1"}, {title_contains: "ccc"}]') == ["3", "1"]
    assert ids('id_not_in: ["1"], title_startsWith: "b"') == ["2"]
    assert ids('createdAt_gt: "2020-01-01T00:00:00Z", media: {size_gte: 1}, category_isNull: true') == []
    assert ids('createdAt_gt: "2020-01-01T00:00:00Z", media_isNull: true, id_eq: null') == ["3", "2", "1"]
    assert ids('createdAt_lt: "2020-01-01T00:00:00Z"') == []
    assert joystream.ask('{ videosConnection(where: {id_in: ["1", "2"]}) { totalCount } }') == {
        "videosConnection": {"totalCount": 2}
    }


def test_the_storage_buckets_of_a_channel_are_found_as_the_service_asks(joystream):
    query = """query ($bag: String) { storageBuckets(where: {
        operatorStatus: {isTypeOf_eq: "StorageBucketOperatorStatusActive"},
        bags_some: {bag: {id_eq: $bag}}, operatorMetadata: {nodeEndpoint_contains: "http"}}) {
        id dataObjectsSize dataObjectsSizeLimit dataObjectsCount dataObjectCountLimit
        operatorMetadata { nodeEndpoint } } }"""
    buckets = joystream.ask(query, bag="dynamic:channel:1")["storageBuckets"]
    assert [bucket["id"] for bucket in buckets] == ["0", "1"]
    for bucket in buckets:
        endpoint = bucket["operatorMetadata"]["nodeEndpoint"]
        assert requests.get(f"{endpoint}api/v1/version", timeout=5).json()["version"]
        assert int(bucket["dataObjectsSizeLimit"]) > int(bucket["dataObjectsSize"]) > 0
    assert joystream.ask(query, bag="dynamic:channel:99")["storageBuckets"] == []


def test_vouchers_follow_the_chain(joystream):
    before = joystream.ask('{ storageBucketById(id: "0") { dataObjectsSize } }')["storageBucketById"]
    publish(joystream, content_metadata((1, "Large")), MEDIA)
    after = joystream.ask('{ storageBucketById(id: "0") { dataObjectsSize } }')["storageBucketById"]
    assert int(after["dataObjectsSize"]) - int(before["dataObjectsSize"]) == len(MEDIA)


def test_an_update_changes_what_it_names_and_not_the_youtube_id(joystream):
    publish(joystream, signed(joystream, content_metadata((1, "Old"), (2, "Same")), "dQw4w9WgXcQ", nonce=0))
    params: dict[str, Any] = {
        "assets_to_upload": None,
        "new_meta": content_metadata((1, "New"), (11, message((1, True), (2, "1999-01-01T00:00:00Z")))),
        "assets_to_remove": [],
        "auto_issue_nft": None,
        "expected_data_object_state_bloat_bond": 0,
        "storage_buckets_num_witness": None,
    }
    arguments = {"actor": {"Member": COLLABORATOR.id}, "video_id": 1, "params": params}
    joystream.submit(COLLABORATOR.suri, {"Content": {"update_video": arguments}})
    joystream.seal()
    assert joystream.ask("{ videos { title description ytVideoId publishedBeforeJoystream } }")["videos"] == [
        {"title": "New", "description": "Same", "ytVideoId": "dQw4w9WgXcQ", "publishedBeforeJoystream": None}
    ]


def test_deleted_videos_and_channels_are_gone(joystream):
    publish(joystream, content_metadata((1, "Gone"), (3, 0)))
    assert joystream.control_action("chain/delete-channel", channel_id=1).ok
    joystream.seal()
    answer = joystream.ask('{ videos { id } channelByUniqueInput(where: {id: "1"}) { id } }')
    assert answer == {"videos": [], "channelByUniqueInput": None}
    assert joystream.ask(
        '{ storageDataObjects(where: {storageBag: {id_eq: "dynamic:channel:1"}}) { id } }'
    ) == {"storageDataObjects": []}


def test_apps_and_categories_are_made_by_remarks(joystream):
    app = message((1, "second-gateway"), (2, message((8, "Another one"), (10, "0xabc"))))
    category = message((1, "Puppetry"), (2, "Strings attached"))
    for remark in (message((7, app)), message((6, category))):
        arguments = {"member_id": 9, "msg": remark, "payment": None}
        joystream.submit("//Gateway", {"Members": {"member_remark": arguments}})
    joystream.seal()
    answer = joystream.ask(
        """{ apps(where: {name_eq: "second-gateway"}) { authKey description ownerMember { handle } }
        videoCategories(where: {name_eq: "Puppetry"}) { description } }"""
    )
    assert answer["apps"] == [
        {"authKey": "0xabc", "description": "Another one", "ownerMember": {"handle": "devnet-gateway"}}
    ]
    assert answer["videoCategories"] == [{"description": "Strings attached"}]


def test_memberships_are_found_by_handle_and_account(joystream):
    account = "j4UQi6WuJB4TwNUxxyysPrZrtedbzgxQXTMPx7c1pRzsM98oV"
    query = "query ($account: String) { memberships(where: {controllerAccount_eq: $account}) { id handle } }"
    assert joystream.ask(query, account=account)["memberships"] == [{"id": "1", "handle": "alpinebeekeeping"}]
    by_handle = '{ memberships(where: {handle_eq: "oddsignals"}) { id channels { id } } }'
    assert joystream.ask(by_handle)["memberships"] == [{"id": "3", "channels": [{"id": "3"}]}]


def test_a_block_that_leaves_the_chain_leaves_the_query_node(joystream):
    joystream.seal(3)
    publish(joystream, content_metadata((1, "On the losing branch")))
    assert joystream.ask("{ videos { id } }")["videos"] == [{"id": "1"}]
    assert joystream.control_action("chain/drop-blocks", count=1).ok
    answer = joystream.ask('{ videos { id } channelById(id: "1") { totalVideosCreated } }')
    assert answer == {"videos": [], "channelById": {"totalVideosCreated": 0}}
    publish(joystream, content_metadata((1, "On the winning branch")))
    assert joystream.ask("{ videos { id title } }")["videos"] == [
        {"id": "1", "title": "On the winning branch"}
    ]


def test_following_finalised_blocks_it_shows_a_video_only_when_it_is_final(tmp_path):
    with running_joystream(tmp_path, query_node_follows="finalized", finality_lag=2) as joystream:
        publish(joystream, content_metadata((1, "Soon")))
        assert joystream.ask("{ videos { id } processorState { lastProcessedBlock chainHead } }") == {
            "videos": [],
            "processorState": {"lastProcessedBlock": 0, "chainHead": 0},
        }
        joystream.seal(2)
        assert joystream.ask("{ videos { id } processorState { lastProcessedBlock chainHead } }") == {
            "videos": [{"id": "1"}],
            "processorState": {"lastProcessedBlock": 1, "chainHead": 1},
        }


def test_a_lag_keeps_it_behind_and_reset_lets_it_catch_up(joystream):
    assert joystream.control_action("query-node/lag", blocks=3).ok
    joystream.seal(5)
    state = "{ processorState { lastProcessedBlock chainHead } }"
    assert joystream.ask(state)["processorState"] == {"lastProcessedBlock": 2, "chainHead": 5}
    joystream.in_loop(lambda: setattr(joystream.joystream.indexer.faults, "lag", 0))
    joystream.seal()
    assert joystream.ask(state)["processorState"] == {"lastProcessedBlock": 6, "chainHead": 6}


def test_the_processor_state_is_told_over_a_websocket(joystream):
    async def first_three() -> list[int]:
        transport = WebsocketsTransport(url=joystream.query_node.replace("http", "ws"))
        async with Client(transport=transport) as session:
            seen = []
            request = gql("subscription { processorState { lastProcessedBlock } }")
            async for result in session.subscribe(request):
                seen.append(result["processorState"]["lastProcessedBlock"])
                if len(seen) == 3:
                    return seen
                await asyncio.to_thread(joystream.seal)
        raise AssertionError(f"the subscription ended after {seen}")

    assert asyncio.run(first_three()) == [0, 1, 2]


def test_a_query_and_its_errors_travel_over_the_websocket_too(joystream):
    async def ask(query: str) -> Any:
        transport = WebsocketsTransport(url=joystream.query_node.replace("http", "ws"))
        async with Client(transport=transport) as session:
            return await session.execute(gql(query))

    answer = asyncio.run(ask('{ channelById(id: "1") { id } }'))
    assert answer == {"channelById": {"id": "1"}}
    with pytest.raises(Exception, match="Cannot query field 'nothing'"):
        asyncio.run(ask("{ nothing }"))


def test_a_restarted_query_node_knows_what_the_chain_kept(tmp_path):
    with running_joystream(tmp_path, in_memory=False) as joystream:
        publish(joystream, signed(joystream, content_metadata((1, "Kept")), "dQw4w9WgXcQ", nonce=0))
    with running_joystream(tmp_path, in_memory=False) as joystream:
        assert joystream.ask("{ videos { title ytVideoId } }")["videos"] == [
            {"title": "Kept", "ytVideoId": "dQw4w9WgXcQ"}
        ]


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"[]",
        b'{"query": 5}',
        b'{"query": "{a}", "variables": []}',
        b'{"query": "{a}", "operationName": 1}',
    ],
)
def test_a_request_that_is_no_query_is_answered_400(joystream, body):
    response = requests.post(joystream.query_node, data=body, timeout=5)
    assert response.status_code == 400
    assert response.json()["errors"][0]["message"]


def test_a_wrong_query_is_answered_with_graphql_errors(joystream):
    response = requests.post(joystream.query_node, json={"query": "{ channels { colour } }"}, timeout=5)
    assert "Cannot query field 'colour'" in response.json()["errors"][0]["message"]


def test_its_faults_are_seen_by_clients_and_end_with_reset(joystream):
    query = {"query": "{ processorState { chainHead } }"}
    joystream.control_action("query-node/error", message="database is away")
    answer = requests.post(joystream.query_node, json=query, timeout=5)
    assert answer.json() == {"data": None, "errors": [{"message": "database is away"}]}
    joystream.control_action("query-node/unavailable")
    assert requests.post(joystream.query_node, json=query, timeout=5).status_code == 503
    joystream.control_action("query-node/cut")
    with pytest.raises(requests.ConnectionError):
        requests.post(joystream.query_node, json=query, timeout=5)
    joystream.control_action("reset")
    assert requests.post(joystream.query_node, json=query, timeout=5).ok


def test_people_get_a_page_that_says_how_far_it_is(joystream):
    joystream.seal(2)
    page = requests.get(joystream.query_node, timeout=5)
    assert page.headers["Content-Type"].startswith("text/html")
    assert "Block 2 of 2 indexed" in page.text
