"""Logs: one line an event, and no secret in it."""

import json
import logging
import subprocess
import sys

import pytest

from ytsynch.config.loader import read
from ytsynch.logging import REDACTED, SharedRotatingFile, django_logging, redact

SAY = """
import logging, logging.config, structlog
from ytsynch.config.loader import read
from ytsynch.logging import django_logging, name_process
logging.config.dictConfig(django_logging(read({environ!r}).logs))
name_process("download-1")
{code}
"""


def said_by(code, **environ):
    program = SAY.format(environ=environ, code=code)
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stderr


@pytest.mark.parametrize(
    "key",
    [
        "token", "access_token", "refreshToken", "client_secret", "Authorization", "password", "code",
        "auth_code", "authorization_code", "mnemonic", "account_seed", "api_key", "apiKey", "owner_key",
        "captcha_bypass_key", "cookie", "set-cookie",
    ],
)  # fmt: skip
def test_the_value_of_a_key_that_names_a_secret_is_blanked(key):
    assert redact(None, "", {key: "hush"}) == {key: REDACTED}


@pytest.mark.parametrize("key", ["video", "status_code", "error_code", "bytes", "event", "key"])
def test_other_keys_keep_their_values(key):
    assert redact(None, "", {key: "abc"}) == {key: "abc"}


def test_secrets_inside_values_are_blanked_too():
    event = {"request": {"headers": [{"authorization": "hush"}], "url": "x"}, "tokens": ["hush", "hush"]}
    assert "hush" not in json.dumps(redact(None, "", event))


@pytest.mark.parametrize(
    "text",
    [
        "POST failed: Authorization: Bearer hush-hush-hush",
        "GET https://youtube.googleapis.com/youtube/v3/videos?id=1&key=hush&alt=json",
        "http://localhost/oauth/complete/google-oauth2/?state=a&code=hush%2Fhush",
        '{"access_token": "hush", "expires_in": 3599}',
        "grant_type=refresh_token&refresh_token=hush&client_secret=hush",
        "cannot connect to socks5h://user:hush@proxy:1080",
        "{'password': 'hush'}",
    ],
)
def test_secrets_in_running_text_are_blanked(text):
    assert "hush" not in redact(None, "", {"event": text})["event"]


def test_what_surrounds_a_secret_stays():
    text = "GET https://host/v3/videos?id=1&key=hush&alt=json answered 403"
    assert redact(None, "", {"event": text})["event"] == (
        f"GET https://host/v3/videos?id=1&key={REDACTED}&alt=json answered 403"
    )


def test_an_event_is_one_line_of_json_with_its_ids_and_process_where_no_terminal_is():
    line = json.loads(
        said_by("structlog.get_logger('videos').info('video.downloaded', video='abc', bytes=5)")
    )
    assert line["event"] == "video.downloaded"
    assert (line["video"], line["bytes"], line["process"], line["level"], line["logger"]) == (
        "abc", 5, "download-1", "info", "videos",
    )  # fmt: skip
    assert line["timestamp"].endswith("Z")


def test_records_of_the_standard_library_take_the_same_way():
    line = json.loads(said_by("logging.getLogger('some.library').warning('token=%s for %d', 'hush', 7)"))
    assert line["event"] == f"token={REDACTED} for 7"
    assert line["logger"] == "some.library"


def test_a_traceback_is_in_the_line_without_its_secrets():
    code = """
try:
    raise ValueError("refused: client_secret=hush")
except ValueError:
    structlog.get_logger("x").exception("sign_in.failed", creator=3)
"""
    (line,) = said_by(code).splitlines()
    assert "ValueError" in json.loads(line)["exception"]
    assert "hush" not in json.loads(line)["exception"]


def test_the_console_can_be_switched_off_and_has_a_level():
    say = "structlog.get_logger('x').info('a'); structlog.get_logger('x').error('b')"
    assert said_by(say, YT_SYNCH__LOGS__CONSOLE="off") == ""
    assert [
        json.loads(line)["event"]
        for line in said_by(say, YT_SYNCH__LOGS__CONSOLE__LEVEL="error").splitlines()
    ] == ["b"]


def test_the_file_has_a_level_of_its_own(tmp_path):
    said_by(
        "structlog.get_logger('x').debug('a'); structlog.get_logger('x').info('b')",
        YT_SYNCH__LOGS__FILE=json.dumps({"path": str(tmp_path), "level": "debug"}),
        YT_SYNCH__LOGS__CONSOLE__LEVEL="error",
    )
    lines = (tmp_path / "ytsynch.log").read_text().splitlines()
    assert [json.loads(line)["event"] for line in lines] == ["a", "b"]


def test_several_processes_share_a_rotating_file_and_lose_no_line(tmp_path):
    code = f"""
import logging
from pathlib import Path
from ytsynch.logging import SharedRotatingFile
handler = SharedRotatingFile(Path({str(tmp_path)!r}), max_bytes=4000, max_files=50)
for number in range(300):
    handler.emit(logging.makeLogRecord({{"msg": "%s %d %s", "args": (NAME, number, "x" * 20)}}))
"""
    writers = [subprocess.Popen([sys.executable, "-c", f"NAME = {name!r}\n{code}"]) for name in "abc"]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]

    files = [file for file in tmp_path.iterdir() if file.suffix != ".lock"]
    lines = [line for file in files for line in file.read_text().splitlines()]
    assert sorted(lines) == sorted(f"{name} {number} {'x' * 20}" for name in "abc" for number in range(300))
    assert all(file.stat().st_size <= 4000 for file in files)
    assert len(files) > 3


def test_no_more_old_files_are_kept_than_wanted(tmp_path):
    handler = SharedRotatingFile(tmp_path, max_bytes=200, max_files=2)
    for number in range(100):
        handler.emit(logging.makeLogRecord({"msg": f"line {number}"}))
    handler.close()
    assert sorted(file.name for file in tmp_path.glob("*.log*")) == [
        "ytsynch.log",
        "ytsynch.log.1",
        "ytsynch.log.2",
    ]


def test_django_keeps_no_way_of_its_own():
    loggers = django_logging(read({}).logs)["loggers"]
    assert loggers["django"]["handlers"] == []
    assert loggers["django"]["propagate"] is True
