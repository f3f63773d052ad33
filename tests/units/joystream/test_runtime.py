import copy

import pytest
from scalecodec.base import RuntimeConfigurationObject, ScaleBytes
from scalecodec.type_registry import load_type_registry_preset

from tests.units.joystream.offline import OfflineSubstrate
from ytsynch.devnet.chain.metadata import describe
from ytsynch.joystream import runtime
from ytsynch.joystream.chain import DispatchError


def changed(change):
    """The devnet's metadata after `change`, as the client reads it."""
    description = copy.deepcopy(describe())
    change(description)
    config = RuntimeConfigurationObject()
    config.update_type_registry(load_type_registry_preset("core"))
    encoded = config.create_scale_object("MetadataVersioned").encode(
        ("0x" + b"meta".hex(), {"V14": description})
    )
    assert isinstance(encoded, ScaleBytes)
    return OfflineSubstrate(bytes(encoded.data)).metadata


def type_named(description, *path):
    return next(t["type"] for t in description["types"]["types"] if tuple(t["type"]["path"]) == path)


def rename_an_argument(description):
    parameters = type_named(description, "pallet_content", "types", "VideoCreationParametersRecord")
    parameters["def"]["composite"]["fields"][1]["name"] = "metadata"


def remove_a_call(description):
    calls = type_named(description, "pallet_utility", "pallet", "Call")["def"]["variant"]["variants"]
    calls[:] = [call for call in calls if call["name"] != "force_batch"]


def add_a_signed_extension(description):
    extensions = description["extrinsic"]["signed_extensions"]
    extensions.append({**extensions[0], "identifier": "CheckMetadataHash"})


def test_the_runtime_we_know_differs_in_nothing(substrate):
    assert runtime.differences(substrate.metadata) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (rename_an_argument, "the parameters of Content.create_video"),
        (remove_a_call, "Utility.force_batch"),
        (add_a_signed_extension, "CheckMetadataHash"),
    ],
)
def test_a_runtime_of_another_shape_is_told_by_what_differs(change, told):
    (difference,) = runtime.differences(changed(change))
    assert told in difference


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ({"Module": {"index": 26, "error": "0x1c000000"}}, DispatchError("Content", "ChannelDoesNotExist")),
        ({"Module": {"index": 26, "error": "0xff000000"}}, DispatchError("Content", "#255")),
        ({"Module": {"index": 200, "error": "0x05000000"}}, DispatchError("#200", "#5")),
        ({"Token": "FundsUnavailable"}, DispatchError("Token", "FundsUnavailable")),
        ("BadOrigin", DispatchError("Runtime", "BadOrigin")),
        ({"BadOrigin": None}, DispatchError("Runtime", "BadOrigin")),
    ],
)
def test_dispatch_errors_get_their_names_and_unknown_ones_keep_their_numbers(substrate, raw, name):
    assert runtime.dispatch_error(substrate.metadata, raw) == name
