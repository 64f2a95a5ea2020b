"""What a person can set for `make run`, and the environment its programs get."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from infra import dotenv
from infra.refusal import Refusal

ROOT = Path(__file__).parents[2]
REGION = "eu-central-1"
PREFIX = "videoflix"
# The emulator checks them only where they are part of an address.
ACCESS_KEY_ID = "local"
SECRET_ACCESS_KEY = "local"  # noqa: S105

_MINISTACK = "ministack"
_HIGHEST_PORT = 65_535
_MOST_WORKERS = 64
_EDGE_CACHE_MB = 2_000
_MOST_EDGE_CACHE_MB = 1_000_000
_YES, _NO = frozenset({"1", "yes", "true", "on"}), frozenset({"0", "no", "false", "off"})
_PAGES = "http://127.0.0.1:5500/pages/auth"
_LINK = "?uid={uid}&token={token}"

# What the API is given when a person sets nothing: the frontends' usual addresses.
_DEFAULTS = {
    "ALLOWED_ORIGINS": (
        "http://127.0.0.1:5500,http://localhost:5500,http://127.0.0.1:4200,http://localhost:4200"
    ),
    "MAIL_SENDER": "Videoflix <noreply@videoflix.test>",
    "MAIL_LINK_OFFICIAL_ACTIVATION": f"{_PAGES}/activate.html{_LINK}",
    "MAIL_LINK_OFFICIAL_RESET": f"{_PAGES}/confirm_password.html{_LINK}",
}
_LOOPBACK = "127.0.0.1,localhost,::1"
# A laptop never talks to real AWS: nothing of the person's own AWS configuration is passed on.
_AWS = {
    "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
    "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@dataclass(frozen=True, slots=True)
class LocalSettings:
    root: Path
    data: Path
    # Where a LocalStack runs that is to be used; empty if MiniStack is to be started.
    localstack_url: str
    aws_port: int
    api_port: int
    mailbox_port: int
    edge_port: int
    workers: int
    edge_cache_bytes: int
    wants_sample: bool
    superuser_email: str
    superuser_password: str
    sender_address: str
    given: Mapping[str, str]

    @classmethod
    def load(cls, root: Path, environ: Mapping[str, str]) -> "LocalSettings":
        """Read the environment and the `.env` file beneath it; raise `Refusal` if one is wrong."""
        written = dotenv.read(root / ".env")
        given = {**_DEFAULTS, **_filled(written), **_filled(environ)}
        return cls(
            root=root,
            data=(root / given.get("DATA_FOLDER", ".local")).resolve(),
            localstack_url=_localstack(given),
            **_ports(given, AWS_PORT=4566, API_PORT=8000, MAILBOX_PORT=8025, EDGE_PORT=8080),
            edge_cache_bytes=1_000_000
            * _number(given, "EDGE_CACHE_MB", _EDGE_CACHE_MB, largest=_MOST_EDGE_CACHE_MB),
            workers=_number(given, "WORKERS", os.cpu_count() or 1, largest=_MOST_WORKERS),
            wants_sample=_switch(given, "SAMPLE_FILM"),
            superuser_email=_address(given, "SUPERUSER_EMAIL", "admin@videoflix.test"),
            superuser_password=given.get("SUPERUSER_PASSWORD", ""),
            sender_address=_address(given, "MAIL_SENDER", ""),
            given=given,
        )

    @property
    def aws_url(self) -> str:
        return self.localstack_url or f"http://127.0.0.1:{self.aws_port}"

    @property
    def aws_address(self) -> tuple[str, int]:
        """Host and port of the emulated AWS."""
        at = urlsplit(self.aws_url)
        return at.hostname or "", at.port or 0

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.api_port}"

    @property
    def edge_url(self) -> str:
        return f"http://127.0.0.1:{self.edge_port}"

    @property
    def mailbox_url(self) -> str:
        return f"http://127.0.0.1:{self.mailbox_port}"

    @property
    def parameters(self) -> dict[str, str]:
        """Values for the parameters of the CloudFormation templates."""
        # A person who watches waits seconds for a second try, not AWS's minutes.
        return {
            "MailSender": self.sender_address,
            "MailRetrySeconds": "3",
            "ArrivalRetrySeconds": "10",
            "PageOrigins": self.page_origins,
        }

    @property
    def page_origins(self) -> str:
        """Pages that may call with cookies, separated by commas."""
        own = ",".join(
            f"http://{name}:{port}"
            for port in (self.api_port, self.edge_port)
            for name in ("127.0.0.1", "localhost")
        )
        return f"{self.given['ALLOWED_ORIGINS']},{own}"

    def environment(self, outputs: Mapping[str, str]) -> dict[str, str]:
        """Return the environment of everything that runs the project's code."""
        kept = {
            name: value
            for name, value in self.given.items()
            if not name.startswith(("AWS_", "SUPERUSER_"))
        }
        return {
            **kept,
            **outputs,
            **_AWS,
            "STAGE": "local",
            "PREFIX": PREFIX,
            "AWS_ENDPOINT_URL": self.aws_url,
            "MEDIA_URL": self.edge_url,
            "MAIL_SENDER": self.given["MAIL_SENDER"],
            "ALLOWED_ORIGINS": self.page_origins,
            # A proxy of the person's is for the outside, never for the emulator.
            "NO_PROXY": f"{_LOOPBACK},{self.aws_address[0]}",
            "no_proxy": f"{_LOOPBACK},{self.aws_address[0]}",
            "PYTHONUNBUFFERED": "1",
        }


def _filled(settings: Mapping[str, str]) -> dict[str, str]:
    # An empty setting means the same as none.
    return {name: value for name, value in settings.items() if value.strip()}


def _localstack(given: Mapping[str, str]) -> str:
    match given.get("AWS_EMULATOR", _MINISTACK):
        case "localstack":
            # Only who chooses it needs its client.
            from infra.local import localstack

            return localstack.url_of(given)
        case emulator if emulator != _MINISTACK:
            raise Refusal(f"AWS_EMULATOR must be ministack or localstack, not {emulator!r}.")
    return ""


def _ports(given: Mapping[str, str], **defaults: int) -> dict[str, int]:
    ports: dict[int, str] = {}
    for name, default in defaults.items():
        value = given.get(name, str(default))
        if not (value.isdecimal() and 0 < int(value) <= _HIGHEST_PORT):
            raise Refusal(f"{name} must be a port from 1 to {_HIGHEST_PORT}, not {value!r}.")
        if int(value) in ports:
            raise Refusal(f"{name} and {ports[int(value)]} must be different ports, not {value}.")
        ports[int(value)] = name
    return {name.lower(): port for port, name in ports.items()}


def _number(given: Mapping[str, str], name: str, default: int, *, largest: int) -> int:
    value = given.get(name, str(default))
    if not (value.isdecimal() and int(value) <= largest):
        raise Refusal(f"{name} must be a whole number up to {largest}, not {value!r}.")
    return int(value)


def _switch(given: Mapping[str, str], name: str) -> bool:
    value = given.get(name, "1")
    if value.lower() not in _YES | _NO:
        raise Refusal(f"{name} must be 0 or 1 (or no or yes), not {value!r}.")
    return value.lower() in _YES


def _address(given: Mapping[str, str], name: str, default: str) -> str:
    address = parseaddr(given.get(name, default))[1]
    if address.count("@") != 1:
        raise Refusal(f"{name} must hold an e-mail address, not {given[name]!r}.")
    return address
