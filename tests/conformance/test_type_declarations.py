"""How the description of a runtime's types is read."""

import pytest

from ytsynch.devnet.chain.types import TypeTable, UnknownType, enum, split, struct

OPTION = enum("Option<T>", "None", "Some(= T)")


def test_a_type_is_numbered_once_however_it_is_written():
    table = TypeTable([], {"Balance": "u128", "BalanceOf": "Balance"})
    assert table.number("BalanceOf<T>") == table.number("T::Balance") == table.number("u128")
    assert table.number("Vec<<T as Config>::Balance>") == table.number("Vec<u128>")
    assert len(table.types) == 2


def test_a_generic_type_is_one_for_each_argument():
    table = TypeTable([OPTION], {})
    assert table.number("Option<u8>") != table.number("Option<u16>")
    assert table.number("Option<u8>") == table.number("Option<u8>")


def test_a_parameter_stands_for_itself_or_what_it_is_said_to_be():
    table = TypeTable([struct("pallet::Pair<Id, Note = str>", "id: Id", "note: Note")], {"Id": "u64"})
    described = table.types[table.number("Pair")]
    numbers = [table.number("u64"), table.number("str")]
    assert [parameter["type"] for parameter in described["params"]] == numbers
    assert [field["type"] for field in described["def"]["composite"]["fields"]] == numbers


def test_a_field_keeps_the_sources_name_of_a_type_that_is_encoded_otherwise():
    table = TypeTable([struct("Now", "moment: T::Moment = Compact<u64>")], {})
    (field,) = table.types[table.number("Now")]["def"]["composite"]["fields"]
    assert (field["typeName"], field["type"]) == ("T::Moment", table.number("Compact<u64>"))


def test_variants_count_on_from_the_number_before_them():
    table = TypeTable([enum("Kind", "One", "5 Five Six", "Seven(u8)")], {})
    variants = table.types[table.number("Kind")]["def"]["variant"]["variants"]
    assert {v["name"]: v["index"] for v in variants} == {"One": 0, "Five": 5, "Six": 6, "Seven": 7}


def test_a_type_may_contain_itself():
    table = TypeTable([enum("Call", "batch(calls: Vec<Call>)")], {})
    (variant,) = table.types[table.number("Call")]["def"]["variant"]["variants"]
    assert table.types[variant["fields"][0]["type"]]["def"] == {"sequence": {"type": table.number("Call")}}


def test_a_name_that_nobody_declared_is_said():
    with pytest.raises(UnknownType, match="Vidoe"):
        TypeTable([], {}).number("Vec<Vidoe>")


def test_commas_in_brackets_separate_nothing():
    assert split("a: (u8, u8), b: BTreeMap<u8, [u8; 4]>, c") == [
        "a: (u8, u8)",
        "b: BTreeMap<u8, [u8; 4]>",
        "c",
    ]
