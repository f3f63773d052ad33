"""`--from`, `--to` and `--format`, as the commands of statistics share them."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime, timedelta

from videos.statistics import Stretch
from ytsynch import printing


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--from", dest="since", type=moment, metavar="DATE", help="30 days ago without it")
    parser.add_argument(
        "--to", dest="until", type=moment, metavar="DATE", help="until before then; now without it"
    )
    parser.add_argument("--format", dest="form", choices=printing.FORMATS, default="table")


def moment(text: str) -> datetime:
    """«2026-05-04» is its first moment in UTC; «2026-05-04T12:00» is what it says."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no date such as 2026-05-04 or 2026-05-04T12:00") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def of(since: datetime | None, until: datetime | None) -> Stretch:
    end = until or datetime.now(UTC)
    return Stretch(since or end - timedelta(days=30), end)
