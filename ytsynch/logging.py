"""Logs: one line an event, a verb and ids (`video.downloaded video=… bytes=…`), never a secret.

structlog's events and the records of the standard library take the same way: to the terminal (readable
there, JSON anywhere else) and, if configured, to files that all processes share.
"""

import fcntl
import logging
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from ytsynch.config.model import Logs

REDACTED = "[redacted]"

_SECRET_KEY = re.compile(
    r"token|secret|passw|authorization|cookie|credential|mnemonic|seed|suri"
    r"|(api|owner|private|bypass|faucet)_?key|^(auth_?)?code$",
    re.IGNORECASE,
)
_SECRETS_IN_TEXT = (
    re.compile(
        r"(?i)((?:token|secret|password|authorization|api_?key)[\"']?\s*[=:]\s*[\"']?)"
        r"(?:(?:bearer|basic) )?[^\s\"'&,;)}]+"
    ),
    re.compile(r"(?i)([?&](?:key|code|state)=)[^&\s\"'>]+"),
    re.compile(r"(?i)(\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}"),
    re.compile(r"(://[^/\s:@]*:)[^@\s/]+(?=@)"),
)
_QUIET = (
    "django_q",
    "django-q",
    "urllib3",
    "googleapiclient",
    "google",
    "websockets",
    "websocket",
    "asyncio",
    "PIL",
)

_process = "manage"


def name_process(name: str) -> None:
    """Every line of this process, and of what it forks, says `process=name`."""
    global _process  # noqa: PLW0603 (a process has one name)
    _process = name


def django_logging(logs: Logs) -> dict[str, Any]:
    """Configure structlog; returns Django's LOGGING."""
    way: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        _add_process,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *way,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handlers: dict[str, Any] = {"none": {"class": "logging.NullHandler"}}
    if logs.console:
        handlers["console"] = {
            "class": "logging.StreamHandler",
            "formatter": "readable" if sys.stderr.isatty() else "json",
            "level": logs.console.level.upper(),
        }
    if logs.file:
        handlers["file"] = {
            "()": SharedRotatingFile,
            "folder": logs.file.path,
            "max_bytes": logs.file.max_size,
            "max_files": logs.file.max_files,
            "formatter": "json",
            "level": logs.file.level.upper(),
        }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": _formatter(
                way, structlog.processors.format_exc_info, structlog.processors.JSONRenderer()
            ),
            "readable": _formatter(way, structlog.dev.ConsoleRenderer()),
        },
        "handlers": handlers,
        "root": {"handlers": list(handlers), "level": _least(logs)},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "INFO", "propagate": True},
            **{name: {"level": "WARNING"} for name in _QUIET},
        },
    }


def redact(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Blank the values of keys that name a secret, and what looks like one inside any text."""
    return {name: _clean(name, value) for name, value in event.items()}


class SharedRotatingFile(logging.Handler):
    """A log file that several processes write: `ytsynch.log`, and when it is full `.1`, `.2`, … up to
    `max_files`.

    Each line is one write to a file opened for appending, so lines do not mix; who finds the file full
    moves it on under a lock, and the others notice by its inode.
    """

    def __init__(self, folder: Path, max_bytes: int, max_files: int) -> None:
        super().__init__()
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "ytsynch.log"
        self.max_bytes, self.max_files = max_bytes, max_files
        self._descriptor = self._open()

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record).encode(errors="backslashreplace") + b"\n"
            if self._moved():
                os.close(self._descriptor)
                self._descriptor = self._open()
            if os.fstat(self._descriptor).st_size + len(line) > self.max_bytes:
                self._move_on()
            os.write(self._descriptor, line)
        except Exception:
            self.handleError(record)

    def close(self) -> None:
        os.close(self._descriptor)
        super().close()

    def _open(self) -> int:
        return os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)

    def _moved(self) -> bool:
        try:
            return os.stat(self.file).st_ino != os.fstat(self._descriptor).st_ino
        except FileNotFoundError:
            return True

    def _move_on(self) -> None:
        lock = os.open(self.file.with_suffix(".lock"), os.O_WRONLY | os.O_CREAT, 0o640)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self._moved():  # nobody was faster
                for number in range(self.max_files - 1, 0, -1):
                    older = self.file.with_suffix(f".log.{number}")
                    if older.exists():
                        older.replace(self.file.with_suffix(f".log.{number + 1}"))
                self.file.replace(self.file.with_suffix(".log.1"))
            os.close(self._descriptor)
            self._descriptor = self._open()
        finally:
            os.close(lock)


def _formatter(way: list[Processor], *last: Processor) -> dict[str, Any]:
    meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    *before, renderer = last
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": way,
        "processors": [meta, *before, redact, renderer],
    }


def _least(logs: Logs) -> str:
    levels = [part.level.upper() for part in (logs.console, logs.file) if part]
    return min(levels, key=logging.getLevelNamesMapping().__getitem__, default="ERROR")


def _add_process(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    event["process"] = _process
    return event


def _clean(name: str, value: Any) -> Any:
    if _SECRET_KEY.search(name) and value not in (None, ""):
        return REDACTED
    if isinstance(value, str):
        for pattern in _SECRETS_IN_TEXT:
            value = pattern.sub(rf"\1{REDACTED}", value)
        return value
    if isinstance(value, Mapping):
        return {key: _clean(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(name, inner) for inner in value]
    return value
