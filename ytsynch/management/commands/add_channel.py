from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from channels.gateways import app_of_configuration
from videos import added_channels
from videos.added_channels import Wish


class Command(BaseCommand):
    help = "Adds YouTube channels whose owners have not signed in; their videos are listed from public pages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("channels", nargs="+", metavar="URL|@handle|id")
        parser.add_argument(
            "--joystream-channel",
            type=int,
            metavar="ID",
            help="Joystream channel that receives the videos; without it nothing is synced yet",
        )
        parser.add_argument("--limit", type=int, metavar="N", help="only so many of the older videos")
        parser.add_argument("--category", default="", metavar="ID", help="Joystream category of the videos")

    def handle(
        self,
        *,
        channels: list[str],
        joystream_channel: int | None,
        limit: int | None,
        category: str,
        **_: Any,
    ) -> None:
        if joystream_channel is not None and len(channels) > 1:
            raise CommandError(
                "one Joystream channel belongs to one YouTube channel: name one, or use a list"
            )
        wishes = [Wish(name, joystream_channel, limit, category) for name in channels]
        report(self, added_channels.add(wishes, app=app_of_configuration(), by="add_channel"))


def report(command: BaseCommand, results: list[added_channels.Result]) -> None:
    """A line a wish; CommandError at the end if one was refused."""
    for result in results:
        if result.channel is not None:
            where = result.channel.joystream_channel_id
            syncs = f"syncs to Joystream channel {where}" if where is not None else "not synced yet"
            command.stdout.write(
                f"{result.wish.name}: {result.channel.title} ({result.channel.youtube_id}), {syncs}"
            )
        else:
            command.stderr.write(f"{result.wish.name}: {result.refusal}")
    refused = sum(result.channel is None for result in results)
    if refused:
        raise CommandError(f"{refused} of {len(results)} channels were not added")
