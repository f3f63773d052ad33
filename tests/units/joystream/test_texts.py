"""Fault Y18: what creators write is kept wherever it can be, and what cannot is noted."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ytsynch.joystream.texts import DESCRIPTION_BYTES, TITLE_BYTES, cut, fit_description, fit_title

FAMILY = "👩‍👩‍👧‍👦"
SWISS, FRENCH = "🇨🇭", "🇫🇷"
any_text = some.text(alphabet=some.characters(codec="utf-8"), max_size=300)
anything = some.text(alphabet=some.characters(categories=None), max_size=300)  # with lone surrogates


def test_an_honest_title_and_a_description_of_five_thousand_characters_are_kept_whole():
    title, description = "日本語 🇨🇭 Ünï" + "漢" * 80, "漢字\n" * 1250
    assert fit_title(title, "x").text == title
    assert fit_title(title, "x").notes == ()
    assert fit_description(description).text == description.strip()
    assert fit_description(description).notes == ()


@pytest.mark.parametrize("empty", ["", "   ", "\n\t", "\u200b\u200d", "\u3164", "\u0000\u0007"])
def test_a_title_with_nothing_to_see_gives_way_to_the_fallback(empty):
    fitted = fit_title(empty, "Hives, 2026-01-02")
    assert fitted.text == "Hives, 2026-01-02"
    assert "the title was empty: the fallback took its place" in fitted.notes


def test_a_title_is_one_line():
    assert fit_title("two\r\nlines\u2028and  spaces", "x").text == "two lines and spaces"


def test_control_characters_and_lone_surrogates_go_and_are_noted():
    fitted = fit_description("a\u0000b\u0007c\ud800d\n\te")
    assert fitted.text == "abcd\n\te"
    assert fitted.notes == ("characters that cannot be shown were removed",)


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abc…"),
        ("ab" + FAMILY + "cd", 20, "ab…"),  # the family is one character of 25 bytes
        ("ab" + "e\u0301" + "cdefgh", 7, "ab…"),  # e and its accent stay together
        (SWISS + FRENCH + "abcdef", 16, SWISS + "…"),  # flags are pairs of letters
        ("👍🏽👍🏽👍🏽", 16, "👍🏽…"),  # a thumb and its skin
        ("漢" * 10, 11, "漢漢…"),
        ("word and", 8 - 1, "word…"),
    ],
)
def test_an_over_long_text_is_cut_between_characters_as_readers_see_them(text, limit, kept):
    assert cut(text, limit) == kept
    assert len(kept.encode()) <= limit


@given(anything, anything)
def test_any_title_becomes_one_that_joystream_takes(title, fallback):
    text = fit_title(title, fallback + " x").text
    assert 0 < len(text.encode()) <= TITLE_BYTES
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in text)


@given(anything)
def test_any_description_becomes_one_that_joystream_takes(description):
    assert len(fit_description(description * 40).text.encode()) <= DESCRIPTION_BYTES


@given(any_text, some.integers(10, 100))
def test_a_cut_text_is_a_beginning_of_it(text, limit):
    shortened = cut(text, limit)
    assert len(shortened.encode()) <= limit
    assert shortened == text or text.startswith(shortened.removesuffix("…"))


def test_fitting_twice_changes_nothing_more():
    once = fit_title("x" * 1000, "y").text
    assert fit_title(once, "y").text == once
    assert fit_title(once, "y").notes == ()
