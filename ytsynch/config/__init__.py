"""The service's configuration: one file, overridden by environment variables, checked when a command starts.

`model` says which keys there are, `loader` reads them, `reference` writes `docs/configuration.md`.
"""

from ytsynch.config.loader import ConfigError, load, require
from ytsynch.config.model import Config

__all__ = ["Config", "ConfigError", "load", "require"]
