"""`python -m ytsynch.devnet.youtube`: the simulated YouTube and Google in a process of its own.

Prints one line of JSON when it listens and the first videos are made; ends on SIGTERM or Ctrl-C.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from ytsynch.devnet.youtube.server import Options, YouTubeServer


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 after a stop that was asked for, 2 when it could not start."""
    options = _options(arguments)
    try:
        asyncio.run(_serve(options))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"youtube: {error}\n")
        return 2
    return 0


def _options(arguments: list[str] | None) -> Options:
    parser = argparse.ArgumentParser(prog="python -m ytsynch.devnet.youtube", description=__doc__)
    parser.add_argument("--google-port", type=int, default=0, help="0: any free port")
    parser.add_argument("--youtube-port", type=int, default=0, help="0: any free port")
    parser.add_argument(
        "--folder", type=Path, help="state, certificates and made media; default: a temporary one"
    )
    parser.add_argument("--media-cache", type=Path, help="made media; default: media in the folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--media", type=Path, help="your own video files become the first person's channel")
    parser.add_argument("--in-memory", action="store_true", help="forget sign-ins and changes at the end")
    parser.add_argument("--small", action="store_true", help="fewer videos")
    parser.add_argument("--proxies", type=int, default=0, help="so many further proxy ports")
    given = parser.parse_args(arguments)
    return Options(
        google_port=given.google_port,
        youtube_port=given.youtube_port,
        folder=given.folder,
        media_cache=given.media_cache,
        seed=given.seed,
        media=given.media,
        in_memory=given.in_memory,
        is_small=given.small,
        proxies=given.proxies,
    )


async def _serve(options: Options) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    async with YouTubeServer(options) as running:
        ready = {
            "ready": True,
            "google": running.google,
            "youtube": running.youtube,
            "proxies": running.proxies,
            "ca_file": running.ca_file,
        }
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        await stop.wait()


if __name__ == "__main__":
    sys.exit(main())
