"""What one devnet is started with; the parent hands it to its children as JSON."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

HOST = "127.0.0.1"
DEFAULT_PORT_BASE = 19700


@dataclass(frozen=True)
class Ports:
    control: int
    google: int
    youtube: int
    chain: int
    query_node: int
    storage_node: int
    faucet: int
    mailbox: int

    @classmethod
    def from_base(cls, base: int) -> "Ports":
        return cls(*range(base, base + len(fields(cls))))


@dataclass(frozen=True)
class DevnetConfig:
    """`folder` holds devnet.json and the throw-away CA, `media_cache` the pictures and sounds made for the
    catalogue, `state_folder` all that happened: with `in_memory` it is thrown away, else it is `folder`."""

    folder: Path
    state_folder: Path
    media_cache: Path
    ports: Ports
    block_time: float = 1.0  # seconds
    finality_lag: int = 2  # blocks
    query_node_lag: int = 0  # blocks
    query_node_follows: Literal["best", "finalized"] = "finalized"
    seed: int = 1
    media: Path | None = None  # the newcomer's own video files
    in_memory: bool = False
    small: bool = False  # fewer videos
    proxies: int = 0  # further proxy ports, to be blocked one by one

    def to_json(self) -> str:
        return _JSON.dump_json(self).decode()

    @classmethod
    def from_json(cls, text: str) -> "DevnetConfig":
        return _JSON.validate_json(text)


_JSON = TypeAdapter(DevnetConfig)
