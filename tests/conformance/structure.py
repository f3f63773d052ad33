"""Compares what two metadata say, type by type, whatever numbers the types have in each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

# Enums of which the devnet has only a part.
PARTIAL = ("Call", "RuntimeCall", "RuntimeEvent")


@dataclass
class Comparison:
    """`differences` yields one line for each thing in which our metadata is not as the real one."""

    ours: dict[str, Any]
    real: dict[str, Any]
    seen: set[tuple[int, int]] = field(default_factory=set)

    def types(self, ours: int, real: int, where: str) -> Iterator[str]:
        if (ours, real) in self.seen:
            return
        self.seen.add((ours, real))
        mine, theirs = (
            side["types"]["types"][n]["type"] for side, n in ((self.ours, ours), (self.real, real))
        )
        if mine["path"] != theirs["path"]:
            yield f"{where}: path {mine['path']}, not {theirs['path']}"
            return
        yield from self._parameters(mine, theirs, where)
        ((kind, body),), ((real_kind, real_body),) = mine["def"].items(), theirs["def"].items()
        if kind != real_kind:
            yield f"{where}: {kind}, not {real_kind}"
        elif kind == "composite":
            yield from self._fields(body["fields"], real_body["fields"], where)
        elif kind == "variant":
            partial = bool(mine["path"]) and mine["path"][-1] in PARTIAL
            yield from self._variants(body["variants"], real_body["variants"], partial, where)
        elif kind == "tuple":
            yield from self._all(list(body), list(real_body), where)
        elif kind == "primitive":
            if body != real_body:
                yield f"{where}: {body}, not {real_body}"
        else:
            if body.get("len") != real_body.get("len"):
                yield f"{where}: length {body['len']}, not {real_body['len']}"
            yield from self.types(body["type"], real_body["type"], where)

    def _parameters(self, mine: dict[str, Any], theirs: dict[str, Any], where: str) -> Iterator[str]:
        names = [parameter["name"] for parameter in mine["params"]]
        real_names = [parameter["name"] for parameter in theirs["params"]]
        if names != real_names:
            yield f"{where}: parameters {names}, not {real_names}"
            return
        for one, other in zip(mine["params"], theirs["params"], strict=True):
            if None in (one["type"], other["type"]):
                if one["type"] != other["type"]:
                    yield f"{where}<{one['name']}>: {one['type']}, not {other['type']}"
            else:
                yield from self.types(one["type"], other["type"], f"{where}<{one['name']}>")

    def _all(self, mine: list[int], theirs: list[int], where: str) -> Iterator[str]:
        if len(mine) != len(theirs):
            yield f"{where}: {len(mine)} parts, not {len(theirs)}"
        for one, other in zip(mine, theirs, strict=False):
            yield from self.types(one, other, where)

    def _fields(self, mine: list[Any], theirs: list[Any], where: str) -> Iterator[str]:
        named, real_named = ([(f["name"], _text(f["typeName"])) for f in side] for side in (mine, theirs))
        if named != real_named:
            yield f"{where}: fields {named}, not {real_named}"
            return
        for one, other in zip(mine, theirs, strict=True):
            yield from self.types(
                one["type"], other["type"], f"{where}.{one['name'] or _text(one['typeName'])}"
            )

    def _variants(self, mine: list[Any], theirs: list[Any], partial: bool, where: str) -> Iterator[str]:
        by_name = {variant["name"]: variant for variant in theirs}
        if not partial and [v["name"] for v in mine] != [v["name"] for v in theirs]:
            yield f"{where}: variants {[v['name'] for v in mine]}, not {[v['name'] for v in theirs]}"
            return
        for variant in mine:
            here = f"{where}.{variant['name']}"
            other = by_name.get(variant["name"])
            if other is None:
                yield f"{here}: the real runtime has none"
                continue
            if variant["index"] != other["index"]:
                yield f"{here}: index {variant['index']}, not {other['index']}"
            yield from self._fields(variant["fields"], other["fields"], here)


def _text(type_name: str | None) -> str | None:
    """The source breaks long names over lines."""
    return type_name and "".join(type_name.split())
