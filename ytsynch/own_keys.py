"""The service's own secrets: Django's SECRET_KEY and the keys that encrypt creators' tokens.

Production gives them; elsewhere they are made once and kept in files that only their owner can read, so that
sessions and tokens survive a restart.
"""

import os
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet
from django.core.management.utils import get_random_secret_key

from ytsynch.config import Config, ConfigError


def secret_key(given: str, *, folder: Path, production: bool) -> str:
    """Django's SECRET_KEY; `given` is the environment's."""
    if not given and production:
        raise ConfigError("SECRET_KEY is not set, and production needs it: give 50 random characters or more")
    return given or _kept(folder / "secret_key", get_random_secret_key)


def token_keys(config: Config, *, folder: Path, production: bool) -> list[str]:
    """Fernet keys, the one that encrypts first."""
    given = [key.get_secret_value() for key in config.security.token_keys]
    if not given and production:
        raise ConfigError(
            "security.tokenKeys is not set, and production needs it: give a list of Fernet keys "
            "in the file or as YT_SYNCH__SECURITY__TOKEN_KEYS"
        )
    return given or _kept(folder / "token_keys", lambda: Fernet.generate_key().decode()).split()


def _kept(file: Path, make: Callable[[], str]) -> str:
    """The file's text. When several processes ask for a new one at once, the first one's is everybody's."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(make(), encoding="ascii")
        try:
            os.link(draft, file)
        except FileExistsError:
            return file.read_text(encoding="ascii").strip()
        finally:
            draft.unlink()
    return file.read_text(encoding="ascii").strip()
