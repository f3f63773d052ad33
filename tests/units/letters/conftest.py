"""A mailbox that takes letters over SMTP, and a channel whose creator gets them."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from channels.models import Channel
from tests.support.factories import make_channel
from ytsynch.devnet.mailbox import Mailbox, as_json
from ytsynch.devnet.supervisor import free_ports

ADDRESS = "keeper@example.com"


class Post:
    """The mailbox on its port, and the mails in it, oldest first."""

    def __init__(self, box: Mailbox, port: int) -> None:
        self.box, self.port = box, port

    @property
    def faults(self) -> Any:
        return self.box.faults

    def mails(self) -> list[dict[str, Any]]:
        return [as_json(mail) for _, mail in self.box.mails()][::-1]


@pytest.fixture
def post(tmp_path, settings) -> Iterator[Post]:
    """E-mail as the settings of a service on a devnet have it: Django's SMTP, over a real socket."""
    box, (port,) = Mailbox(tmp_path / "mailbox"), free_ports(1)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    with _serving(box, port):
        yield Post(box, port)


@pytest.fixture
def channel(db) -> Channel:
    return make_channel(title="Alpine Beekeeping", email=ADDRESS)


@contextlib.contextmanager
def _serving(box: Mailbox, port: int) -> Iterator[None]:
    loop, listening, stop = asyncio.new_event_loop(), Future[None](), asyncio.Event()

    async def serve() -> None:
        await box.start("127.0.0.1", port)
        listening.set_result(None)
        await stop.wait()
        await box.stop()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    listening.result(10)
    yield
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    loop.close()
