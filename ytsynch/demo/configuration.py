"""The configuration of a service that lives on a devnet, from the addresses and keys that the devnet wrote
down.
"""

import os
from pathlib import Path
from typing import Any

import yaml

PACE = {"youtubePolling": 20, "retry": 1, "wait": 3, "chain": 0.5, "acceptance": 1}
"""Seconds: a demo has no time to be polite to a simulated YouTube."""


def service_configuration(devnet: dict[str, Any], *, port: int, owner_key: str, var: Path) -> dict[str, Any]:
    """The contents of a `config.yml`."""
    google = devnet["google"]
    return {
        "endpoints": {
            "queryNode": devnet["query_node"],
            "joystreamNodeWs": devnet["chain"],
            "youtubeApi": google,
            "youtubeFeeds": f"{google}/feeds/videos.xml",
            "webSubHub": f"{google}/subscribe",
            "google": {
                "auth": f"{google}/o/oauth2/v2/auth",
                "token": f"{google}/token",
                "revoke": f"{google}/revoke",
                "userinfo": f"{google}/oauth2/v3/userinfo",
                "tokeninfo": f"{google}/tokeninfo",
            },
        },
        "youtube": {
            "clientId": devnet["google_client_id"],
            "clientSecret": devnet["google_client_secret"],
            "apiKey": devnet["youtube_api_key"],
            "proxies": [devnet["youtube"]],
            "caFile": devnet["ca_file"],
            "addressCoolDown": 1,
            "longestPause": 0.2,
        },
        "joystream": {
            "faucet": {"endpoint": devnet["faucet"], "captchaBypassKey": devnet["faucet_key"]},
            "app": {"name": devnet["app"]["name"], "accountSeed": devnet["app"]["account_seed"]},
            "channelCollaborator": {
                "memberId": devnet["collaborator"]["member_id"],
                "account": [{"suri": devnet["collaborator"]["suri"]}],
            },
        },
        "sync": {
            "downloadsDir": str(var / "downloads"),
            "mediaDir": str(var / "media"),
            "intervals": PACE,
            "limits": {"storage": 2},
        },
        "payments": {
            "payer": {
                "memberId": devnet["payer"]["member_id"],
                "account": {"suri": devnet["payer"]["suri"]},
            },
        },
        "httpApi": {"port": port, "ownerKey": owner_key},
        "staff": {"secondFactor": None},  # whoever tries the demo has its password, and no app
    }


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner can read, in one step."""
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)


def write_configuration(path: Path, configuration: dict[str, Any]) -> None:
    write_secret(path, yaml.safe_dump(configuration, sort_keys=False))
