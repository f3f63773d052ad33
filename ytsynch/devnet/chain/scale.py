"""SCALE between bytes and plain Python values (`events` has the rules), by a metadata's type table.

The chain encodes thousands of events and storage values a minute. Walking a type's description for each of
them is what makes general-purpose libraries slow; here every type becomes one function for each direction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Encoder = Callable[[Any, bytearray], None]
Decoder = Callable[[bytes, int], tuple[Any, int]]
"""Takes data and an offset; gives the value and the offset behind it."""

_INTEGERS = {f"{sign}{bits}": bits // 8 for sign in "ui" for bits in (8, 16, 32, 64, 128, 256)}


class ScaleError(ValueError):
    """The bytes are not a value of the type, or the value does not fit the type."""


def encode_compact(value: int, out: bytearray) -> None:
    if value < 0:
        raise ScaleError(f"a compact cannot be negative: {value}")
    if value < 1 << 6:
        out.append(value << 2)
    elif value < 1 << 14:
        out += (value << 2 | 1).to_bytes(2, "little")
    elif value < 1 << 30:
        out += (value << 2 | 2).to_bytes(4, "little")
    else:
        size = (value.bit_length() + 7) // 8
        out.append((size - 4) << 2 | 3)
        out += value.to_bytes(size, "little")


def decode_compact(data: bytes, at: int) -> tuple[int, int]:
    if at >= len(data):
        raise ScaleError("not enough bytes")
    mode = data[at] & 3
    size = 1 << mode if mode < 3 else (data[at] >> 2) + 4
    start = at if mode < 3 else at + 1
    raw = take(data, start, size)
    value = int.from_bytes(raw, "little")
    return (value >> 2 if mode < 3 else value), start + size


def compact(value: int) -> bytes:
    out = bytearray()
    encode_compact(value, out)
    return bytes(out)


def take(data: bytes, at: int, size: int) -> bytes:
    """`size` bytes from `at`; ScaleError when there are fewer."""
    raw = data[at : at + size]
    if len(raw) != size:
        raise ScaleError("not enough bytes")
    return raw


class Scale:
    """Encoders and decoders of the types of a V14 registry, by type id."""

    def __init__(self, types: Sequence[Mapping[str, Any]]) -> None:
        self._types = types
        self._encoders: dict[int, Encoder] = {}
        self._decoders: dict[int, Decoder] = {}

    def encode(self, type_id: int, value: Any) -> bytes:
        out = bytearray()
        self.encoder(type_id)(value, out)
        return bytes(out)

    def decode(self, type_id: int, data: bytes) -> Any:
        value, end = self.decoder(type_id)(data, 0)
        if end != len(data):
            raise ScaleError(f"{len(data) - end} bytes left over")
        return value

    def encoder(self, type_id: int) -> Encoder:
        if type_id not in self._encoders:

            def later(value: Any, out: bytearray) -> None:
                self._encoders[type_id](value, out)

            # A type may contain itself (a batch of calls): while it is compiled, its users go by the table.
            self._encoders[type_id] = later
            self._encoders[type_id] = self._compile(type_id)[0]
        return self._encoders[type_id]

    def decoder(self, type_id: int) -> Decoder:
        if type_id not in self._decoders:

            def later(data: bytes, at: int) -> tuple[Any, int]:
                return self._decoders[type_id](data, at)

            self._decoders[type_id] = later
            self._decoders[type_id] = self._compile(type_id)[1]
        return self._decoders[type_id]

    def variants(self, type_id: int) -> dict[str, tuple[str, list[tuple[str | None, int]]]]:
        """Variants by name: ("unit" | "newtype" | "tuple" | "struct", [(field name, type)])."""
        shapes = {}
        for variant in self._types[type_id]["def"]["variant"]["variants"]:
            fields = [(field["name"], field["type"]) for field in variant["fields"]]
            named = bool(fields) and fields[0][0] is not None
            kind = "struct" if named else {0: "unit", 1: "newtype"}.get(len(fields), "tuple")
            shapes[variant["name"]] = kind, fields
        return shapes

    def parts(self, type_id: int) -> list[int]:
        """Types of a tuple's elements."""
        return list(self._types[type_id]["def"]["tuple"])

    def _compile(self, type_id: int) -> tuple[Encoder, Decoder]:
        described = self._types[type_id]
        (kind, body), path = next(iter(described["def"].items())), described["path"]
        match kind:
            case "primitive":
                compiled = _primitive(body)
            case "compact":
                compiled = encode_compact, decode_compact
            case "array":
                compiled = self._array(body["type"], body["len"])
            case "sequence":
                compiled = self._sequence(body["type"])
            case "tuple":
                compiled = self._tuple(body)
            case "composite":
                compiled = self._composite(path, body["fields"])
            case "variant" if path == ["Option"]:
                compiled = self._option(body)
            case "variant":
                compiled = self._variant(path, body["variants"])
            case _:
                raise ScaleError(f"type {type_id} is a {kind}, which nothing here uses")
        return compiled

    def _is_byte(self, type_id: int) -> bool:
        return bool(self._types[type_id]["def"] == {"primitive": "u8"})

    def _array(self, item: int, size: int) -> tuple[Encoder, Decoder]:
        if self._is_byte(item):

            def encode_bytes(value: Any, out: bytearray) -> None:
                if len(value) != size:
                    raise ScaleError(f"{size} bytes expected, not {len(value)}")
                out += value

            return encode_bytes, lambda data, at: (take(data, at, size), at + size)
        return self._tuple([item] * size)

    def _sequence(self, item: int) -> tuple[Encoder, Decoder]:
        if self._is_byte(item):

            def encode_bytes(value: Any, out: bytearray) -> None:
                encode_compact(len(value), out)
                out += value

            def decode_bytes(data: bytes, at: int) -> tuple[bytes, int]:
                size, at = decode_compact(data, at)
                return take(data, at, size), at + size

            return encode_bytes, decode_bytes
        encode_item, decode_item = self.encoder(item), self.decoder(item)

        def encode(value: Any, out: bytearray) -> None:
            encode_compact(len(value), out)
            for element in value:
                encode_item(element, out)

        def decode(data: bytes, at: int) -> tuple[list[Any], int]:
            size, at = decode_compact(data, at)
            if size > len(data):
                raise ScaleError("not enough bytes")
            values = []
            for _ in range(size):
                value, at = decode_item(data, at)
                values.append(value)
            return values, at

        return encode, decode

    def _tuple(self, items: Sequence[int]) -> tuple[Encoder, Decoder]:
        encoders, decoders = [self.encoder(item) for item in items], [self.decoder(item) for item in items]

        def encode(value: Any, out: bytearray) -> None:
            for encode_item, element in zip(encoders, value, strict=True):
                encode_item(element, out)

        def decode(data: bytes, at: int) -> tuple[tuple[Any, ...], int]:
            values = []
            for decode_item in decoders:
                value, at = decode_item(data, at)
                values.append(value)
            return tuple(values), at

        return encode, decode

    def _composite(self, path: Sequence[str], fields: Sequence[Mapping[str, Any]]) -> tuple[Encoder, Decoder]:
        if path == ["BTreeSet"]:
            return self._set(fields[0]["type"])
        if path == ["BTreeMap"]:
            return self._map(fields[0]["type"])
        return self._fields(fields)

    def _fields(self, fields: Sequence[Mapping[str, Any]]) -> tuple[Encoder, Decoder]:
        types = [field["type"] for field in fields]
        if fields and fields[0]["name"] is None:
            return (self.encoder(types[0]), self.decoder(types[0])) if len(types) == 1 else self._tuple(types)
        return self._struct([field["name"] for field in fields], types)

    def _struct(self, names: Sequence[str], types: Sequence[int]) -> tuple[Encoder, Decoder]:
        encoders = [(name, self.encoder(of)) for name, of in zip(names, types, strict=True)]
        decoders = [(name, self.decoder(of)) for name, of in zip(names, types, strict=True)]

        def encode(value: Any, out: bytearray) -> None:
            for name, encode_field in encoders:
                encode_field(value[name], out)

        def decode(data: bytes, at: int) -> tuple[dict[str, Any], int]:
            values = {}
            for name, decode_field in decoders:
                values[name], at = decode_field(data, at)
            return values, at

        return encode, decode

    def _set(self, sequence: int) -> tuple[Encoder, Decoder]:
        encode_list, decode = self.encoder(sequence), self.decoder(sequence)
        encode_item = self.encoder(self._types[sequence]["def"]["sequence"]["type"])

        def encoded(element: Any) -> bytes:
            out = bytearray()
            encode_item(element, out)
            return bytes(out)

        def encode(value: Iterable[Any], out: bytearray) -> None:
            elements = list(value)
            in_order = (
                sorted(elements) if all(type(e) is int for e in elements) else sorted(elements, key=encoded)
            )
            encode_list(in_order, out)

        return encode, decode

    def _map(self, sequence: int) -> tuple[Encoder, Decoder]:
        encode_pairs, decode_pairs = self.encoder(sequence), self.decoder(sequence)

        def decode(data: bytes, at: int) -> tuple[dict[Any, Any], int]:
            pairs, at = decode_pairs(data, at)
            return dict(pairs), at

        return lambda value, out: encode_pairs(sorted(value.items()), out), decode

    def _option(self, body: Mapping[str, Any]) -> tuple[Encoder, Decoder]:
        some = body["variants"][1]["fields"][0]["type"]
        encode_some, decode_some = self.encoder(some), self.decoder(some)

        def encode(value: Any, out: bytearray) -> None:
            out.append(value is not None)
            if value is not None:
                encode_some(value, out)

        def decode(data: bytes, at: int) -> tuple[Any, int]:
            present = take(data, at, 1)
            if present > b"\x01":
                raise ScaleError("neither None nor Some")
            return decode_some(data, at + 1) if present == b"\x01" else (None, at + 1)

        return encode, decode

    def _variant(self, path: Sequence[str], variants: Sequence[Mapping[str, Any]]) -> tuple[Encoder, Decoder]:
        by_name: dict[str, tuple[int, Encoder | None]] = {}
        by_index: dict[int, tuple[str, Decoder | None]] = {}
        for variant in variants:
            name, index, fields = variant["name"], variant["index"], variant["fields"]
            encode_fields, decode_fields = self._fields(fields) if fields else (None, None)
            by_name[name], by_index[index] = (index, encode_fields), (name, decode_fields)
        where = "::".join(path)

        def encode(value: Any, out: bytearray) -> None:
            name, content = (value, None) if isinstance(value, str) else next(iter(value.items()))
            if name not in by_name:
                raise ScaleError(f"{where} has no {name}")
            index, encode_fields = by_name[name]
            out.append(index)
            if encode_fields:
                encode_fields(content, out)

        def decode(data: bytes, at: int) -> tuple[Any, int]:
            index = take(data, at, 1)[0]
            if index not in by_index:
                raise ScaleError(f"{where} has no variant {index}")
            name, decode_fields = by_index[index]
            if decode_fields is None:
                return name, at + 1
            content, at = decode_fields(data, at + 1)
            return {name: content}, at

        return encode, decode


def _primitive(name: str) -> tuple[Encoder, Decoder]:
    if name == "bool":
        return (lambda value, out: out.append(bool(value))), lambda data, at: (
            take(data, at, 1) == b"\x01",
            at + 1,
        )
    if name == "str":
        return _encode_text, _decode_text
    size, signed = _INTEGERS[name], name[0] == "i"

    def encode(value: Any, out: bytearray) -> None:
        try:
            out += value.to_bytes(size, "little", signed=signed)
        except OverflowError as error:
            raise ScaleError(f"{value} does not fit {name}") from error

    def decode(data: bytes, at: int) -> tuple[int, int]:
        return int.from_bytes(take(data, at, size), "little", signed=signed), at + size

    return encode, decode


def _encode_text(value: Any, out: bytearray) -> None:
    raw = value.encode()
    encode_compact(len(raw), out)
    out += raw


def _decode_text(data: bytes, at: int) -> tuple[str, int]:
    size, at = decode_compact(data, at)
    return take(data, at, size).decode(), at + size
