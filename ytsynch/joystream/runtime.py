"""What this client must know of Joystream's runtime, and the check that a runtime still is so (fault N11).

Facts: spec 2004. The registry patch makes scalecodec read Joystream's metadata: its pallets keep the old path
`pallet_content::Call`, which scalecodec takes for the outer call, and its bounded collections and maps are
transparent wrappers, which `BTreeSet` is and scalecodec's own classes for them are not.
"""

from typing import Any

from scalecodec.types import GenericMetadataVersioned

from ytsynch.joystream.chain import DispatchError
from ytsynch.joystream.extrinsic import SIGNED_EXTENSIONS

TYPE_REGISTRY = {
    "types": {
        "*::Call": "Enum",
        "BTreeMap": "BTreeSet",
        "bounded_collections::bounded_btree_set::BoundedBTreeSet": "BTreeSet",
        "bounded_collections::bounded_btree_map::BoundedBTreeMap": "BTreeSet",
        "bounded_collections::bounded_vec::BoundedVec": "BTreeSet",
        "bounded_collections::weak_bounded_vec::WeakBoundedVec": "BTreeSet",
    }
}

_EXTRINSIC_FORMAT = 4

_CALLS = {
    ("Content", "create_video"): ("actor", "channel_id", "params"),
    ("Content", "update_video"): ("actor", "video_id", "params"),
    ("Content", "delete_video"): (
        "actor",
        "video_id",
        "num_objects_to_delete",
        "storage_buckets_num_witness",
    ),
    ("Members", "member_remark"): ("member_id", "msg", "payment"),
    ("Utility", "batch_all"): ("calls",),
    ("Utility", "force_batch"): ("calls",),
}
_CREATE_VIDEO_PARAMETERS = (
    "assets",
    "meta",
    "auto_issue_nft",
    "expected_video_state_bloat_bond",
    "expected_data_object_state_bloat_bond",
    "storage_buckets_num_witness",
)
_UPDATE_VIDEO_PARAMETERS = (
    "assets_to_upload",
    "new_meta",
    "assets_to_remove",
    "auto_issue_nft",
    "expected_data_object_state_bloat_bond",
    "storage_buckets_num_witness",
)
_PARAMETERS = {"create_video": _CREATE_VIDEO_PARAMETERS, "update_video": _UPDATE_VIDEO_PARAMETERS}
_VIDEO_UPDATED = ("ContentActor", "VideoId", "VideoUpdateParameters", "BTreeSet<DataObjectId>")
_VIDEO_DELETED = ("ContentActor", "VideoId")
_MEMBER_REMARKED = ("MemberId", "Vec<u8>", "Option<(AccountId, Balance)>")
_VIDEO_CREATED = ("ContentActor", "ChannelId", "VideoId", "VideoCreationParameters", "BTreeSet<DataObjectId>")
_EVENTS = {
    ("Content", "VideoCreated"): _VIDEO_CREATED,
    ("Content", "VideoUpdated"): _VIDEO_UPDATED,
    ("Content", "VideoDeleted"): _VIDEO_DELETED,
    ("Members", "MemberRemarked"): _MEMBER_REMARKED,
}


def differences(metadata: GenericMetadataVersioned) -> list[str]:
    """In what the runtime differs from what this client builds and reads; empty where all is known."""
    return [
        f"{what} is {found}, expected {expected}"
        for what, found, expected in _facts(metadata)
        if found != expected
    ]


def _facts(metadata: GenericMetadataVersioned) -> list[tuple[str, Any, Any]]:
    frame = metadata[1][1]["extrinsic"].value
    extensions = tuple(extension["identifier"] for extension in frame["signed_extensions"])
    facts: list[tuple[str, Any, Any]] = [
        ("the extrinsic format", frame["version"], _EXTRINSIC_FORMAT),
        ("the list of signed extensions", extensions, SIGNED_EXTENSIONS),
    ]
    for (pallet, call), expected in _CALLS.items():
        fields = _variant(metadata, pallet, "calls", call)
        facts.append((f"{pallet}.{call}", tuple(field["name"] for field in fields), expected))
    for call, expected in _PARAMETERS.items():
        for field in _variant(metadata, "Content", "calls", call):
            if field["name"] == "params":
                names = _composite(metadata, field["type"])
                facts.append((f"the parameters of Content.{call}", names, expected))
    for (pallet, event), expected in _EVENTS.items():
        fields = _variant(metadata, pallet, "events", event)
        facts.append((f"{pallet}.{event}", tuple(field["typeName"] for field in fields), expected))
    return facts


def _variant(metadata: GenericMetadataVersioned, pallet: str, kind: str, name: str) -> list[dict[str, Any]]:
    """The fields of a call or event; empty where pallet or name is missing."""
    found = metadata.get_metadata_pallet(pallet)
    entries = (getattr(found, kind) if found else None) or []
    return next((entry.value["fields"] for entry in entries if entry.value["name"] == name), [])


def _composite(metadata: GenericMetadataVersioned, type_id: int) -> tuple[str, ...]:
    definition = metadata.portable_registry["types"][type_id].value["type"]["def"]
    return tuple(field["name"] for field in definition.get("composite", {}).get("fields", []))


def dispatch_error(metadata: GenericMetadataVersioned, raw: str | dict[str, Any]) -> DispatchError:
    """The name of a decoded `sp_runtime::DispatchError`; indexes that the metadata does not know are kept
    as numbers.
    """
    if isinstance(raw, str):
        return DispatchError("Runtime", raw)
    kind, detail = next(iter(raw.items()))
    if kind != "Module":
        return DispatchError("Runtime", kind) if detail is None else DispatchError(kind, str(detail))
    pallet_index, error_index = detail["index"], bytes.fromhex(detail["error"][2:])[0]
    for pallet in metadata.pallets:
        if pallet.value["index"] == pallet_index:
            names = {error.value["index"]: error.value["name"] for error in pallet.errors or []}
            return DispatchError(pallet.value["name"], names.get(error_index, f"#{error_index}"))
    return DispatchError(f"#{pallet_index}", f"#{error_index}")
