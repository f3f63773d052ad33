"""The configuration: file, environment, and the one line that a mistake gets."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from ytsynch import config
from ytsynch.config import ConfigError, reference
from ytsynch.config.keys import env_name, keys
from ytsynch.config.loader import read

ROOT = Path(__file__).resolve().parent.parent.parent


def refusal(environ):
    with pytest.raises(ConfigError) as refused:
        read(environ)
    text = str(refused.value)
    assert "\n" not in text
    return text


@pytest.mark.parametrize(
    ("key", "variable"),
    [
        ("endpoints.queryNode", "YT_SYNCH__ENDPOINTS__QUERY_NODE"),
        ("joystream.channelCollaborator.account", "YT_SYNCH__JOYSTREAM__CHANNEL_COLLABORATOR__ACCOUNT"),
        ("sync.limits.maxVideoSizeMB", "YT_SYNCH__SYNC__LIMITS__MAX_VIDEO_SIZE_MB"),
        ("logs.file", "YT_SYNCH__LOGS__FILE"),
        ("aws.s3Bucket", "YT_SYNCH__AWS__S3_BUCKET"),
        ("aws.oauth2URLPath", "YT_SYNCH__AWS__OAUTH2_URL_PATH"),
    ],
)
def test_a_variable_is_named_by_the_formula_of_the_documents(key, variable):
    assert env_name(key.split(".")) == variable


def test_no_two_keys_share_a_variable():
    variables = [key.env for key in keys()]
    assert len(variables) == len(set(variables))


def test_every_key_says_what_it_is_for():
    assert [key.name for key in keys() if not key.field.description] == []


def test_every_default_is_good():
    assert read({}).sync.limits.daily_api_quota.sync == 9500


@pytest.mark.parametrize("suffix", ["yml", "yaml", "json"])
def test_the_file_is_yaml_or_json(tmp_path, suffix):
    values = {"endpoints": {"queryNode": "http://node.example/graphql"}, "sync": {"limits": {"storage": 7}}}
    file = tmp_path / f"some.{suffix}"
    file.write_text(json.dumps(values))  # JSON is YAML too

    loaded = read({"CONFIG_PATH": str(file)})

    assert loaded.endpoints.query_node == "http://node.example/graphql"
    assert loaded.sync.limits.storage == 7


def test_config_yml_in_the_working_directory_is_read_when_nothing_else_is_named(tmp_path, monkeypatch):
    (tmp_path / "config.yml").write_text("httpApi:\n  port: 8123\n")
    monkeypatch.chdir(tmp_path)
    assert read({}).http_api.port == 8123


def test_a_variable_overrides_the_file_and_leaves_its_neighbours(tmp_path):
    file = tmp_path / "c.yml"
    file.write_text("httpApi: {port: 8123, host: 0.0.0.0}\n")
    loaded = read({"CONFIG_PATH": str(file), "YT_SYNCH__HTTP_API__PORT": "8124"})
    assert (loaded.http_api.host, loaded.http_api.port) == ("0.0.0.0", 8124)


def test_a_key_overrides_its_section_whatever_their_order():
    loaded = read(
        {"YT_SYNCH__LOGS__FILE__LEVEL": "error", "YT_SYNCH__LOGS__FILE": '{"level": "info", "maxFiles": 3}'}
    )
    assert loaded.logs.file
    assert (loaded.logs.file.level, loaded.logs.file.max_files) == ("error", 3)


def test_lists_of_accounts_are_given_as_json():
    loaded = read({"YT_SYNCH__JOYSTREAM__CHANNEL_COLLABORATOR__ACCOUNT": '[{"suri": "//Alice"}]'})
    (account,) = loaded.joystream.channel_collaborator.account
    assert account.arguments() == {"suri": "//Alice", "type": "sr25519"}


def test_one_node_may_stand_without_a_list():
    assert read({"YT_SYNCH__ENDPOINTS__JOYSTREAM_NODE_WS": "ws://a:1"}).endpoints.joystream_node_ws == [
        "ws://a:1"
    ]


@pytest.mark.parametrize("word", ["off", "null", "undefined", "OFF"])
def test_unsetting_empties_an_optional_key_and_returns_any_other_to_its_default(tmp_path, word):
    file = tmp_path / "c.yml"
    file.write_text("logs: {file: {level: info}, console: {level: error}}\nhttpApi: {port: 1}\n")
    loaded = read(
        {
            "CONFIG_PATH": str(file),
            "YT_SYNCH__LOGS__FILE": word,
            "YT_SYNCH__LOGS__CONSOLE": word,
            "YT_SYNCH__HTTP_API__PORT": word,
        }
    )
    assert (loaded.logs.file, loaded.logs.console, loaded.http_api.port) == (None, None, 8000)


def test_a_bare_off_in_yaml_switches_a_section_off_and_an_empty_section_is_its_defaults(tmp_path):
    file = tmp_path / "c.yml"
    file.write_text("logs:\n  console: off\nyoutube:\n")
    loaded = read({"CONFIG_PATH": str(file)})
    assert loaded.logs.console is None
    assert loaded.youtube.socket_timeout == 20


def test_relative_paths_start_at_the_project():
    assert read({"YT_SYNCH__SYNC__MEDIA_DIR": "some/where"}).sync.media_dir == ROOT / "some/where"


@pytest.mark.parametrize(
    ("variable", "value", "key", "expected"),
    [
        ("SYNC__LIMITS__STORAGE", "much", "sync.limits.storage", "a number of GB, above 0"),
        ("SYNC__LIMITS__STORAGE", "-1", "sync.limits.storage", "a number of GB, above 0"),
        ("SYNC__ENABLE", "perhaps", "sync.enable", "true or false"),
        ("HTTP_API__PORT", "65536", "httpApi.port", "a whole number, at least 1, at most 65535"),
        ("ENDPOINTS__QUERY_NODE", "ftp://x", "endpoints.queryNode", "http:// or https://"),
        ("JOYSTREAM__ERA_PERIOD", "63", "joystream.eraPeriod", "a power of two"),
        ("LOGS__CONSOLE__LEVEL", "loud", "logs.console.level", "one of debug, info, warning, error"),
        ("SYNC", "5", "sync", "a section"),
    ],
)
def test_a_bad_value_is_named_with_its_source_and_what_is_expected(variable, value, key, expected):
    text = refusal({f"YT_SYNCH__{variable}": value})
    assert text.startswith(f"configuration: {key} (YT_SYNCH__{variable})")
    assert expected in text


def test_a_bad_value_of_the_file_is_named_with_the_file(tmp_path):
    file = tmp_path / "mine.yml"
    file.write_text("sync: {limits: {storage: much}}\n")
    assert f"sync.limits.storage ({file}) is 'much'" in refusal({"CONFIG_PATH": str(file)})


@pytest.mark.parametrize(
    ("variable", "near"),
    [
        ("YT_SYNCH__ENDPOINTS__QUERY_NOD", "YT_SYNCH__ENDPOINTS__QUERY_NODE"),
        ("YT__SYNCH__ENDPOINTS__QUERY_NODE", "YT_SYNCH__ENDPOINTS__QUERY_NODE"),
    ],
)
def test_an_unknown_variable_is_refused_and_the_nearest_one_offered(variable, near):
    assert (
        refusal({variable: "x"})
        == f"configuration: {variable} is no variable of ytsynch; did you mean {near}?"
    )


def test_an_unknown_key_is_refused_and_the_nearest_one_offered(tmp_path):
    file = tmp_path / "c.yml"
    file.write_text("endpoints: {querynode: http://x}\n")
    assert "did you mean endpoints.queryNode?" in refusal({"CONFIG_PATH": str(file)})


@pytest.mark.parametrize(
    "environ",
    [
        {"YT_SYNCH__JOYSTREAM__CHANNEL_COLLABORATOR__ACCOUNT": '[{"mnemonic": "hush hush", "seed": "hush"}]'},
        {"YT_SYNCH__JOYSTREAM__CHANNEL_COLLABORATOR__ACCOUNT": '[{"mnemonik": "hush hush"}]'},
        {"YT_SYNCH__JOYSTREAM__CHANNEL_COLLABORATOR__ACCOUNT": '["hush'},
        {"YT_SYNCH__JOYSTREAM__CHANNEL_COLLABORATOR__ACCOUNT": "hush hush"},
        {"YT_SYNCH__SECURITY__TOKEN_KEYS": '["hush"]'},
        {"YT_SYNCH__YOUTUBE__PROXIES": '["gopher://me:hush@host"]'},
        {"YT_SYNCH__YOUTUBE__CLIENT_SECRET": "hush", "YT_SYNCH__HTTP_API__PORT": "x"},
        {"YT_SYNCH__YOUTUBE": '{"clientSecret": "hush", "port": 1}'},
        {"YT_SYNCH__JOYSTREAM": '{"app": "hush"}'},
    ],
)
def test_no_refusal_repeats_a_secret(environ):
    assert "hush" not in refusal(environ)


def test_a_secret_does_not_show_in_the_configurations_own_text():
    assert "hush" not in repr(read({"YT_SYNCH__YOUTUBE__API_KEY": "hush"}))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("c.yml", "a: [1", "line 1: not YAML"),
        ("c.json", "{", "line 1: not JSON"),
        ("c.yml", "- a", "must hold keys and values"),
        ("c.toml", "", "must end in .yml, .yaml or .json"),
        ("c.yml", b"\xff\xfe\xff", "not a UTF-8 text"),
        ("c.yml", "a: \x00", "not YAML"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, name, text, said):
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    refused = refusal({"CONFIG_PATH": str(file)})
    assert str(file) in refused
    assert said in refused


def test_a_file_that_is_not_there_is_named():
    assert refusal({"CONFIG_PATH": "/nowhere/c.yml"}) == (
        "configuration: /nowhere/c.yml cannot be read: No such file or directory"
    )


def test_what_a_part_needs_is_asked_for_when_that_part_starts(monkeypatch):
    monkeypatch.setattr(config.loader, "load", lambda: read({"YT_SYNCH__JOYSTREAM__APP__NAME": "gateway"}))

    config.require("joystream.app.name", needed_by="creation")
    with pytest.raises(ConfigError) as refused:
        config.require("joystream.app.name", "joystream.app.accountSeed", needed_by="creation")

    assert "joystream.app.accountSeed is not set, and creation needs it" in str(refused.value)
    assert "YT_SYNCH__JOYSTREAM__APP__ACCOUNT_SEED" in str(refused.value)


def test_the_reference_document_is_true():
    assert reference.FILE.read_text(encoding="utf-8") == reference.write()


def manage(*arguments, **environ):
    return subprocess.run(
        [sys.executable, ROOT / "manage.py", *arguments],
        env=os.environ | environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_every_command_takes_a_configuration_file_and_hands_it_to_its_children(tmp_path):
    file = tmp_path / "mine.yml"
    file.write_text("httpApi: {publicUrl: https://sync.example}\n")
    code = "import os; from django.conf import settings; print(settings.BASE_URL, os.environ['CONFIG_PATH'])"

    for flag in (["--configPath", str(file)], [f"--configPath={file}"]):
        ran = manage("shell", "--no-imports", "-c", code, *flag)
        assert ran.stdout.split() == ["https://sync.example", str(file)], ran.stderr


def test_a_command_with_a_bad_configuration_ends_with_status_2_and_one_line():
    ran = manage("check", YT_SYNCH__HTTP_API__PORT="x")
    assert ran.returncode == 2
    assert ran.stderr == (
        "configuration: httpApi.port (YT_SYNCH__HTTP_API__PORT) is 'x': "
        "expected a whole number, at least 1, at most 65535\n"
    )
    assert ran.stdout == ""


def test_gunicorn_gives_up_with_the_same_line():
    ran = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--bind=127.0.0.1:0", "--no-control-socket", "ytsynch.wsgi"],
        cwd=ROOT,
        env=os.environ | {"YT_SYNCH__HTTP_API__PORT": "x"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode != 0
    assert "configuration: httpApi.port (YT_SYNCH__HTTP_API__PORT) is 'x'" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"YT_SYNCH__SECURITY__TOKEN_KEYS": json.dumps([Fernet.generate_key().decode()])}, "SECRET_KEY"),
        ({"SECRET_KEY": "s" * 60}, "security.tokenKeys"),
    ],
)
def test_production_does_not_start_without_its_own_keys(tmp_path, given, missing):
    ran = manage("check", ENVIRONMENT="production", VAR_DIR=str(tmp_path), **given)
    assert ran.returncode == 2
    assert ran.stderr.startswith(f"configuration: {missing} is not set, and production needs it")
    assert len(ran.stderr.splitlines()) == 1


def test_elsewhere_keys_are_made_once_and_readable_only_by_their_owner(tmp_path):
    code = "from django.conf import settings; print(settings.SECRET_KEY, *settings.TOKEN_KEYS)"

    first, second = (
        manage("shell", "--no-imports", "-c", code, VAR_DIR=str(tmp_path), ENVIRONMENT="development").stdout
        for _ in range(2)
    )

    assert first == second
    assert first.strip()
    for name in ("secret_key", "token_keys"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_another_database_than_postgresql_is_refused():
    ran = manage("check", DATABASE_URL="sqlite:///db.sqlite3")
    assert (ran.returncode, len(ran.stderr.splitlines())) == (2, 1)
    assert "DATABASE_URL" in ran.stderr
