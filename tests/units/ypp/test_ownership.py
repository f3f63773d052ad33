"""The text to sign is one line, says what it is for, and is never the same twice."""

from ypp.ownership import challenge

YOUTUBE_ID = "UC" + "a" * 22


def test_the_text_says_who_asks_and_what_for():
    text = challenge(YOUTUBE_ID, 12, site="sync.example").text
    assert text.startswith(
        f"I connect YouTube channel {YOUTUBE_ID} with Joystream channel 12 on sync.example, "
    )


def test_the_text_survives_an_input_field():
    text = challenge(YOUTUBE_ID, 12, site="sync.example").text
    assert text.isascii()
    assert text.isprintable()
    assert "  " not in text
    assert text == text.strip()


def test_no_two_texts_are_the_same():
    texts = {challenge(YOUTUBE_ID, 12, site="sync.example").text for _ in range(50)}
    assert len(texts) == 50
