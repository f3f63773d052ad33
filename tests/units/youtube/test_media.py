"""What is read from and made of media files: facts, thumbnails, subtitles."""

import io
import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest
from PIL import Image

from tests.units.youtube.clips import make_clip
from ytsynch.youtube import errors
from ytsynch.youtube.languages import iso_language
from ytsynch.youtube.probe import is_readable, probe
from ytsynch.youtube.subtitles import MAX_FILES, is_webvtt, save_subtitles
from ytsynch.youtube.thumbnails import SIZE, fill, frame_of, make_thumbnail, read_picture


def test_the_facts_of_a_clip_are_those_of_its_file(clip: Path):
    facts = probe(clip)
    assert (facts.duration, facts.width, facts.height) == (2, 640, 360)
    assert (facts.video_codec, facts.audio_codec) == ("h264", "aac")
    assert (facts.container, facts.mime_type) == ("mp4", "video/mp4")
    assert facts.size == clip.stat().st_size


@pytest.mark.parametrize(
    ("name", "video", "audio", "expected"),
    [
        ("a.webm", "libvpx-vp9", "libopus", ("vp9", "opus", "webm", "video/webm")),
        ("a.mp4", "libvpx-vp9", "aac", ("vp9", "aac", "mp4", "video/mp4")),
        ("a.mkv", "libx264", "aac", ("h264", "aac", "mkv", "video/x-matroska")),
        ("silent.mp4", "libx264", None, ("h264", None, "mp4", "video/mp4")),
    ],
)
def test_container_and_type_are_told_by_what_the_file_holds(tmp_path, name, video, audio, expected):
    facts = probe(make_clip(tmp_path / name, width=320, height=180, seconds=1, video=video, audio=audio))
    assert (facts.video_codec, facts.audio_codec, facts.container, facts.mime_type) == expected


def test_av1_is_named_by_its_codec_and_not_by_its_decoder(tmp_path):
    path = tmp_path / "av1.mp4"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", "color=s=64x64:d=1:r=5"]
    done = subprocess.run([*command, "-c:v", "libsvtav1", str(path)], check=False, capture_output=True)
    if done.returncode:
        pytest.skip("this FFmpeg makes no AV1")
    assert probe(path).video_codec == "av1"


def test_a_turned_picture_has_the_size_that_is_shown(tmp_path, clip):
    turned = tmp_path / "turned.mp4"
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    command = [ffmpeg, "-v", "error", "-display_rotation", "90", "-i", str(clip), "-c", "copy", str(turned)]
    subprocess.run(command, check=True)
    facts = probe(turned)
    assert (facts.width, facts.height) == (360, 640)
    assert frame_of(turned).size == (360, 640)


def test_a_file_without_bytes_is_an_empty_download(tmp_path):
    with pytest.raises(errors.EmptyDownload):
        probe(tmp_path / "missing.mp4")
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(errors.EmptyDownload):
        probe(tmp_path / "empty.mp4")


def test_sound_alone_garbage_and_a_cut_file_are_damaged(tmp_path, clip):
    sound = make_clip(tmp_path / "sound.mp4", video=None)
    garbage = tmp_path / "garbage.mp4"
    garbage.write_bytes(b"no media at all " * 100)
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2])
    for path in (sound, garbage, cut):
        with pytest.raises(errors.DamagedDownload):
            probe(path)
    assert [is_readable(path) for path in (sound, garbage, cut, clip)] == [True, False, False, True]


# Thumbnails


def jpeg(width: int, height: int, *, bars: bool = False) -> bytes:
    """A light picture; with bars, its middle 16:9 is light and the rest black."""
    picture = Image.new("RGB", (width, height), "black" if bars else "white")
    if bars:
        inner = round(width * 9 / 16)
        picture.paste("white", (0, (height - inner) // 2, width, (height + inner) // 2))
    return encoded(picture, "JPEG")


def encoded(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def thumbnail(tmp_path: Path, clip: Path, bodies: dict[str, bytes]) -> Image.Image:
    """The thumbnail made when YouTube has these bodies by name and nothing else."""
    target = tmp_path / "thumbnail.webp"
    make_thumbnail(
        "aaaaaaaaaaa", clip, target, fetch=lambda url: bodies.get(url.rsplit("/", 1)[1].removesuffix(".jpg"))
    )
    picture = Image.open(target)
    assert (picture.format, picture.size) == ("WEBP", SIZE)
    return picture.convert("L")


def darkest(picture: Image.Image) -> int:
    return min(picture.tobytes())


def test_bars_above_and_below_are_cut_off(tmp_path, clip):
    assert darkest(thumbnail(tmp_path, clip, {"hqdefault": jpeg(480, 360, bars=True)})) > 200
    assert darkest(thumbnail(tmp_path, clip, {"sddefault": jpeg(640, 480, bars=True)})) > 200


def test_the_largest_picture_is_taken(tmp_path, clip):
    black = encoded(Image.new("RGB", (1280, 720), "black"), "JPEG")
    picture = thumbnail(tmp_path, clip, {"maxresdefault": jpeg(1280, 720), "mqdefault": black})
    assert darkest(picture) > 200


@pytest.mark.parametrize(
    "body",
    [jpeg(120, 90), b"<html>not found</html>", b"\xff\xd8\xff\xe0 broken", jpeg(1280, 720)[:3000]],
    ids=["the grey stand-in", "a page", "a broken head", "a cut picture"],
)
def test_what_is_no_picture_is_passed_over_for_the_next_size(tmp_path, clip, body):
    picture = thumbnail(tmp_path, clip, {"maxresdefault": body, "mqdefault": jpeg(320, 180)})
    assert darkest(picture) > 200


def test_without_any_picture_a_frame_of_the_video_is_taken(tmp_path, clip):
    shades = thumbnail(tmp_path, clip, {}).tobytes()
    assert 188 < min(shades) <= max(shades) < 212


def test_a_picture_that_would_fill_the_memory_is_none():
    assert read_picture(encoded(Image.new("1", (12_000, 12_000)), "PNG")) is None


def test_an_upright_picture_fills_the_frame():
    assert fill(Image.new("RGB", (1080, 1920), "white")).size == SIZE


def test_a_video_without_frames_makes_no_thumbnail(tmp_path):
    with pytest.raises(errors.DamagedDownload):
        frame_of(make_clip(tmp_path / "sound.mp4", video=None))


# Subtitles

CUES = b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n"


def track(name: str, ext: str = "vtt") -> list[dict[str, str]]:
    return [{"ext": "json3", "url": "https://x/json"}, {"ext": ext, "url": f"https://x/{name}"}]


def test_subtitles_are_saved_one_a_language_with_the_plain_tag_first(tmp_path):
    tracks = {
        "en-GB": track("british"),
        "en": track("plain"),
        "pt-BR": track("brazil"),
        "iw": track("hebrew"),
    }
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return CUES

    files = save_subtitles(tracks, tmp_path / "aaaaaaaaaaa", fetch=fetch)
    assert [file.language for file in files] == ["en", "he", "pt"]
    assert "https://x/british" not in asked
    assert files[0].path == tmp_path / "aaaaaaaaaaa.en.vtt"
    assert files[0].path.read_bytes() == CUES
    assert (files[0].mime_type, files[0].kind) == ("text/vtt", "subtitles")


@pytest.mark.parametrize("body", [None, b"", b"<html>", b"WEBVTT\n\n", b"WEBVTT \xff\xfe -->"])
def test_files_without_cues_are_left_out(tmp_path, body):
    assert save_subtitles({"en": track("en")}, tmp_path / "a", fetch=lambda url: body) == ()
    assert list(tmp_path.iterdir()) == []


def test_live_chat_and_tracks_without_webvtt_are_left_out(tmp_path):
    tracks = {"live_chat": track("chat"), "de": track("de", ext="ttml")}
    assert save_subtitles(tracks, tmp_path / "a", fetch=lambda url: CUES) == ()


def test_the_number_of_files_is_limited(tmp_path):
    tracks = {f"{first}{second}": track("x") for first in "abcdef" for second in "abcdef"}
    assert len(save_subtitles(tracks, tmp_path / "a", fetch=lambda url: CUES)) == MAX_FILES


def test_a_byte_order_mark_does_not_hide_webvtt():
    assert is_webvtt(b"\xef\xbb\xbf" + CUES)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", "en"),
        ("pt-BR", "pt"),
        ("zh-Hans", "zh"),
        ("zh_TW", "zh"),
        ("iw", "he"),
        ("eng", "en"),
        ("fil", "fil"),
        ("und", None),
        ("", None),
        (None, None),
        ("x-unknown", None),
    ],
)
def test_language_tags_become_the_codes_that_joystream_takes(tag, expected):
    assert iso_language(tag) == expected
