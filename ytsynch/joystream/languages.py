"""Language tags brought to ISO 639-1, the only form that Joystream's query node and Atlas know."""

_CODES = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz
ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik
io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml
mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd
se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi
vo wa wo xh yi yo za zh zu
"""
ISO_639_1 = frozenset(_CODES.split())

_OTHER_NAMES = {
    # withdrawn from ISO 639-1, yet still sent by YouTube
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "jw": "jv",
    "mo": "ro",
    # ISO 639-3, of languages that Joystream knows under a shorter code
    "fil": "tl",
    "cmn": "zh",
    "yue": "zh",
    "nan": "zh",
}


def iso_639_1(tag: str | None) -> str | None:
    """The ISO 639-1 code of a BCP 47 tag (`en-US` → `en`, `zh-Hant` → `zh`), None where there is none."""
    primary = (tag or "").replace("_", "-").split("-")[0].strip().lower()
    code = _OTHER_NAMES.get(primary, primary)
    return code if code in ISO_639_1 else None
