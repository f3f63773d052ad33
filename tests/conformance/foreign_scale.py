"""The same bytes by somebody else: scalecodec with the real metadata and the patch that it needs."""

from typing import Any

from scalecodec.base import RuntimeConfigurationObject, ScaleBytes
from scalecodec.type_registry import load_type_registry_preset

# Joystream's own pallets call their enum `pallet_content::Call`, which the wildcard for the outer call
# swallows; scalecodec's Map and bounded collections decode, but do not encode, by scale-info types.
TYPE_REGISTRY = {
    "types": {
        "*::Call": "Enum",
        "BTreeMap": "BTreeSet",
        "bounded_collections::bounded_btree_map::BoundedBTreeMap": "BTreeSet",
        "bounded_collections::bounded_btree_set::BoundedBTreeSet": "BTreeSet",
        "bounded_collections::bounded_vec::BoundedVec": "BTreeSet",
        "bounded_collections::weak_bounded_vec::WeakBoundedVec": "BTreeSet",
    }
}


class ForeignScale:
    def __init__(self, metadata: bytes) -> None:
        self.config = RuntimeConfigurationObject(ss58_format=126)
        self.config.update_type_registry(load_type_registry_preset("core"))
        self.config.update_type_registry(TYPE_REGISTRY)
        self.metadata = self.config.create_scale_object("MetadataVersioned", data=ScaleBytes(metadata))
        self.metadata.decode()
        self.config.add_portable_registry(self.metadata)

    def call(self, call: dict[str, Any]) -> bytes:
        """Bytes of a call in the devnet's plain form."""
        encoder = self.config.create_scale_object("Call", metadata=self.metadata)
        return bytes(encoder.encode(_call(call)).data)

    def decode_event_records(self, data: bytes) -> list[dict[str, Any]]:
        pallet = next(p for p in self.metadata.pallets if p.value["name"] == "System")
        type_string = pallet.get_storage_function("Events").get_value_type_string()
        events = self.config.create_scale_object(type_string, data=ScaleBytes(data), metadata=self.metadata)
        return list(events.decode())

    def error_name(self, pallet_index: int, error_index: int) -> str:
        return str(self.metadata.get_module_error(pallet_index, error_index).name)


def _call(call: dict[str, Any]) -> dict[str, Any]:
    ((pallet, inner),) = call.items()
    ((name, arguments),) = inner.items()
    if pallet == "Utility":
        arguments = {"calls": [_call(each) for each in arguments["calls"]]}
    return {"call_module": pallet, "call_function": name, "call_args": _value(arguments)}


def _value(value: Any) -> Any:
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    if isinstance(value, dict) and all(isinstance(key, int) for key in value):
        return [(key, _value(each)) for key, each in value.items()]
    if isinstance(value, dict):
        return {key: _value(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_value(each) for each in value)
    return value
