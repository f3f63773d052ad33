from collections.abc import Iterator

from ytsynch.youtube import errors


def family(kind: type[errors.YouTubeError]) -> Iterator[type[errors.YouTubeError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from family(child)


def named() -> list[type[errors.YouTubeError]]:
    return [kind for kind in dict.fromkeys(family(errors.YouTubeError)) if kind.__module__ == errors.__name__]


def test_each_error_has_a_code_of_its_own():
    codes = [kind.code for kind in named()]
    assert len(codes) > 40
    assert sorted(codes) == sorted(set(codes))
    assert all(code.replace("_", "").isalpha() and code.islower() for code in codes)


def test_each_error_says_what_happened_in_one_sentence():
    for kind in named():
        assert kind.what().endswith(".") or kind is errors.ScopeMissing, kind


def test_an_error_keeps_the_raw_words_and_shows_them():
    error = errors.VideoPrivate("Private video. Sign in if you've been granted access")
    assert error.raw.startswith("Private video")
    assert str(error) == f"The video is private. ({error.raw})"
    assert str(errors.VideoPrivate()) == "The video is private."


def test_a_limit_tells_both_numbers():
    error = errors.TooLong(7200, 3600)
    assert (error.actual, error.limit) == (7200, 3600)
    assert "7200 seconds, at most 3600 allowed" in str(error)
