"""Calls, events, errors, storage and constants by the names that a metadata gives them.

A `Codec` is built from metadata bytes: those of the devnet (`codec()`), or any other V14 metadata, which is
how the conformance tests hold the two side by side. Values have the plain form of `events`. A name that the
metadata does not have is a KeyError.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any

import xxhash
from scalecodec.base import RuntimeConfigurationObject, ScaleBytes
from scalecodec.type_registry import load_type_registry_preset

from .metadata import metadata_bytes
from .scale import Scale

SS58_FORMAT = 126

Name = tuple[str, str]  # of a pallet, and of something in it


@dataclass(frozen=True)
class StorageEntry:
    """Where a storage value or map lies, and its types by their numbers."""

    prefix: bytes
    hashers: tuple[str, ...]  # one for each key
    key_types: tuple[int, ...]
    value_type: int
    default: bytes | None  # what a missing value reads as; None: as nothing


class Codec:
    """Encodes and decodes under one metadata.

    `scale` takes types by number; `types` finds it by the path's end ("RuntimeCall", "DispatchError").
    """

    def __init__(self, metadata: bytes) -> None:
        described = decode_metadata(metadata)
        types = [entry["type"] for entry in described["types"]["types"]]
        self.scale = Scale(types)
        self.types = {entry["path"][-1]: number for number, entry in enumerate(types) if entry["path"]}
        self._events: dict[Name, tuple[str, Any]] = {}
        self._errors: dict[Name, tuple[int, int]] = {}
        self._storage: dict[Name, StorageEntry] = {}
        self._constants: dict[Name, Any] = {}
        for pallet in described["pallets"]:
            self._add(pallet, types)
        self._error_names = {indices: name for name, indices in self._errors.items()}

    def _add(self, pallet: Mapping[str, Any], types: list[dict[str, Any]]) -> None:
        name = pallet["name"]
        if pallet["event"]:
            shapes = self.scale.variants(pallet["event"]["ty"])
            self._events.update({(name, event): shape for event, shape in shapes.items()})
        if pallet["error"]:
            for error in types[pallet["error"]["ty"]]["def"]["variant"]["variants"]:
                self._errors[name, error["name"]] = pallet["index"], error["index"]
        if pallet["storage"]:
            for entry in pallet["storage"]["entries"]:
                self._storage[name, entry["name"]] = self._entry(pallet["storage"]["prefix"], entry)
        for constant in pallet["constants"]:
            self._constants[name, constant["name"]] = constant["type"], _octets(constant["value"])

    def _entry(self, pallet_prefix: str, entry: Mapping[str, Any]) -> StorageEntry:
        prefix = _twox(pallet_prefix.encode(), 128) + _twox(entry["name"].encode(), 128)
        default = None if entry["modifier"] == "Optional" else _octets(entry["default"])
        if "Plain" in entry["type"]:
            return StorageEntry(prefix, (), (), entry["type"]["Plain"], default)
        described = entry["type"]["Map"]
        hashers, key = tuple(described["hashers"]), described["key"]
        keys = (key,) if len(hashers) == 1 else tuple(self.scale.parts(key))
        return StorageEntry(prefix, hashers, keys, described["value"], default)

    def encode_call(self, call: Mapping[str, Any]) -> bytes:
        """Bytes of a call: `{"Balances": {"transfer": {"dest": …, "value": …}}}`."""
        return self.scale.encode(self.types["RuntimeCall"], call)

    def decode_call(self, data: bytes) -> dict[str, Any]:
        """The call that these bytes are, and nothing behind them. Raises ScaleError."""
        call: dict[str, Any] = self.scale.decode(self.types["RuntimeCall"], data)
        return call

    def event(self, pallet: str, name: str, args: tuple[Any, ...]) -> dict[str, Any]:
        """The value of RuntimeEvent for arguments in the order of the metadata."""
        kind, body = self._events[pallet, name]
        if kind == "struct":
            return {pallet: {name: dict(zip([field for field, _ in body], args, strict=True))}}
        return {pallet: {name: args[0] if kind == "newtype" else args} if args else name}

    def event_parts(self, event: Mapping[str, Any]) -> tuple[str, str, tuple[Any, ...]]:
        """Pallet, name and arguments of a RuntimeEvent's value."""
        ((pallet, content),) = event.items()
        if isinstance(content, str):
            return pallet, content, ()
        ((name, fields),) = content.items()
        kind, _ = self._events[pallet, name]
        if kind == "struct":
            return pallet, name, tuple(fields.values())
        return pallet, name, (fields,) if kind == "newtype" else fields

    def encode_event_records(self, records: Iterable[dict[str, Any]]) -> bytes:
        """Value of System.Events; records: `{"phase": {"ApplyExtrinsic": 1}, "event": {…}, "topics": []}`."""
        return self.encode_storage("System", "Events", list(records))

    def decode_event_records(self, data: bytes) -> list[dict[str, Any]]:
        """The records of a System.Events value."""
        records: list[dict[str, Any]] = self.decode_storage("System", "Events", data)
        return records

    def module_error(self, pallet: str, error: str) -> dict[str, Any]:
        """A pallet's error as a value of sp_runtime::DispatchError."""
        pallet_index, index = self._errors[pallet, error]
        return {"Module": {"index": pallet_index, "error": bytes([index, 0, 0, 0])}}

    def module_error_name(self, error: Mapping[str, Any]) -> Name:
        """Pallet and name of a `{"Module": {…}}`."""
        return self._error_names[error["Module"]["index"], error["Module"]["error"][0]]

    def constant(self, pallet: str, name: str) -> Any:
        """Plain value of a pallet's constant."""
        return self.scale.decode(*self._constants[pallet, name])

    def storage_key(self, pallet: str, entry: str, *keys: Any) -> bytes:
        """Full key of a storage value, or the prefix of a map when fewer keys are given."""
        described = self._storage[pallet, entry]
        parts = [described.prefix]
        for hasher, key_type, key in zip(described.hashers, described.key_types, keys, strict=False):
            encoded = self.scale.encode(key_type, key)
            parts += [_HASHES[hasher](encoded), encoded]
        return b"".join(parts)

    def encode_storage(self, pallet: str, entry: str, value: Any) -> bytes:
        """Bytes of a storage entry's value."""
        return self.scale.encode(self._storage[pallet, entry].value_type, value)

    def decode_storage(self, pallet: str, entry: str, data: bytes | None) -> Any:
        """Plain value; what a missing one (None) reads as: its default, or None for an optional entry."""
        described = self._storage[pallet, entry]
        data = described.default if data is None else data
        return None if data is None else self.scale.decode(described.value_type, data)


def decode_metadata(metadata: bytes) -> dict[str, Any]:
    """V14 metadata as plain data, in the words of frame-metadata."""
    config = RuntimeConfigurationObject()
    config.update_type_registry(load_type_registry_preset(name="core"))
    # Bytes as hex, always: scalecodec shows those that happen to be UTF-8 as text.
    config.update_type_registry_types({"Bytes": "HexBytes"})
    decoded = config.create_scale_object("MetadataVersioned", data=ScaleBytes(metadata))
    value: dict[str, Any] = decoded.decode()[1]["V14"]
    return value


def _octets(hexadecimal: str) -> bytes:
    return bytes.fromhex(hexadecimal.removeprefix("0x"))


def _twox(data: bytes, bits: int) -> bytes:
    """Substrate's Twox64 and Twox128: xxHash64 with the seeds 0 and 1, little-endian."""
    return b"".join(xxhash.xxh64_intdigest(data, seed).to_bytes(8, "little") for seed in range(bits // 64))


_HASHES = {  # of the hashers that keep the key behind its hash
    "Blake2_128Concat": lambda key: blake2b(key, digest_size=16).digest(),
    "Twox64Concat": lambda key: _twox(key, 64),
}


@cache
def codec() -> Codec:
    """The devnet's codec, built once a process."""
    return Codec(metadata_bytes())
