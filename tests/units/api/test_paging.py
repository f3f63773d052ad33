"""Pages, and what is answered to nonsense."""

from base64 import b64encode
from datetime import timedelta
from itertools import chain

import pytest

from tests.support.factories import PUBLISHED_AT, make_channel, make_video
from tests.units.api.conftest import Reader

pytestmark = pytest.mark.django_db

LISTS = ("channels/", "videos/", "replications/", "channels/42/videos/")


def pages(api: Reader, path: str, **query) -> list[list[str]]:
    """The ids on all pages, one after the other."""
    found = []
    page = api.found(path, **query)
    while True:
        found.append([row["youtube_id"] for row in page["results"]])
        if page["next"] is None:
            return found
        page = api.found(page["next"])


def cursor(text: str) -> str:
    return b64encode(text.encode()).decode()


@pytest.mark.parametrize("ordering", ["-discovered_at", "discovered_at", "-published_at", "published_at"])
def test_every_video_is_on_exactly_one_page(api, ordering):
    channel = make_channel()
    # three at a time were published in the same second
    made = [
        make_video(channel, published_at=PUBLISHED_AT + timedelta(seconds=number // 3)).youtube_id
        for number in range(20)
    ]
    found = pages(api, "videos/", ordering=ordering, page_size=3)
    assert [len(page) for page in found] == [3] * 6 + [2]
    assert list(chain(*found)) == (made[::-1] if ordering.startswith("-") else made)


def test_a_page_is_not_shifted_by_what_is_added_meanwhile(api):
    channel = make_channel()
    made = [make_video(channel).youtube_id for _ in range(6)]
    first = api.found("videos/", page_size=3)
    make_video(channel)
    second = api.found(first["next"])
    assert [row["youtube_id"] for row in second["results"]] == made[2::-1]


def test_there_is_a_way_back(api):
    channel = make_channel()
    made = [make_video(channel).youtube_id for _ in range(6)]
    first = api.found("videos/", page_size=2)
    third = api.found(api.found(first["next"])["next"])
    assert [row["youtube_id"] for row in third["results"]] == made[1::-1]
    again = api.found(api.found(third["previous"])["previous"])
    assert again["results"] == first["results"]


def test_filters_stay_on_the_way_through_the_pages(api):
    channel = make_channel(joystream_channel_id=42)
    mine = [make_video(channel).youtube_id for _ in range(5)]
    make_video()
    assert list(chain(*pages(api, "videos/", channel="42", page_size=2))) == mine[::-1]


NONSENSE = [
    ("cursor", "nonsense"),
    ("cursor", "%%%"),
    ("cursor", "ü"),
    ("cursor", "\0"),
    ("cursor", cursor("p=not-a-number-nor-a-date")),
    ("cursor", cursor("p=" + "9" * 5000)),
    ("cursor", cursor("p=\0")),
    ("cursor", cursor("r=x")),
    ("cursor", cursor("o=-1")),
    ("page_size", "0"),
    ("page_size", "-1"),
    ("page_size", "201"),
    ("page_size", "9" * 5000),
    ("page_size", "many"),
    ("page_size", "١٢"),
    ("ordering", "title"),
    ("ordering", ""),
    ("ordering", "-channel__creator__email"),
    ("ordering", "\0"),
]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(("name", "value"), NONSENSE)
def test_nonsense_about_pages_is_refused(api, path, name, value):
    make_channel(joystream_channel_id=42)
    status, answer = api.get(path, **{name: value})
    assert status == 400, answer
    assert list(answer["errors"]) == [name]
    assert answer["detail"].startswith(f"{name}: ")


@pytest.mark.parametrize("ordering", ["-discovered_at", "-published_at"])
def test_a_cursor_from_beyond_everything_finds_nothing_or_all_or_is_refused(api, ordering):
    video = make_video()
    for position in ("9" * 30, "-" + "9" * 30, "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"):
        status, answer = api.get("videos/", ordering=ordering, cursor=cursor(f"p={position}"))
        assert status == 400 or [row["youtube_id"] for row in answer["results"]] in ([], [video.youtube_id])


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("channels/", "status", "happy"),
        ("channels/", "status", ""),
        ("channels/", "app", " "),
        ("videos/", "state", ["new", ""]),
        ("videos/", "published_before", ""),
        ("channels/", "tier", "\0"),
        ("channels/", "app", "\0"),
        ("channels/", "app", "x" * 101),
        ("channels/", "handle", "\0"),
        ("videos/", "channel", "nobody"),
        ("videos/", "channel", "9" * 20),
        ("videos/", "channel", "٤٢"),
        ("videos/", "state", "happy"),
        ("videos/", "state", ["new", "\0"]),
        ("videos/", "published_after", "yesterday"),
        ("videos/", "published_after", "99999-01-01T00:00:00Z"),
        ("videos/", "published_before", "2026-13-01T00:00:00Z"),
        ("videos/", "published_before", "\0"),
        ("videos/", "published_before", "0001-01-01T00:00:00+23:59"),
        ("videos/", "published_after", "9999-12-31T23:59:59-23:59"),
        ("replications/", "state", "happy"),
        ("replications/", "channel", "\0"),
    ],
)
def test_a_filter_that_is_not_understood_is_refused(api, path, name, value):
    status, answer = api.get(path, **{name: value})
    assert status == 400, answer
    assert list(answer["errors"]) == [name]


@pytest.mark.parametrize(
    "date", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-01-01T00:00:00+23:59", "2026-01-01"]
)
def test_dates_at_the_ends_of_time_are_dates(api, date):
    make_video()
    for name in ("published_after", "published_before"):
        assert api.get("videos/", **{name: date})[0] == 200


def test_the_largest_channel_id_that_there_can_be_is_just_unknown(api):
    assert api.ids("videos/", channel=str(2**63 - 1)) == []
    assert api.ids("videos/", channel="9" * 19) == []


@pytest.mark.parametrize(
    "path",
    [
        "channels/0/",
        f"channels/{'9' * 19}/",
        f"channels/{'9' * 500}/",
        "channels/-1/",
        "channels/%00/",
        "channels/UC%0A/",
        "channels/nobody/videos/",
        "videos/short/",
        "videos/%00%00%00%00%00%00%00%00%00%00%00/",
        "videos/%F0%9F%90%9D/",
        "nothing/",
        "../../etc/",
    ],
)
def test_what_there_is_not_is_not_found(api, path):
    status, answer = api.get(path)
    assert status == 404
    assert (answer["type"], answer["title"], answer["status"]) == ("about:blank", "Not Found", 404)
