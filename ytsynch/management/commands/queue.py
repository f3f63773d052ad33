"""The queue from a terminal: looked at, and put in order by the same orders as in the admin."""

from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from channels.errors import NotFound, Refused
from videos import facts, interventions, statistics
from videos.models import Video
from videos.states import IN_PIPELINE, State
from ytsynch import printing

BY = "the command queue"

Act = Callable[[Video], object]
WhyNot = Callable[[Video], str | None]
CHOSEN: dict[str, tuple[State, ...]] = {
    "retry": (*sorted(IN_PIPELINE), State.STUCK, State.SKIPPED),
    "skip": tuple(sorted(interventions.SKIPPABLE)),
    "boost": tuple(sorted(IN_PIPELINE)),
    "forget-files": tuple(sorted(interventions.FORGETTABLE)),
}
"""States of which each order makes sense; the domain decides of each video."""


class Command(BaseCommand):
    help = (
        "Shows the queue, or retries, skips, boosts videos of it, or frees files that nobody needs any more."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        orders = parser.add_subparsers(dest="order", required=True)
        show = orders.add_parser("show", help="how much waits where, and what is next")
        show.add_argument("--next", type=int, default=10, metavar="N", help="so many of the next videos")
        show.add_argument("--format", dest="form", choices=printing.FORMATS, default="table")
        for name, text in (
            ("retry", "try again what failed, is stuck or was left out"),
            ("skip", "do not bring over what is not on chain yet"),
            ("boost", "let it go before everybody else's"),
            ("forget-files", "delete local files that are not promised on chain"),
        ):
            order = orders.add_parser(name, help=text)
            order.add_argument("videos", nargs="*", metavar="VIDEO", help="YouTube ids")
            order.add_argument("--channel", help="all of a channel: YouTube id, @handle, Joystream id")
            order.add_argument("--state", choices=[state.value for state in CHOSEN[name]])
            order.add_argument("--reason", help="only those with this code, such as network_trouble")
            order.add_argument("--dry-run", action="store_true", help="only say what would happen")
            if name == "skip":
                order.add_argument("--because", required=True, metavar="TEXT", help="kept in the history")

    def handle(self, *, order: str, **options: Any) -> None:
        if order == "show":
            self._show(options["next"], options["form"])
            return
        because = options.get("because", "")
        acts: dict[str, tuple[WhyNot, Act]] = {
            "retry": (interventions.why_not_retry, lambda video: interventions.retry(video, by=BY)),
            "skip": (interventions.why_not_skip, lambda video: interventions.skip(video, because, by=BY)),
            "boost": (interventions.why_not_boost, lambda video: interventions.boost(video, by=BY)),
            "forget-files": (
                interventions.why_not_forget_file,
                lambda video: interventions.forget_file(video, by=BY),
            ),
        }
        why_not, act = acts[order]
        self._order(self._chosen(order, options), why_not, act, is_dry=options["dry_run"])

    def _show(self, most: int, form: str) -> None:
        columns = [field.name for field in fields(statistics.Waiting)]
        waiting = [asdict(row) for row in statistics.of_queue()]
        if form == "json":
            printing.write(waiting, columns, form, self.stdout)
            return
        printing.write(waiting, columns, form, self.stdout)
        queued = Video.objects.filter(state=State.NEW, held="").in_queue_order()[: max(most, 0)]
        self.stdout.write("")
        rows = [
            {
                "place": fact.place,
                "video": fact.video.youtube_id,
                "title": fact.video.title,
                "channel": str(fact.video.channel),
                "why_so_early": fact.video.get_band_display(),
                "expected": fact.expected_at,
            }
            for fact in facts.of_videos(queued)
        ]
        printing.write(
            rows, ["place", "video", "title", "channel", "why_so_early", "expected"], form, self.stdout
        )

    def _chosen(self, order: str, options: dict[str, Any]) -> QuerySet[Video]:
        if not (options["videos"] or options["channel"] or options["state"] or options["reason"]):
            raise CommandError("name videos, or choose them with --channel, --state or --reason")
        videos = Video.objects.filter(state__in=CHOSEN[order])
        if options["videos"]:
            known = set(
                Video.objects.filter(youtube_id__in=options["videos"]).values_list("youtube_id", flat=True)
            )
            if unknown := [name for name in options["videos"] if name not in known]:
                raise CommandError(f"there is no video {', '.join(unknown)}")
            videos = Video.objects.filter(youtube_id__in=options["videos"])
        if options["channel"]:
            try:
                videos = videos.filter(channel=statistics.find_channel(options["channel"]))
            except NotFound as error:
                raise CommandError(error.message) from None
        if options["state"]:
            videos = videos.filter(state=options["state"])
        if options["reason"]:
            videos = videos.filter(reason=options["reason"])
        return videos.select_related("channel").in_queue_order()

    def _order(self, videos: QuerySet[Video], why_not: WhyNot, act: Act, *, is_dry: bool) -> None:
        done = refused = 0
        for pk in list(videos.values_list("pk", flat=True)):
            video = Video.objects.get(pk=pk)
            try:
                objection = why_not(video)
                if objection is not None:
                    raise Refused(objection)
                if not is_dry:
                    act(video)
            except Refused as refusal:
                refused += 1
                self.stderr.write(f"{video}: {refusal}")
                continue
            done += 1
            self.stdout.write(str(video))
        self.stdout.write(f"{done} {'would be ' if is_dry else ''}done, {refused} refused")
