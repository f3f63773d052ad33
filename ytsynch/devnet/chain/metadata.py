"""The devnet chain's metadata: what a client reads to know how calls, events and storage are encoded.

`pallets` describes it; here it becomes the V14 form that `state_getMetadata` answers. Indices, types and
therefore all bytes are those of Joystream's runtime (spec 2004); what the devnet does not do is left out.
https://docs.rs/frame-metadata/latest/frame_metadata/v14/ describes the form. For values see `codec`.
"""

import re
from functools import cache
from typing import Any

from scalecodec.base import RuntimeConfigurationObject
from scalecodec.type_registry import load_type_registry_preset

from .pallets import PALLETS, shared
from .pallets.pallet import Pallet
from .scale import Scale
from .types import Declaration, TypeTable, enum, split, struct

EXTRINSIC_VERSION = 4
_MAGIC = "0x" + b"meta".hex()

# How the runtime's source calls the calls of a pallet.
_CALL_TYPE_NAME = (
    "self::sp_api_hidden_includes_construct_runtime::hidden_include::dispatch::CallableCallFor<{}, Runtime>"
)

_STORAGE = re.compile(
    r"(?P<name>\w+): (?:(?P<keys>.+) -> )?(?P<value>.+?)(?P<optional>\?)?(?: = (?P<default>\d+))?"
)
_HASHED = re.compile(r"(?P<hasher>\w+)\((?P<key>.+)\)")


@cache
def metadata_bytes() -> bytes:
    """The answer to `state_getMetadata`: "meta", the version, and the description."""
    config = RuntimeConfigurationObject()
    config.update_type_registry(load_type_registry_preset(name="core"))
    encoded = config.create_scale_object("MetadataVersioned").encode((_MAGIC, {"V14": describe()}))
    return bytes(encoded.data)


def describe() -> dict[str, Any]:
    """The metadata as plain data, in the words of frame-metadata."""
    table = TypeTable(_declarations(), _aliases())
    described = {
        "pallets": [_pallet(pallet, table) for pallet in PALLETS],
        "extrinsic": {
            "ty": table.number("UncheckedExtrinsic"),
            "version": EXTRINSIC_VERSION,
            "signed_extensions": [
                {"identifier": name, "ty": table.number(name), "additional_signed": table.number(additional)}
                for name, additional in shared.SIGNED_EXTENSIONS.items()
            ],
        },
        "runtime_type": table.number("joystream_node_runtime::Runtime"),
    }
    return {"types": {"types": [{"id": n, "type": t} for n, t in enumerate(table.types)]}, **described}


def _declarations() -> list[Declaration]:
    calls = (
        f"{p.index} {p.name}({_CALL_TYPE_NAME.format(p.name)} = {p.calls.path})" for p in PALLETS if p.calls
    )
    events = (f"{p.index} {p.name}({p.event_type_name} = {p.events.path})" for p in PALLETS if p.events)
    return [
        *shared.TYPES,
        *(declaration for pallet in PALLETS for declaration in pallet.declarations),
        enum("joystream_node_runtime::RuntimeCall", *calls),
        enum("joystream_node_runtime::RuntimeEvent", *events),
        struct("joystream_node_runtime::Runtime"),
    ]


def _aliases() -> dict[str, str]:
    aliases = {**shared.ALIASES, "SignedExtra": f"({', '.join(shared.SIGNED_EXTENSIONS)})"}
    for pallet in PALLETS:
        twice = aliases.keys() & pallet.aliases.keys()
        if twice:
            raise ValueError(f"{pallet.name} gives {', '.join(sorted(twice))} a second meaning")
        aliases.update(pallet.aliases)
    return aliases


def _pallet(pallet: Pallet, table: TypeTable) -> dict[str, Any]:
    return {
        "name": pallet.name,
        "storage": _storage(pallet, table),
        "calls": _reference(pallet.calls, table),
        "event": _reference(pallet.events, table),
        "constants": [_constant(text, value, table) for text, value in pallet.constants.items()],
        "error": _reference(pallet.errors, table),
        "index": pallet.index,
    }


def _reference(declaration: Declaration | None, table: TypeTable) -> dict[str, int] | None:
    return {"ty": table.number(declaration.path)} if declaration else None


def _storage(pallet: Pallet, table: TypeTable) -> dict[str, Any] | None:
    if not pallet.storage:
        return None
    entries = [_storage_entry(text, table) for text in pallet.storage]
    return {"prefix": pallet.storage_prefix or pallet.name, "entries": entries}


def _storage_entry(text: str, table: TypeTable) -> dict[str, Any]:
    read = _STORAGE.fullmatch(text)
    if read is None:
        raise ValueError(f"cannot read storage entry {text!r}")
    value = table.number(read["value"])
    if read["optional"]:
        default = b"\x00"
    elif read["default"]:
        default = Scale(table.types).encode(value, int(read["default"]))
    else:
        default = zero(table, value)
    return {
        "name": read["name"],
        "modifier": "Optional" if read["optional"] else "Default",
        "type": {"Map": _map(read["keys"], value, table)} if read["keys"] else {"Plain": value},
        "default": f"0x{default.hex()}",
        "documentation": [],
    }


def _map(keys: str, value: int, table: TypeTable) -> dict[str, Any]:
    hashers, types = [], []
    for key in split(keys):
        hashed = _HASHED.fullmatch(key)
        hashers.append(hashed["hasher"] if hashed else "Blake2_128Concat")
        types.append(hashed["key"] if hashed else key)
    key_type = types[0] if len(types) == 1 else f"({', '.join(types)})"
    return {"hashers": hashers, "key": table.number(key_type), "value": value}


def _constant(text: str, value: Any, table: TypeTable) -> dict[str, Any]:
    name, _, type_text = text.partition(": ")
    number = table.number(type_text)
    encoded = Scale(table.types).encode(number, value)
    return {"name": name, "type": number, "value": f"0x{encoded.hex()}", "documentation": []}


def zero(table: TypeTable, number: int) -> bytes:
    """Rust's Default of a type, for those in storage here: numbers 0, collections empty, first variants."""
    ((kind, body),) = table.types[number]["def"].items()
    if kind == "primitive":
        return bytes(int(body[1:]) // 8 if body.startswith("u") else 1)
    if kind in ("sequence", "compact"):
        return b"\x00"
    if kind == "array":
        return zero(table, body["type"]) * int(body["len"])
    if kind == "tuple":
        return b"".join(zero(table, item) for item in body)
    fields = body["fields"] if kind == "composite" else body["variants"][0]["fields"]
    return (b"" if kind == "composite" else b"\x00") + b"".join(
        zero(table, field["type"]) for field in fields
    )
