"""Creators who keep the service busy: they sign up over HTTP, and upload to YouTube all the while."""

import contextlib
import random

import requests

from tests.chaos.town import Town
from videos.models import Video
from ytsynch.demo import creators

HANDLES = ("@alpinebeekeeping", "@slowrailjourneys", "@clockworkrestoration", "@tworoadscycling")
"""Their videos are plain: what becomes of each depends on nothing but the service."""

TITLE = "Upload"


class Crowd:
    """Who has signed up, and what they upload."""

    def __init__(self, town: Town, dice: random.Random) -> None:
        self._town, self._dice = town, dice
        self.signed_up: list[str] = []
        self.uploads = 0

    @property
    def waiting(self) -> list[str]:
        return [handle for handle in HANDLES if handle not in self.signed_up]

    def sign_up_next(self) -> bool:
        """One more creator tries to sign up; whatever is down is tried again later."""
        handle = self.waiting[0]
        person = next(person for person in self._town.facts["people"] if person["handle"] == handle)
        category = self._town.facts["categories"][0]["id"]
        with contextlib.suppress(requests.RequestException, creators.SignUpRefused):
            if not creators.is_signed_up(self._town.web, person):
                creators.sign_up(self._town.web, self._town.facts, person, category_id=category)
            self.signed_up.append(handle)
            return True
        return False

    def upload(self) -> None:
        """A new video of one of the creators."""
        title = f"{TITLE} {self.uploads + 1}"
        if self._town.ask("youtube/add_video", channel=self._dice.choice(self.signed_up), title=title):
            self.uploads += 1

    def unseen(self) -> int:
        """Uploads that the service has not discovered yet."""
        return self.uploads - Video.objects.filter(title__startswith=TITLE).count()

    def publishable(self) -> set[str]:
        """YouTube ids of all videos that must arrive."""
        return {
            video["id"]
            for channel in self._town.catalogue()
            if channel["handle"] in self.signed_up
            for video in channel["videos"]
            if video["expected"] == "published"
        }
