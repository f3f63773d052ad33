"""Every key of the configuration file: its name, type, bounds, default and purpose.

The attribute `query_node` is the key `queryNode` in a file. Each key says what it is for;
`docs/configuration.md` is generated from this module. What staff change while the service runs
(requirements, tiers, switches) is not here but in the database.
"""

from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from cryptography.fernet import Fernet
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator
from pydantic.alias_generators import to_camel

PROJECT = Path(__file__).resolve().parent.parent.parent


class Expected(str):
    """Annotation of a type: what a good value is, in words for whoever wrote a bad one."""


def _address(*schemes: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in schemes or not parts.hostname:
            raise ValueError("not such an address")
        return value

    return check


def _encryption_key(value: SecretStr) -> SecretStr:
    Fernet(value.get_secret_value())
    return value


def _power_of_two(value: int) -> int:
    if value & (value - 1):
        raise ValueError("not a power of two")
    return value


def _time_of_day(value: str) -> str:
    time.fromisoformat(value)
    return value


def _time_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("not a time zone")
    return value


def _from_project(path: Path) -> Path:
    return PROJECT / path


def _alone_or_listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Folder = Annotated[
    Path, AfterValidator(_from_project), Expected("a path; a relative one starts at the project")
]
HttpAddress = Annotated[
    str,
    AfterValidator(_address("http", "https")),
    Expected("an address that begins with http:// or https://"),
]
NodeAddress = Annotated[
    str, AfterValidator(_address("ws", "wss")), Expected("an address that begins with ws:// or wss://")
]
ProxyAddress = Annotated[
    str,
    AfterValidator(_address("http", "https", "socks4", "socks5", "socks5h")),
    Expected("an address such as socks5h://user:password@host:1080 or http://host:3128"),
]
EncryptionKey = Annotated[
    SecretStr,
    AfterValidator(_encryption_key),
    Expected("a Fernet key: 32 random bytes in URL-safe base64, 44 characters"),
]
Level = Literal["debug", "info", "warning", "error"]
Positive = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(gt=0)]


def key(default: Any, purpose: str, *, unit: str = "", secret: bool = False, **more: Any) -> Any:
    """A key of a section. `secret`: its value never appears in an error, though its type is plain text."""
    return Field(default, description=purpose, json_schema_extra={"unit": unit, "secret": secret}, **more)


def section(model: type[BaseModel], purpose: str) -> Any:
    """A section that is always there; its keys have their own defaults."""
    return Field(default_factory=model, description=purpose)


class Section(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        coerce_numbers_to_str=True,
        validate_default=True,
    )


class GoogleEndpoints(Section):
    auth: HttpAddress = key("https://accounts.google.com/o/oauth2/v2/auth", "Page where a creator agrees.")
    token: HttpAddress = key("https://oauth2.googleapis.com/token", "Exchanges codes and refreshes tokens.")
    revoke: HttpAddress = key("https://oauth2.googleapis.com/revoke", "Gives a permission back.")
    userinfo: HttpAddress = key("https://www.googleapis.com/oauth2/v3/userinfo", "Says who signed in.")
    tokeninfo: HttpAddress = key(
        "https://www.googleapis.com/oauth2/v3/tokeninfo", "Says what a token allows."
    )


class Endpoints(Section):
    query_node: HttpAddress = key(
        "https://query.joystream.org/graphql", "GraphQL of the Joystream query node."
    )
    joystream_node_ws: Annotated[
        list[NodeAddress],
        BeforeValidator(_alone_or_listed),
        Expected("a ws:// or wss:// address, or a list of them"),
    ] = key(
        ["wss://rpc.joystream.org:9944"],
        "RPC of the Joystream node. More than one: the next is tried when one is away.",
        min_length=1,
    )
    youtube_api: HttpAddress = key("https://youtube.googleapis.com", "YouTube Data API v3.")
    youtube_feeds: HttpAddress = key("https://www.youtube.com/feeds/videos.xml", "Feeds of new uploads.")
    web_sub_hub: HttpAddress = key("https://pubsubhubbub.appspot.com/subscribe", "WebSub hub of YouTube.")
    google: GoogleEndpoints = section(GoogleEndpoints, "Google's sign-in.")


class YouTube(Section):
    client_id: str | None = key(None, "OAuth client of the service, from the Google Cloud console.")
    client_secret: SecretStr | None = key(None, "Secret of that OAuth client.")
    api_key: SecretStr | None = key(None, "Key for reading public data without a creator's permission.")
    proxies: list[ProxyAddress] = key([], "Proxies for downloads. None: straight from here.", secret=True)
    address_cool_down: Seconds = key(
        4 * 3600.0,
        "For so long an address is not used after YouTube has blocked it; it doubles each time.",
        unit="seconds",
    )
    shortest_pause: Annotated[float, Field(ge=0)] = key(
        0.0, "Least time between two videos through one address.", unit="seconds"
    )
    longest_pause: Annotated[float, Field(ge=0)] = key(
        60.0, "Time between two videos through an address that has just been blocked.", unit="seconds"
    )
    ca_file: Folder | None = key(
        None, "Certificates (PEM) to trust besides the usual ones, for such a proxy."
    )
    rate_limit_kbps: Positive | None = key(
        None, "Speed limit of one download. None: as fast as it goes.", unit="KB/s", alias="rateLimitKBps"
    )
    socket_timeout: Seconds = key(
        20.0, "Silence after which a connection to YouTube is given up.", unit="seconds"
    )
    breaker_threshold: Positive = key(
        5,
        "So many different videos that yt-dlp does not understand, with no success in between, pause downloads.",
        unit="videos",
    )
    probe_interval: Seconds = key(
        3600.0, "Between two probes whether yt-dlp understands YouTube again.", unit="seconds"
    )
    tool_age_days: Positive = key(60, "An older yt-dlp is shown to staff as too old.", unit="days")
    player_clients: list[str] = key([], "yt-dlp's player clients, in order. None: its own choice.")


class Faucet(Section):
    endpoint: HttpAddress | None = key(None, "Where new Joystream memberships are asked for.")
    captcha_bypass_key: SecretStr | None = key(None, "Lets memberships be made without a captcha.")


class App(Section):
    name: str | None = key(None, "Name of the app on Joystream that synced videos are attributed to.")
    account_seed: SecretStr | None = key(None, "Seed of the key that signs the attribution.")
    video_page: HttpAddress | None = key(
        None,
        "Where a video is watched, with {id} for its Joystream id. None: straight from its storage node.",
    )


class Account(Section):
    """One way to write a key down, and how it is derived."""

    mnemonic: SecretStr | None = key(None, "Twelve or twenty-four words.")
    seed: SecretStr | None = key(None, "32 bytes in hexadecimal, 0x first.")
    suri: SecretStr | None = key(None, "Words or seed with derivations, such as //Alice.")
    type: Literal["sr25519", "ed25519", "ecdsa"] = key("sr25519", "Kind of key.")

    def arguments(self) -> dict[str, str]:
        """What is given, by name: the keyword arguments of `ytsynch.joystream.keys.Signer.from_account`."""
        ways = {"mnemonic": self.mnemonic, "seed": self.seed, "suri": self.suri}
        given = {name: way.get_secret_value() for name, way in ways.items() if way is not None}
        return given | {"type": self.type}

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(way is not None for way in (self.mnemonic, self.seed, self.suri)) != 1:
            raise ValueError("exactly one of mnemonic, seed and suri")
        return self


class Collaborator(Section):
    member_id: Annotated[int, Field(ge=0)] | None = key(
        None, "Joystream member that creators invite as collaborator of their channel."
    )
    account: Annotated[list[Account], Expected('a list such as [{"mnemonic": "twelve words …"}]')] = key(
        [], "Keys of that member's accounts; the first one publishes.", secret=True
    )


class Joystream(Section):
    faucet: Faucet = section(Faucet, "The membership faucet.")
    app: App = section(App, "The app that videos are attributed to.")
    channel_collaborator: Collaborator = section(Collaborator, "The member that publishes.")
    era_period: Annotated[int, AfterValidator(_power_of_two), Expected("a power of two from 4 to 65536")] = (
        key(64, "Blocks that a signed extrinsic stays valid.", unit="blocks", ge=4, le=65536)
    )
    block_weight_share: float = key(0.5, "Part of a block that one batch of videos may fill.", gt=0, le=1)


class DailyApiQuota(Section):
    sync: Annotated[int, Field(ge=0)] = key(9500, "Units a day for following channels.", unit="units")
    signup: Annotated[int, Field(ge=0)] = key(500, "Units a day kept for sign-ups.", unit="units")


class Limits(Section):
    daily_api_quota: DailyApiQuota = section(DailyApiQuota, "Shares of the YouTube Data API's daily quota.")
    storage: Annotated[float, Field(gt=0)] = key(
        100.0, "Space for media on their way; downloads wait when it is taken.", unit="GB"
    )
    recordings: bool = key(False, "Recordings of live streams are brought over too; they are long.")
    max_video_duration: Positive = key(3 * 3600, "Longer videos are skipped.", unit="seconds")
    max_video_size_mb: Positive = key(15_000, "Larger videos are skipped.", unit="MB", alias="maxVideoSizeMB")
    pending_download_timeout_sec: Positive = key(
        3 * 3600, "A download that takes longer is given up.", unit="seconds", le=3 * 3600
    )


class Intervals(Section):
    youtube_polling: Seconds = key(
        1800.0,
        "Between two looks at the uploads of a busy channel; others are looked at less.",
        unit="seconds",
    )
    refresh: Seconds = key(86400.0, "Between two looks at a channel's subscribers and state.", unit="seconds")
    second_look: Seconds = key(
        7 * 86400.0,
        "Before YouTube is asked again about a video that was not brought over; it grows to 90 days.",
        unit="seconds",
    )
    grace: Seconds = key(
        14 * 86400.0,
        "For so long a video that its creator took off YouTube stays on Joystream, whatever they chose.",
        unit="seconds",
    )
    recheck: Seconds = key(
        300.0,
        "Before the first look whether a channel's pause is over; it grows to six hours.",
        unit="seconds",
    )
    retry: Seconds = key(
        60.0, "Before the first new try after a failure; it grows each time.", unit="seconds"
    )
    wait: Seconds = key(60.0, "Between two looks at what a video waits for.", unit="seconds")
    chain: Seconds = key(
        3.0, "Between two looks at the chain while extrinsics are under way.", unit="seconds"
    )
    acceptance: Seconds = key(
        10.0, "Between two looks whether an uploaded video was accepted.", unit="seconds"
    )
    lease: Seconds = key(60.0, "For which a silent worker keeps what it has taken.", unit="seconds")


class Sync(Section):
    enable: bool = key(True, "Off: nothing new is discovered, downloaded or created.")
    downloads_dir: Folder = key(Path("var/downloads"), "Folder of downloads that are not complete.")
    media_dir: Folder = key(Path("var/media"), "Folder of media until they are accepted on Joystream.")
    media_bucket: str | None = key(
        None,
        "Bucket of S3 that holds the media instead of that folder, for workers on several hosts; "
        "also `bucket/prefix`.",
        pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._/-]*)?$",
    )
    limits: Limits = section(Limits, "Limits of syncing.")
    intervals: Intervals = section(Intervals, "Times between things.")


class HttpApi(Section):
    host: str = key("127.0.0.1", "Address that the web service listens on; 0.0.0.0 for all.")
    port: Annotated[int, Field(ge=1, le=65535)] = key(8000, "Port that the web service listens on.")
    public_url: HttpAddress | None = key(
        None, "Address that browsers and letters use. None: http://localhost and the port."
    )
    owner_key: SecretStr | None = key(None, "Key of the operator API. None: the operator API is closed.")

    @property
    def base_url(self) -> str:
        """The public address without a slash at its end."""
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")


class ConsoleLog(Section):
    level: Level = key("info", "Least level that is written.")


class FileLog(Section):
    level: Level = key("debug", "Least level that is written.")
    path: Folder = key(Path("var/logs"), "Folder of the log files.")
    max_files: Positive = key(30, "Old files that are kept.", unit="files")
    max_size: Annotated[int, Field(ge=100_000)] = key(
        50_000_000, "Size at which the next file is begun.", unit="bytes"
    )


class Logs(Section):
    console: ConsoleLog | None = Field(
        default_factory=ConsoleLog, description="Log on the terminal; `off` for none."
    )
    file: FileLog | None = Field(
        None, description="Log in files, a JSON object a line; absent or `off` for none."
    )


class AwsCredentials(Section):
    access_key_id: SecretStr | None = key(None, "Access key.")
    secret_access_key: SecretStr | None = key(None, "Its secret.")

    def revealed(self) -> tuple[str | None, str | None]:
        """Access key and secret in plain text."""
        key_id, secret = (
            given.get_secret_value() if given is not None else None
            for given in (self.access_key_id, self.secret_access_key)
        )
        return key_id, secret


class Aws(Section):
    endpoint: HttpAddress | None = key(
        None, "Another address than Amazon's: MinIO, LocalStack. None: Amazon's."
    )
    region: str | None = key(None, "Region, such as eu-central-1. None: as `aws configure` has it.")
    credentials: AwsCredentials = section(
        AwsCredentials,
        "Without them they are looked for where every AWS client looks: the environment, `~/.aws`, the machine's role.",
    )


class Security(Section):
    token_keys: list[EncryptionKey] = key(
        [],
        "Keys that encrypt creators' tokens: the first encrypts, all decrypt. "
        "Outside production one is made by itself.",
    )


class Payer(Section):
    member_id: Annotated[int, Field(ge=0)] | None = key(
        None, "Joystream member that pays creators: another one than the collaborator. None: nobody is paid."
    )
    account: Account | None = Field(None, description="Key of that member's controller account.")


class PeriodEnds(Section):
    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = key(
        "monday", "Day on which a week of payments ends."
    )
    time_of_day: Annotated[str, AfterValidator(_time_of_day), Expected("a time of day such as 12:00")] = key(
        "12:00", "Time of that day, by the clock of the place below."
    )
    time_zone: Annotated[str, AfterValidator(_time_zone), Expected("a time zone such as Europe/Berlin")] = (
        key("Europe/Berlin", "Whose clock it is.")
    )


class Payments(Section):
    payer: Payer = section(Payer, "Who pays creators.")
    period_ends: PeriodEnds = section(PeriodEnds, "When a week of payments ends.")


class Staff(Section):
    second_factor: Annotated[
        Literal["required"] | None,
        BeforeValidator(lambda value: None if value in (False, "off") else value),
        Expected("`required` or `off`"),
    ] = key(
        "required",
        "Staff who log in with a password show a code of their app too; `off`: the password is enough.",
    )
    google_domains: list[Annotated[str, AfterValidator(str.lower)]] = key(
        [], "Google Workspace domains whose people log in to the admin with Google. None: nobody does."
    )
    idle_timeout: Positive = key(3600, "Staff who do nothing for so long log in again.", unit="seconds")
    longest_session: Positive = key(
        12 * 3600, "After so long staff log in again, whatever they do.", unit="seconds"
    )
    appeal_answer_days: Positive = key(
        7, "Creators who appeal against a suspension are promised an answer within.", unit="days", le=365
    )


class Config(Section):
    endpoints: Endpoints = section(Endpoints, "Addresses of the services that this one talks to.")
    youtube: YouTube = section(YouTube, "Access to YouTube.")
    joystream: Joystream = section(Joystream, "Access to Joystream.")
    sync: Sync = section(Sync, "Syncing.")
    payments: Payments = section(Payments, "Payments to creators.")
    aws: Aws = section(Aws, "Amazon's services.")
    http_api: HttpApi = section(HttpApi, "The web service.")
    logs: Logs = section(Logs, "Logs.")
    security: Security = section(Security, "Keys of the service's own.")
    staff: Staff = section(Staff, "How staff come in to the admin, and how long they stay.")
