"""`manage.py demo`: the main job before one's eyes. What it starts, it stops."""

import json
import logging
import os
import secrets
import signal
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from rich.console import Console
from rich.live import Live

from channels.gateways import app_of_configuration
from channels.models import Channel
from payments import money, rounds
from videos.models import Video
from videos.states import State
from ypp.models import Requirement
from ytsynch.config.loader import read
from ytsynch.demo import board, creators, payouts, programme, verify
from ytsynch.demo.bad_day import BadDay
from ytsynch.demo.configuration import write_secret
from ytsynch.demo.door import Door
from ytsynch.demo.world import CannotStart, World, free_port
from ytsynch.joystream.errors import JoystreamError
from ytsynch.processes import CANNOT_START

LOOK_EVERY = 0.5
CREATORS = 4
"""How many of the devnet's people sign up; the others are left for whoever wants to try it."""

REQUIREMENTS = {"min_videos": 1, "min_video_age_hours": 0}
"""The devnet's channels are small, so its gateway app asks for less than the programme does."""

STUCK_SECONDS = 600
"""With --exit: how long nothing at all may change before the demo gives up."""

ADMIN = "admin"
DOOR_PORT = 19750


class Command(BaseCommand):
    help = "Runs the whole service against a simulated YouTube and Joystream, and shows it at work."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--exit", action="store_true", help="end when all that can be published is, and verified"
        )
        parser.add_argument(
            "--faults",
            action="store_true",
            help="a bad day: everything goes wrong once, and all is published",
        )
        parser.add_argument("--media", type=Path, help="a folder with video files of your own to publish")
        parser.add_argument("--port", type=int, help="of the web service (8000, or the next free one)")
        parser.add_argument("--downloads", type=int, default=2, help="how many videos are downloaded at once")

    def handle(self, *_: Any, **options: Any) -> None:
        if options["media"] and not options["media"].is_dir():
            raise CommandError(f"--media {options['media']} is not a folder", returncode=CANNOT_START)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        logging.disable(logging.INFO)  # of what this process does itself: the terminal is for the table
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        world = World(settings.VAR_DIR, port=options["port"], media=options["media"])
        demo = Demo(world, Console())
        try:
            demo.run(downloads=options["downloads"], ends=options["exit"], faults=options["faults"])
        except (CannotStart, creators.SignUpRefused) as error:
            raise CommandError(str(error), returncode=CANNOT_START) from None
        except KeyboardInterrupt:
            demo.console.print("\nStopping. A next `make demo` goes on from here.")
            if options["exit"]:  # whoever waits for the end must not take this for success
                raise SystemExit(128 + signal.SIGINT) from None
        finally:
            if demo.bad_day is not None:
                demo.bad_day.end_all()
            world.stop()


class Demo:
    """One run: start, sign up, watch, verify, sum up."""

    def __init__(self, world: World, console: Console) -> None:
        self.world, self.console = world, console
        self.verified: dict[int, bool] = {}
        self.signed_up: set[str] = set()
        self.bad_day: BadDay | None = None

    def run(self, *, downloads: int, ends: bool, faults: bool) -> None:
        say = self.console.print
        say("Starting a simulated YouTube and Joystream …")
        self.world.start_devnet()
        for line in self.world.complaints():
            say(f"[yellow]{line}[/]")
        say("Starting the service: PostgreSQL, web, workers …")
        self.world.start_service(downloads=downloads)
        # from here on this process reads with the service's own configuration
        os.environ["CONFIG_PATH"] = str(self.world.var / "demo-config.yml")
        settings.CONFIG = read(os.environ)
        started = time.monotonic()
        password = self._admin_password()
        self._sign_up()
        if not ends:  # whoever stays finds staff at work in the admin
            people = self.world.devnet["people"]
            programme.begin(self.world.web, self.world.devnet, people[:CREATORS], people[CREATORS])
        self._open_door()
        self._write_facts(password)
        self._say_where(password)
        if faults:
            self.bad_day = BadDay(self.world, self.console)
        self._watch(started, ends=ends)
        failed = self._sum_up(started)
        self._payouts()
        if ends:
            if failed:
                raise CommandError(
                    f"{failed} videos that can be published were not, or not verified", returncode=1
                )
            return
        programme.go_on(self.world.devnet["people"][CREATORS - 1])
        say("\nRunning on. Ctrl-C stops everything.")
        while True:
            time.sleep(1)
            self.world.check()

    def _sign_up(self) -> None:
        """The first creators come in, unless they did in an earlier run."""
        devnet = self.world.devnet
        Requirement.objects.update_or_create(app=app_of_configuration(), defaults=REQUIREMENTS)
        for person in devnet["people"][:CREATORS]:
            if not creators.is_signed_up(self.world.web, person):
                done = creators.sign_up(
                    self.world.web, devnet, person, category_id=devnet["categories"][0]["id"]
                )
                self.console.print(
                    f"[green]✓[/] {done.title} ({done.handle}) signed in with Google and connected its channel"
                )
            self.signed_up.add(person["youtube_channel_id"])

    def _open_door(self) -> None:
        """For whoever opens the link, the dashboard of the creator with the most videos fills up live."""
        devnet = self.world.devnet
        largest = Channel.objects.registered().order_by("-public_videos", "id").first()
        person = next(
            (one for one in devnet["people"] if largest and one["youtube_channel_id"] == largest.youtube_id),
            devnet["people"][0],
        )
        self.door = Door(self.world.web, devnet, person, port=free_port(DOOR_PORT))

    def _watch(self, started: float, *, ends: bool) -> None:
        """Show the board until it is settled; verify what is published on the way."""
        last, changed_at, began = None, time.monotonic(), time.monotonic()
        with Live(console=self.console, auto_refresh=False, transient=True) as live:
            while True:
                now, elapsed = board.read(), time.monotonic() - started
                if self.console.is_terminal:
                    width, height = self.console.size
                    live.update(board.draw(now, width=width, height=height, elapsed=elapsed), refresh=True)
                self.world.check()
                is_quiet = self._suffer(now, elapsed=time.monotonic() - began)
                if is_quiet:
                    self._verify(now)
                if is_quiet and now.settled:
                    return
                seen = [(video.state, video.reason, video.attempts) for video in now.videos]
                if seen != last:
                    last, changed_at = seen, time.monotonic()
                    if not self.console.is_terminal:
                        self.console.print(board.footer(now, elapsed=elapsed))
                elif ends and time.monotonic() - changed_at > STUCK_SECONDS:
                    return
                time.sleep(LOOK_EVERY)

    def _suffer(self, now: board.Board, *, elapsed: float) -> bool:
        """The bad day goes on, where one is asked for. Whether nothing is wrong outside, and nothing on its way in."""
        day = self.bad_day
        if day is None:
            return True
        day.go_on(elapsed, settled=now.settled)
        return day.is_over and day.unseen() <= 0

    def _payouts(self) -> None:
        """Rewards for what has been published, for staff to approve in the admin."""
        round = payouts.prepare()
        if round is not None:
            sum = money.dollars(rounds.total(round).cents)
            address = f"{self.world.web}{reverse('admin:payments_round_change', args=[round.pk])}"
            self.console.print(f"A payout round of {sum} waits for its approval: {address}", highlight=False)

    def _verify(self, now: board.Board) -> None:
        """A few newly published ones a look, so that the board keeps moving."""
        new = [
            video for video in now.videos if video.state == State.PUBLISHED and video.pk not in self.verified
        ]
        for video in new if now.settled else new[:2]:
            self._verify_one(video)

    def _verify_one(self, video: Video) -> None:
        try:
            verify.verify(video)
            self.verified[video.pk] = True
        except (verify.NotVerified, JoystreamError) as error:
            self.verified[video.pk] = False
            self.console.print(f"[red]{video.youtube_id} {video.title}: {error}[/]")

    def _sum_up(self, started: float) -> int:
        """The summary, on the terminal and in the file. Returns how many videos failed."""
        now, seconds = board.read(), time.monotonic() - started
        self.console.print(board.summary(now, verified=self.verified, seconds=seconds))
        if self.bad_day is not None:
            self.console.print(self.bad_day.summary())
        failed = [
            video
            for video in now.videos
            if not board.is_settled(video)
            or video.state == State.STUCK
            or (video.state == State.PUBLISHED and not self.verified.get(video.pk))
        ]
        self._write_facts(
            self._admin_password(), summary=board.facts(now, verified=self.verified, seconds=seconds)
        )
        return len(failed)

    def _admin_password(self) -> str:
        """Of a superuser that is there from the first run on; the file keeps it for the next ones."""
        path = self.world.var / "demo-admin-password"
        if not path.exists():
            write_secret(path, secrets.token_urlsafe(12))
        password = path.read_text()
        admin, _ = get_user_model().objects.get_or_create(
            username=ADMIN, defaults={"is_staff": True, "is_superuser": True}
        )
        if not admin.check_password(password):
            admin.set_password(password)
            admin.save()
        return password

    def _write_facts(self, password: str, **more: Any) -> None:
        web, devnet = self.world.web, self.world.devnet
        facts = {
            "web": web,
            "docs": f"{web}/docs",
            "dashboard": self.door.url,
            "admin": {"url": f"{web}/admin/", "username": ADMIN, "password": password},
            "owner_key": self.world.owner_key,
            "devnet": {
                name: value
                for name, value in devnet.items()
                if name not in ("people", "collaborator", "payer", "app")
            },
            "redirect_uri": creators.REDIRECT,
            "creators": [
                person | {"signed_up": person["youtube_channel_id"] in self.signed_up}
                for person in devnet["people"]
            ],
            **more,
        }
        write_secret(self.world.var / "demo.json", json.dumps(facts, indent=2, ensure_ascii=False))

    def _say_where(self, password: str) -> None:
        web = self.world.web
        self.console.print(
            f"\n  web page  {web}/"
            f"\n  dashboard {self.door.url}   (signed in as a creator; it fills up by itself)"
            f"\n  admin     {web}/admin/   (user {ADMIN}, password {password})"
            f"\n  API docs  {web}/docs"
            f"\n  mailbox   {self.world.devnet['mailbox']['url']}\n  for scripts: var/demo.json\n",
            highlight=False,
        )
