"""A real Chromium on the real pages: the service in this process, served over a socket, a devnet behind it.

`make test` installs Chromium where it may; elsewhere these tests are skipped, but never in CI.
"""

import os
import shutil
from collections.abc import Iterator
from importlib import import_module

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connections
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from channels.gateways import app_of_configuration
from channels.models import Channel, Creator
from tests.support.devnet import Devnet, devnet, session_devnet  # noqa: F401 (fixtures)
from tests.support.factories import make_channel
from tests.support.service import service_on
from ypp.models import Requirement

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"viewport": {"width": 1280, "height": 860}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
SECONDS = 15

TOLD_ON_THE_PAGE = ("Failed to load resource", "Response Status Error", "htmx:")
"""What a browser and htmx log about an answer with an error status: the pages tell it in words."""


@pytest.fixture(scope="module")  # not longer: no other test can run an event loop beside Playwright's
def chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        text = f"no Chromium here (looked for {', '.join(NAMES)})"
        pytest.fail(text) if os.environ.get("CI") == "true" else pytest.skip(text)
    # Playwright keeps an event loop in this thread, in which Django would not touch its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()
        connections.close_all()  # those of this loop: out of reach once it has ended
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(chromium: Browser, live_server):
    """Opens pages, each in a browser of its own. What goes wrong in them fails the test: scripts that throw,
    policies that are broken.
    """
    contexts, troubles = [], []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(TOLD_ON_THE_PAGE):
            troubles.append(message.text)

    def open_(path: str = "/", **look) -> Page:
        context = chromium.new_context(base_url=live_server.url, locale="en-GB", **{**DESKTOP, **look})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(SECONDS * 1000)
        expect.set_options(timeout=SECONDS * 1000)
        page.on("console", listen)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture
def world(devnet: Devnet, settings, tmp_path, transactional_db):  # noqa: F811
    """The devnet, and requirements that all of its creators but the new one meet."""
    cache.clear()
    with service_on(devnet, tmp_path, settings):
        rule = {"min_subscribers": 50, "min_videos": 1, "min_video_age_hours": 24}
        Requirement.objects.update_or_create(app=app_of_configuration(), defaults=rule)
        yield devnet


@pytest.fixture
def channel(world) -> Channel:
    """A channel that takes part, of a creator who is not signed in yet."""
    creator = Creator.objects.create(subject="1001", email="maker@example.com")
    return make_channel(
        app=app_of_configuration(),
        creator=creator,
        category_id="3",
        email="letters@example.com",
        title="Quiet Workshop",
    )


@pytest.fixture
def open_as(open_page, live_server):
    """Opens pages as a creator who is signed in."""

    def open_(creator: Creator, path: str, **look) -> Page:
        session = import_module(django_settings.SESSION_ENGINE).SessionStore()
        session["creator"] = creator.pk
        session.save()
        page: Page = open_page("/robots.txt", **look)
        page.context.add_cookies(
            [
                {
                    "name": django_settings.SESSION_COOKIE_NAME,
                    "value": session.session_key,
                    "url": live_server.url,
                }
            ]
        )
        page.goto(path)
        return page

    return open_


def check(page: Page) -> None:
    """Nothing hangs over the edge of the screen, and axe-core finds nothing serious."""
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{page.url} is {overflow} px too wide"
    found = Axe().run(page).response["violations"]
    serious = [
        f"{each['id']}: {node['html'][:200]} {node['failureSummary']}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]
    assert serious == [], f"{page.url}: {serious}"
