"""The devnet's metadata against Joystream's: the same names, indices and types, and so the same bytes."""

import pytest

from tests.conformance.foreign_scale import ForeignScale
from tests.conformance.samples import CALLS, MadeUp
from tests.conformance.structure import Comparison
from ytsynch.devnet.chain import runtime
from ytsynch.devnet.chain.codec import decode_metadata
from ytsynch.devnet.chain.metadata import metadata_bytes

PALLETS = (
    "System",
    "Utility",
    "Timestamp",
    "Balances",
    "TransactionPayment",
    "Members",
    "Content",
    "Storage",
)


@pytest.fixture(scope="module")
def comparison(real_metadata):
    return Comparison(decode_metadata(metadata_bytes()), decode_metadata(real_metadata))


@pytest.fixture
def real_pallet(comparison):
    return {pallet["name"]: pallet for pallet in comparison.real["pallets"]}


@pytest.fixture
def made_up():
    return MadeUp(metadata_bytes())


@pytest.fixture(scope="module")
def foreign(real_metadata):
    return ForeignScale(real_metadata)


def test_it_describes_the_pallets_that_the_devnet_has():
    assert tuple(pallet["name"] for pallet in decode_metadata(metadata_bytes())["pallets"]) == PALLETS


def test_it_describes_exactly_the_calls_that_the_devnet_carries_out(made_up):
    described = {
        f"{pallet['name']}.{call['name']}"
        for pallet in made_up.pallets()
        if pallet["calls"]
        for call in made_up.variants(pallet["calls"]["ty"])
    }
    batches = {f"Utility.{name}" for name in runtime._BATCHES}
    assert described == {*runtime._CALLS, *batches, "Timestamp.set"}


def test_pallets_have_their_real_indices_and_prefixes(comparison, real_pallet):
    def place(pallet):
        return pallet["index"], pallet["storage"] and pallet["storage"]["prefix"]

    assert {p["name"]: place(p) for p in comparison.ours["pallets"]} == {
        name: place(real_pallet[name]) for name in PALLETS
    }


@pytest.mark.parametrize("part", ["calls", "event", "error"])
@pytest.mark.parametrize("name", PALLETS)
def test_calls_events_and_errors_have_their_real_indices_fields_and_types(
    comparison, real_pallet, name, part
):
    ours = next(pallet for pallet in comparison.ours["pallets"] if pallet["name"] == name)[part]
    theirs = real_pallet[name][part]
    assert (ours is None) == (theirs is None)
    if ours:
        assert list(comparison.types(ours["ty"], theirs["ty"], f"{name}.{part}")) == []


@pytest.mark.parametrize("name", PALLETS)
def test_storage_entries_have_their_real_keys_values_and_defaults(comparison, real_pallet, name):
    ours = next(pallet for pallet in comparison.ours["pallets"] if pallet["name"] == name)
    entries, real_entries = (
        {entry["name"]: entry for entry in (pallet["storage"] or {"entries": []})["entries"]}
        for pallet in (ours, real_pallet[name])
    )
    assert list(entries) == list(real_entries)
    for entry_name, entry in entries.items():
        real_entry = real_entries[entry_name]
        assert (entry["modifier"], entry["default"]) == (real_entry["modifier"], real_entry["default"]), (
            entry_name
        )
        assert _hashers(entry) == _hashers(real_entry), entry_name
        for one, other in zip(_types(entry), _types(real_entry), strict=True):
            assert list(comparison.types(one, other, f"{name}.{entry_name}")) == []


@pytest.mark.parametrize("name", PALLETS)
def test_constants_have_their_real_types_and_values(comparison, real_pallet, name):
    ours = next(pallet for pallet in comparison.ours["pallets"] if pallet["name"] == name)
    for constant, real_constant in zip(ours["constants"], real_pallet[name]["constants"], strict=True):
        assert (constant["name"], constant["value"]) == (real_constant["name"], real_constant["value"])
        assert list(comparison.types(constant["type"], real_constant["type"], constant["name"])) == []


def test_extrinsics_have_the_real_form_and_signed_extensions(comparison):
    ours, theirs = comparison.ours["extrinsic"], comparison.real["extrinsic"]
    assert ours["version"] == theirs["version"]
    assert list(comparison.types(ours["ty"], theirs["ty"], "extrinsic")) == []
    for one, other in zip(ours["signed_extensions"], theirs["signed_extensions"], strict=True):
        assert one["identifier"] == other["identifier"]
        for part in ("ty", "additional_signed"):
            assert list(comparison.types(one[part], other[part], f"{one['identifier']}.{part}")) == []


def test_the_comparison_sees_a_field_that_is_called_differently(comparison):
    changed = decode_metadata(metadata_bytes())
    described = [entry["type"] for entry in changed["types"]["types"]]
    parameters = next(t for t in described if t["path"][-1:] == ["VideoCreationParametersRecord"])
    parameters["def"]["composite"]["fields"][0]["name"] = "files"
    ours, theirs = (_content(described)["calls"]["ty"] for described in (changed, comparison.real))
    differences = list(Comparison(changed, comparison.real).types(ours, theirs, "Content"))
    assert len(differences) == 1
    assert "create_video.params: fields [('files'" in differences[0]


@pytest.mark.parametrize("name", CALLS)
def test_a_call_has_the_same_bytes_as_under_the_real_metadata(ours, real, foreign, name):
    encoded = ours.encode_call(CALLS[name])
    assert encoded == real.encode_call(CALLS[name])
    assert encoded == foreign.call(CALLS[name])
    assert real.decode_call(encoded) == CALLS[name]


def test_every_call_has_the_same_bytes_as_under_the_real_metadata(ours, real, made_up):
    calls = [
        {pallet["name"]: {variant["name"]: made_up.content(variant)}}
        for pallet in made_up.pallets()
        if pallet["calls"]
        for variant in made_up.variants(pallet["calls"]["ty"])
    ]
    assert len(calls) >= 27
    for call in calls:
        assert ours.encode_call(call) == real.encode_call(call)


def test_every_event_reads_the_same_under_the_real_metadata(ours, real, foreign, made_up):
    events = [
        {
            pallet["name"]: {variant["name"]: made_up.content(variant)}
            if variant["fields"]
            else variant["name"]
        }
        for pallet in made_up.pallets()
        if pallet["event"]
        for variant in made_up.variants(pallet["event"]["ty"])
    ]
    assert len(events) >= 130
    records = [{"phase": {"ApplyExtrinsic": n}, "event": e, "topics": []} for n, e in enumerate(events)]
    encoded = ours.encode_event_records(records)
    assert real.decode_event_records(encoded) == records
    assert [
        (record["module_id"], record["event_id"]) for record in foreign.decode_event_records(encoded)
    ] == [ours.event_parts(event)[:2] for event in events]


def test_every_error_has_the_same_number_as_in_the_real_runtime(ours, real, foreign, made_up):
    errors = [
        (pallet["name"], variant["name"])
        for pallet in made_up.pallets()
        if pallet["error"]
        for variant in made_up.variants(pallet["error"]["ty"])
    ]
    assert len(errors) >= 230
    for pallet, name in errors:
        error = ours.module_error(pallet, name)
        assert error == real.module_error(pallet, name)
        assert foreign.error_name(error["Module"]["index"], error["Module"]["error"][0]) == name


def test_every_storage_entry_has_the_same_key_and_value_as_in_the_real_runtime(ours, real, made_up):
    for pallet in made_up.pallets():
        for entry in (pallet["storage"] or {"entries": []})["entries"]:
            *key_types, value_type = _types(entry)
            keys = [made_up.value(number) for number in key_types]
            if len(_hashers(entry)) > 1:
                keys = list(keys[0])
            place, value = (pallet["name"], entry["name"]), made_up.value(value_type)
            assert ours.storage_key(*place, *keys) == real.storage_key(*place, *keys), place
            assert ours.encode_storage(*place, value) == real.encode_storage(*place, value), place
            assert ours.decode_storage(*place, None) == real.decode_storage(*place, None), place


@pytest.mark.parametrize("name", CALLS)
def test_a_call_decodes_to_what_was_encoded(ours, name):
    assert ours.decode_call(ours.encode_call(CALLS[name])) == CALLS[name]


def _content(metadata):
    return next(pallet for pallet in metadata["pallets"] if pallet["name"] == "Content")


def _types(entry):
    """Type numbers of the key, where there is one, and of the value."""
    described = entry["type"]
    return (
        [described["Plain"]] if "Plain" in described else [described["Map"]["key"], described["Map"]["value"]]
    )


def _hashers(entry):
    return entry["type"].get("Map", {"hashers": []})["hashers"]
