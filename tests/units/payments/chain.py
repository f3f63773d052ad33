"""A chain of the devnet in this process, and the service's real clients on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.joystream import RunningJoystream
from tests.support.service import configured
from ytsynch.demo.configuration import service_configuration
from ytsynch.devnet.world import COLLABORATOR, PAYER


@contextmanager
def service_on_chain(joystream: RunningJoystream, folder: Path, settings: Any) -> Iterator[None]:
    """An extrinsic lives for eight blocks; there is no YouTube."""
    world = joystream.joystream.world
    nowhere = "http://127.0.0.1:9"
    facts: dict[str, Any] = {
        "query_node": joystream.query_node,
        "chain": joystream.chain,
        "faucet": joystream.faucet,
        "faucet_key": "key",
        "google": nowhere,
        "youtube": nowhere,
        "google_client_id": "id",
        "google_client_secret": "secret",
        "youtube_api_key": "key",
        "ca_file": str(folder / "ca.pem"),
        "app": {"name": world.app.name, "account_seed": world.app.account_seed},
        "collaborator": {"member_id": COLLABORATOR.id, "suri": COLLABORATOR.suri},
        "payer": {"member_id": PAYER.id, "suri": PAYER.suri},
    }
    configuration = service_configuration(facts, port=8000, owner_key="owner", var=folder)
    with configured(configuration, folder, settings, {"joystream.eraPeriod": 8}):
        yield
