"""Language tags as YouTube gives them, brought to what Joystream's metadata takes."""

from yt_dlp.utils import ISO639Utils

_RETIRED = {"iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro"}  # still sent by YouTube
_NO_LANGUAGE = frozenset({"und", "zxx", "mul", "mis"})


def iso_language(tag: str | None) -> str | None:
    """ISO 639-1 code of a BCP 47 tag («pt-BR» → «pt», «eng» → «en»); ISO 639-3 where there is no shorter one
    («fil»); None for no language.
    """
    primary = (tag or "").strip().replace("_", "-").split("-")[0].lower()
    if not primary.isascii() or not primary.isalpha() or primary in _NO_LANGUAGE:
        return None
    primary = _RETIRED.get(primary, primary)
    if len(primary) == 3:
        return ISO639Utils.long2short(primary) or primary
    return primary if len(primary) == 2 else None
