"""What a pallet consists of for those who talk to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ytsynch.devnet.chain.types import Declaration


@dataclass(frozen=True)
class Pallet:
    """A pallet, with the index that it has in Joystream's runtime.

    `storage` entries read `Name: value`, `Name: key -> value` or `Name: key, key -> value`, with a `?`
    behind a value that may be missing, and ` = ` before a default that is not zero. Keys are hashed by
    Blake2_128Concat unless they say `Twox64Concat(key)`. `constants` are plain values by `Name: type`.
    """

    name: str
    index: int
    calls: Declaration | None = None
    events: Declaration | None = None
    event_type_name: str = ""  # how the runtime's source calls the events
    errors: Declaration | None = None
    storage: tuple[str, ...] = ()
    storage_prefix: str = ""  # where it is not the name
    constants: Mapping[str, Any] = field(default_factory=dict)
    types: tuple[Declaration, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def declarations(self) -> tuple[Declaration, ...]:
        """All types that the pallet declares."""
        return (*self.types, *(enum for enum in (self.calls, self.events, self.errors) if enum))
