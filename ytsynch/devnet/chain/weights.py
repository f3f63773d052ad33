"""What calls weigh, what they cost, and what fits a block.

Weights are reference time in picoseconds. The numbers of Content, Storage and Members follow Joystream's
benchmarks (its `WeightInfo`), with reads and writes at the runtime's `DbWeight`; they only have to be of
the right size. Proof size plays no part on this chain: it is 0.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

READ, WRITE = 4_968_000, 64_373_000  # the constant System.DbWeight

BASE_EXTRINSIC = 110_530_000
MOST_A_BLOCK = 1_500_000_000_000  # of normal extrinsics, all together with the base of each
MOST_AN_EXTRINSIC = 1_299_889_470_000
MOST_BYTES_A_BLOCK = 3_932_160  # of normal extrinsics

#: HAPI for a microsecond of weight and for a byte of the extrinsic.
FEE_PER_MICROSECOND, FEE_PER_BYTE = 20_000, 15_000
_MICROSECOND = 1_000_000  # picoseconds


@dataclass(frozen=True)
class Load:
    """What an extrinsic takes of a block."""

    weight: int  # picoseconds, without the base of an extrinsic
    length: int  # bytes

    @property
    def fee(self) -> int:
        """HAPI, without the tip."""
        microseconds = -(-(BASE_EXTRINSIC + self.weight) // _MICROSECOND)
        return microseconds * FEE_PER_MICROSECOND + self.length * FEE_PER_BYTE

    @property
    def fits_a_block(self) -> bool:
        return self.weight <= MOST_AN_EXTRINSIC and self.length <= MOST_BYTES_A_BLOCK


def weight_of(call: Mapping[str, Any]) -> int:
    """Picoseconds that a call takes, those inside a batch counted with it."""
    ((_, content),) = call.items()
    ((name, args),) = content.items()
    return _WEIGHTS.get(name, _other)(args)


def _batch(args: Mapping[str, Any]) -> int:
    return 8_000_000 + sum(4_700_000 + weight_of(inner) for inner in args["calls"])


def _create_video(args: Mapping[str, Any]) -> int:
    params = args["params"]
    objects, buckets = _uploads(params["assets"]), params["storage_buckets_num_witness"]
    compute = 1_502_789_000 + 9_026_000 * buckets + _text(params["meta"])
    return int(compute + (14 + buckets) * READ + (8 + objects + buckets) * WRITE)


def _create_channel(args: Mapping[str, Any]) -> int:
    params = args["params"]
    objects, buckets = _uploads(params["assets"]), len(params["storage_buckets"])
    compute = 1_700_000_000 + 60_000_000 * objects + _text(params["meta"])
    return compute + (14 + buckets) * READ + (9 + objects + buckets) * WRITE


def _update(args: Mapping[str, Any]) -> int:
    params = args["params"]
    changed = _uploads(params["assets_to_upload"]) + len(params["assets_to_remove"])
    plain = 510_448_000 + _text(params["new_meta"]) + 4 * READ + WRITE
    if not changed:
        return plain
    return plain + 900_000_000 + 30_000_000 * changed + (8 + changed) * READ + (6 + changed) * WRITE


def _delete_channel(args: Mapping[str, Any]) -> int:
    objects, buckets = args["num_objects_to_delete"], args["channel_bag_witness"]["storage_buckets_num"]
    compute = 233_170_000 + 29_941_000 * objects + 11_647_000 * buckets
    return int(compute + (8 + 2 * objects + buckets) * READ + (5 + 2 * objects + buckets) * WRITE)


def _delete_video(args: Mapping[str, Any]) -> int:
    objects = args["num_objects_to_delete"]
    return int(400_000_000 + 27_261_000 * objects + (8 + 2 * objects) * READ + (5 + 2 * objects) * WRITE)


def _accept_objects(args: Mapping[str, Any]) -> int:
    objects = len(args["data_objects"])
    return 171_046_000 + 150_478_000 * objects + (2 + objects) * READ + objects * WRITE


def _membership(args: Mapping[str, Any]) -> int:
    return 300_000_000 + 170 * len(args["params"]["metadata"]) + 6 * READ + 5 * WRITE


def _member_remark(args: Mapping[str, Any]) -> int:
    return 250_000_000 + 170 * len(args["msg"]) + 3 * READ + 2 * WRITE


def _remark(args: Mapping[str, Any]) -> int:
    return 2_000_000 + 350 * len(args["remark"])


def _transfer(args: Mapping[str, Any]) -> int:
    return 38_700_000 + READ + WRITE


def _other(args: Mapping[str, Any]) -> int:
    return 150_000_000 + 3 * READ + WRITE


def _uploads(assets: Mapping[str, Any] | None) -> int:
    return len(assets["object_creation_list"]) if assets else 0


def _text(meta: bytes | None) -> int:
    """Metadata count by the kilobyte."""
    return 1_000 * (len(meta or b"") // 1000)


_WEIGHTS: dict[str, Callable[[Mapping[str, Any]], int]] = {
    "accept_pending_data_objects": _accept_objects,
    "batch": _batch,
    "batch_all": _batch,
    "buy_membership": _membership,
    "create_channel": _create_channel,
    "create_video": _create_video,
    "delete_channel": _delete_channel,
    "delete_video": _delete_video,
    "force_batch": _batch,
    "gift_membership": _membership,
    "member_remark": _member_remark,
    "remark": _remark,
    "transfer": _transfer,
    "transfer_keep_alive": _transfer,
    "update_channel": _update,
    "update_video": _update,
}
