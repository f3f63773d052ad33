"""Calls as the service and the devnet make them, and made-up values for any type of a metadata."""

from itertools import count
from typing import Any

from ytsynch.devnet.chain.codec import decode_metadata

ACCOUNT = bytes(range(32))
ASSETS = {
    "expected_data_size_fee": 1000,
    "object_creation_list": [
        {"size": 15 * 2**30, "ipfs_content_id": b"gW8MGtV1SV3jhpZ2tWjkFbMpLmS4cHYJtJ9MgWLLK2tVaQ"},
        {"size": 5, "ipfs_content_id": b"gWabc"},
    ],
}
CREATE_VIDEO: dict[str, Any] = {
    "Content": {
        "create_video": {
            "actor": {"Member": 12},
            "channel_id": 5,
            "params": {
                "assets": ASSETS,
                "meta": b"\x01\x02\xff",
                "auto_issue_nft": None,
                "expected_video_state_bloat_bond": 266_666_560,
                "expected_data_object_state_bloat_bond": 500,
                "storage_buckets_num_witness": 1,
            },
        }
    }
}
UPDATE_VIDEO = {
    "Content": {
        "update_video": {
            "actor": {"Member": 12},
            "video_id": 7,
            "params": {
                "assets_to_upload": ASSETS,
                "new_meta": b"title",
                "assets_to_remove": [3, 300, 70_000],
                "auto_issue_nft": None,
                "expected_data_object_state_bloat_bond": 500,
                "storage_buckets_num_witness": 2,
            },
        }
    }
}
CREATE_CHANNEL = {
    "Content": {
        "create_channel": {
            "channel_owner": {"Member": 1},
            "params": {
                "assets": None,
                "meta": b"",
                "collaborators": {12: ["UpdateVideoMetadata", "AddVideo", "DeleteVideo"]},
                "storage_buckets": [0, 1],
                "distribution_buckets": [
                    {"distribution_bucket_family_id": 1, "distribution_bucket_index": 2},
                ],
                "expected_channel_state_bloat_bond": 10**10,
                "expected_data_object_state_bloat_bond": 500,
            },
        }
    }
}
REMARK_WITH_PAYMENT = {
    "Members": {"member_remark": {"member_id": 12, "msg": b"thanks", "payment": (ACCOUNT, 25 * 10**10)}}
}
ACCEPT_OBJECTS = {
    "Storage": {
        "accept_pending_data_objects": {
            "worker_id": 3,
            "storage_bucket_id": 0,
            "bag_id": {"Dynamic": {"Channel": 5}},
            "data_objects": [1, 2],
        }
    }
}
TRANSFER = {"Balances": {"transfer": {"dest": ACCOUNT, "value": 10**15}}}


def batch(kind: str, *calls: dict[str, Any]) -> dict[str, Any]:
    return {"Utility": {kind: {"calls": list(calls)}}}


CALLS = {
    "create_video": CREATE_VIDEO,
    "update_video": UPDATE_VIDEO,
    "create_channel": CREATE_CHANNEL,
    "member_remark with a payment": REMARK_WITH_PAYMENT,
    "accept_pending_data_objects": ACCEPT_OBJECTS,
    "transfer": TRANSFER,
    "batch": batch("batch", TRANSFER, REMARK_WITH_PAYMENT),
    "force_batch of batch_alls": batch(
        "force_batch", batch("batch_all", CREATE_VIDEO, CREATE_VIDEO), batch("batch_all", UPDATE_VIDEO)
    ),
}


class MadeUp:
    """Values for the types of a metadata: no two numbers alike, every variant in turn."""

    def __init__(self, metadata: bytes) -> None:
        self.description = decode_metadata(metadata)
        self._numbers = count(1)

    def pallets(self) -> list[dict[str, Any]]:
        return list(self.description["pallets"])

    def variants(self, number: int) -> list[dict[str, Any]]:
        return list(self._type(number)["def"]["variant"]["variants"])

    def content(self, variant: dict[str, Any]) -> Any:
        """What a variant holds; the same that `Codec` gives."""
        fields = variant["fields"]
        if fields and fields[0]["name"]:
            return {field["name"]: self.value(field["type"]) for field in fields}
        values = tuple(self.value(field["type"]) for field in fields)
        return values[0] if len(values) == 1 else values

    def value(self, number: int) -> Any:
        described = self._type(number)
        ((kind, body),), path = described["def"].items(), described["path"]
        match kind:
            case "primitive":
                value = self._primitive(body)
            case "compact":
                value = next(self._numbers)
            case "sequence":
                value = self._sequence(body["type"])
            case "array":
                value = bytes(next(self._numbers) % 256 for _ in range(body["len"]))
            case "tuple":
                value = tuple(self.value(item) for item in body)
            case "composite":
                value = self.content(body)
            case "variant" if path == ["Option"]:
                value = self.value(described["params"][0]["type"])
            case "variant" if path[-1] == "RuntimeCall":
                value = TRANSFER
            case _:
                value = self._variant(body["variants"])
        return dict(value) if path == ["BTreeMap"] else value

    def _variant(self, variants: list[dict[str, Any]]) -> Any:
        variant = variants[next(self._numbers) % len(variants)]
        return {variant["name"]: self.content(variant)} if variant["fields"] else variant["name"]

    def _sequence(self, item: int) -> Any:
        if self._type(item)["def"] == {"primitive": "u8"}:
            return f"bytes {next(self._numbers)}".encode()
        return [self.value(item)]

    def _primitive(self, name: str) -> Any:
        number = next(self._numbers)
        if name in ("bool", "str"):
            return number % 2 == 1 if name == "bool" else f"text {number}"
        return number % 2 ** min(int(name[1:]), 32)

    def _type(self, number: int) -> dict[str, Any]:
        entry: dict[str, Any] = self.description["types"]["types"][number]["type"]
        return entry
