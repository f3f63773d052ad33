"""Titles and descriptions brought within what Joystream takes (fault Y18).

Neither chain nor query node limits the text itself, only the length of the whole extrinsic; so the limits
here are YouTube's own (100 and 5,000 characters) at four bytes each: no honest text is ever cut.
"""

import unicodedata
from dataclasses import dataclass

TITLE_BYTES = 400
DESCRIPTION_BYTES = 20_000

_LINE_ENDS = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\u0085": "\n"})
_UNSHOWABLE = ("Cc", "Cs")
_INVISIBLE = ("Zs", "Cf", "Mn")
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0"
_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_REGIONAL_INDICATORS = range(0x1F1E6, 0x1F200)
_TAGS = range(0xE0020, 0xE0080)


@dataclass(frozen=True)
class Fitted:
    """A text within its limit; `notes` say in plain words what was changed, for the video's history."""

    text: str
    notes: tuple[str, ...]


def fit_title(title: str, fallback: str) -> Fitted:
    """The title on one line within `TITLE_BYTES`; `fallback` (such as the file's or channel's name) where
    nothing visible is left.
    """
    cleaned, notes = _cleaned(title)
    one_line = " ".join(cleaned.split())
    if not _visible(one_line):
        one_line = " ".join(_cleaned(fallback)[0].split())
        notes.append("the title was empty: the fallback took its place")
    text = cut(one_line, TITLE_BYTES)
    if text != one_line:
        notes.append(f"the title was cut to {TITLE_BYTES} bytes")
    return Fitted(text, tuple(notes))


def fit_description(description: str) -> Fitted:
    """The description within `DESCRIPTION_BYTES`, its line breaks as `\\n`."""
    cleaned, notes = _cleaned(description)
    text = cut(cleaned, DESCRIPTION_BYTES)
    if text != cleaned:
        notes.append(f"the description was cut to {DESCRIPTION_BYTES} bytes")
    return Fitted(text, tuple(notes))


def cut(text: str, limit: int) -> str:
    """`text` within `limit` bytes of UTF-8, with an ellipsis where it was cut, never within a character as
    readers see it.
    """
    if len(text.encode()) <= limit:
        return text
    room = limit - len("…".encode())
    kept = text.encode()[:room].decode(errors="ignore")
    while kept and _within_grapheme(text, len(kept)):
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _cleaned(text: str) -> tuple[str, list[str]]:
    """NFC, line ends as `\\n`, without control characters and lone surrogates; and notes of what went."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").translate(_LINE_ENDS)
    kept = "".join(char for char in lines if char in "\n\t" or unicodedata.category(char) not in _UNSHOWABLE)
    notes = ["characters that cannot be shown were removed"] if kept != lines else []
    return unicodedata.normalize("NFC", kept).strip(), notes


def _visible(text: str) -> bool:
    """False where there is nothing to see: spaces, format characters (zero-width …) and blank letters."""
    return any(unicodedata.category(char) not in _INVISIBLE and char not in _BLANK_LETTERS for char in text)


def _within_grapheme(text: str, position: int) -> bool:
    """True where a cut at `position` parts what is read as one character (the common cases of UAX 29)."""
    before, after = text[position - 1], text[position]
    if _JOINER in (before, after) or unicodedata.category(after) in ("Mn", "Me", "Mc"):
        return True
    if ord(after) in _SKIN_TONES or ord(after) in _TAGS:
        return True
    if ord(after) not in _REGIONAL_INDICATORS:
        return False
    flags = 0
    while flags < position and ord(text[position - 1 - flags]) in _REGIONAL_INDICATORS:
        flags += 1
    return flags % 2 == 1
