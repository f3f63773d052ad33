"""`manage.py devnet`: the whole outside world on this machine, until Ctrl-C."""

from argparse import ArgumentTypeError
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ytsynch.devnet.config import DEFAULT_PORT_BASE, DevnetConfig, Ports
from ytsynch.devnet.supervisor import CannotStart, ChildDied, free_ports, run, state_folder

PARTS = tuple(field.name for field in fields(Ports))


class Command(BaseCommand):
    help = "Runs a simulated YouTube, Google sign-in, Joystream, and the mailbox of its people."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=Path("var/devnet"), help="where its state lives")
        parser.add_argument(
            "--port-base", type=_port, default=DEFAULT_PORT_BASE, help="the first of eight ports in a row"
        )
        parser.add_argument(
            "--ports", type=_ports, default={}, help="e.g. chain=9944,faucet=0 (0: any free port)"
        )
        parser.add_argument("--block-time", type=_positive, default=1.0, help="seconds between blocks")
        parser.add_argument("--finality-lag", type=_natural, default=2, help="blocks")
        parser.add_argument("--query-node-lag", type=_natural, default=0, help="blocks")
        parser.add_argument("--query-node-follows", choices=("best", "finalized"), default="finalized")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same world")
        parser.add_argument("--media", type=Path, help="a folder with video files of your own to serve")
        parser.add_argument(
            "--media-cache", type=Path, help="where made pictures and sounds are kept (in the folder)"
        )
        parser.add_argument("--in-memory", action="store_true", help="keep nothing when it ends")
        parser.add_argument("--small", action="store_true", help="fewer videos")
        parser.add_argument("--proxies", type=_natural, default=0, help="so many further proxy ports")

    def handle(self, *_: Any, **options: Any) -> None:
        if options["media"] and not options["media"].is_dir():
            raise CommandError(f"--media {options['media']} is not a folder", returncode=2)
        try:
            with state_folder(options["folder"], in_memory=options["in_memory"]) as state:
                run(_config(options, state), self.stdout.write)
        except CannotStart as error:
            raise CommandError(str(error), returncode=2) from error
        except ChildDied as error:
            raise CommandError(str(error), returncode=1) from error


def _config(options: dict[str, Any], state: Path) -> DevnetConfig:
    folder = options["folder"].resolve()
    return DevnetConfig(
        folder=folder,
        state_folder=state.resolve(),
        media_cache=(options["media_cache"] or folder / "media").resolve(),
        ports=_concrete(replace(Ports.from_base(options["port_base"]), **options["ports"])),
        media=options["media"].resolve() if options["media"] else None,
        **{
            name: options[name]
            for name in (
                "block_time",
                "finality_lag",
                "query_node_lag",
                "query_node_follows",
                "seed",
                "in_memory",
                "small",
                "proxies",
            )
        },
    )


def _concrete(ports: Ports) -> Ports:
    """With a free port in the place of every 0."""
    parts = [part for part, port in asdict(ports).items() if port == 0]
    return replace(ports, **dict(zip(parts, free_ports(len(parts)), strict=True)))


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise ArgumentTypeError(f"«{text}» is not a port (0 to 65535)")
    return int(text)


def _ports(text: str) -> dict[str, int]:
    ports = {}
    for pair in text.split(","):
        part, equals, port = pair.partition("=")
        if not equals or part not in PARTS:
            raise ArgumentTypeError(f"«{pair}»: expected part=port with one of {', '.join(PARTS)}")
        ports[part] = _port(port)
    return ports


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise ArgumentTypeError(f"«{text}» is not a number above 0")
    return number


def _natural(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"«{text}» is not a whole number")
    return int(text)
