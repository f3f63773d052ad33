"""What every `manage.py` command has in common: `--configPath`, and trouble at start said in one line.

Exit statuses: 0 well, 1 the command failed, 2 it could not start as things are (configuration, database,
port).
"""

import os
import sys
from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from ytsynch.config import ConfigError

_FLAG = "--configPath"


def main(arguments: Sequence[str]) -> None:
    """Run a command line, the program's name first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ytsynch.settings")
    try:
        execute_from_command_line(_take_config_path(arguments))
    except (ConfigError, ImproperlyConfigured) as error:
        sys.exit(_say(error))
    except Exception as error:
        from ytsynch.db.embedded.base import EmbeddedPostgresUnavailable

        if isinstance(error, EmbeddedPostgresUnavailable):
            sys.exit(_say(error))
        raise


def _take_config_path(arguments: Sequence[str]) -> list[str]:
    """The arguments without `--configPath`, whose value goes to CONFIG_PATH, where child processes find it
    too."""
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        name, equals, value = word.partition("=")
        if name != _FLAG:
            rest.append(word)
            continue
        value = value if equals else next(words, "")
        if not value:
            raise ConfigError(f"{_FLAG} needs a path after it")
        os.environ["CONFIG_PATH"] = os.path.abspath(value)
    return rest


def _say(error: Exception) -> int:
    print(str(error), file=sys.stderr)  # noqa: T201 (there may be no log yet)
    return 2
