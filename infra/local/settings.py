"""The settings of `make run`, and the environment of its programs."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from infra import dotenv, mail_settings
from infra.terminal import Refusal

REGION = "eu-central-1"
PREFIX = "videoflix"
# The emulator checks them only where they are part of a URL.
ACCESS_KEY_ID = "local"
SECRET_ACCESS_KEY = "local"  # noqa: S105

_MINISTACK = "ministack"
_HIGHEST_PORT = 65_535
_MOST_WORKERS = 64
_EDGE_CACHE_MB = 2_000
_MOST_EDGE_CACHE_MB = 1_000_000
_YES, _NO = frozenset({"1", "yes", "true", "on"}), frozenset({"0", "no", "false", "off"})
_PAGES = "http://127.0.0.1:5500"

# Defaults of the API's settings: the usual URLs of the frontends.
_DEFAULTS = {
    "ALLOWED_ORIGINS": (
        "http://127.0.0.1:5500,http://localhost:5500,http://127.0.0.1:4200,http://localhost:4200"
    ),
    "PLAIN_TEXT_ORIGINS": mail_settings.ANGULAR_PAGES,
    "MAIL_SENDER": "Videoflix <noreply@videoflix.test>",
    "MAIL_LINKS": mail_settings.links_of_angular_pages(),
    "MAIL_LINK_OFFICIAL_ACTIVATION": mail_settings.activation_link(_PAGES),
    "MAIL_LINK_OFFICIAL_RESET": mail_settings.reset_link(_PAGES),
    "MP4_FILES_120P": "1",
}
_LOOPBACK = "127.0.0.1,localhost,::1"
# No program may call real AWS: nothing of the user's own AWS configuration is passed on.
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
    # The URL of a LocalStack that is used; empty if MiniStack is started.
    localstack_url: str
    aws_port: int
    api_port: int
    mailbox_port: int
    edge_port: int
    workers: int
    edge_cache_bytes: int
    wants_sample: bool
    administrator_email: str
    administrator_password: str
    sender_address: str
    variables: Mapping[str, str]

    @classmethod
    def load(cls, root: Path, environ: Mapping[str, str]) -> "LocalSettings":
        """Read the environment, then the `.env` file; raise `Refusal` if a setting is invalid."""
        written = dotenv.read(root / ".env")
        variables = {**_DEFAULTS, **_filled(written), **_filled(environ)}
        return cls(
            root=root,
            data=(root / variables.get("DATA_FOLDER", ".local")).resolve(),
            localstack_url=_localstack(variables),
            **_ports(variables, AWS_PORT=4566, API_PORT=8000, MAILBOX_PORT=8025, EDGE_PORT=8080),
            edge_cache_bytes=1_000_000
            * _number(variables, "EDGE_CACHE_MB", _EDGE_CACHE_MB, largest=_MOST_EDGE_CACHE_MB),
            workers=_number(variables, "WORKERS", os.cpu_count() or 1, largest=_MOST_WORKERS),
            wants_sample=_switch(variables, "SAMPLE_FILM"),
            administrator_email=_address(variables, "SUPERUSER_EMAIL", "admin@videoflix.test"),
            administrator_password=variables.get("SUPERUSER_PASSWORD", ""),
            sender_address=_address(variables, "MAIL_SENDER", ""),
            variables=variables,
        )

    @property
    def aws_url(self) -> str:
        return self.localstack_url or f"http://127.0.0.1:{self.aws_port}"

    @property
    def aws_address(self) -> tuple[str, int]:
        """Return host and port of the emulated AWS."""
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
        """Return values for the parameters of the CloudFormation templates."""
        # Retries after seconds, for interactive use; on AWS, after minutes.
        return {
            "MailSender": self.sender_address,
            "MailRetrySeconds": "3",
            "ArrivalRetrySeconds": "10",
            "ChangeRetrySeconds": "10",
            "PageOrigins": self.page_origins,
        }

    @property
    def page_origins(self) -> str:
        """Return the origins that may call with cookies, separated by commas."""
        own = ",".join(
            f"http://{name}:{port}"
            for port in (self.api_port, self.edge_port)
            for name in ("127.0.0.1", "localhost")
        )
        return f"{self.variables['ALLOWED_ORIGINS']},{own}"

    def environment(self, outputs: Mapping[str, str]) -> dict[str, str]:
        """Return the environment of all programs with the project's code."""
        kept = {
            name: value
            for name, value in self.variables.items()
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
            "MAIL_SENDER": self.variables["MAIL_SENDER"],
            "ALLOWED_ORIGINS": self.page_origins,
            # The user's proxy is for the internet, never for the emulator.
            "NO_PROXY": f"{_LOOPBACK},{self.aws_address[0]}",
            "no_proxy": f"{_LOOPBACK},{self.aws_address[0]}",
            "PYTHONUNBUFFERED": "1",
        }


def no_site_at(url: str) -> str:
    """Return the message of commands that find no running site."""
    return (
        f"No site answers at {url}. Start it with  make run  in another terminal; "
        "if it has other ports, say so here as well: API_PORT, AWS_PORT, EDGE_PORT."
    )


def _filled(settings: Mapping[str, str]) -> dict[str, str]:
    # An empty setting is the same as none.
    return {name: value for name, value in settings.items() if value.strip()}


def _localstack(variables: Mapping[str, str]) -> str:
    match variables.get("AWS_EMULATOR", _MINISTACK):
        case "localstack":
            # Its client is needed only if it is chosen.
            from infra.local import localstack

            return localstack.url_of(variables)
        case emulator if emulator != _MINISTACK:
            raise Refusal(f"AWS_EMULATOR must be ministack or localstack, not {emulator!r}.")
    return ""


def _ports(variables: Mapping[str, str], **defaults: int) -> dict[str, int]:
    ports: dict[int, str] = {}
    for name, default in defaults.items():
        value = variables.get(name, str(default))
        if not (value.isdecimal() and 0 < int(value) <= _HIGHEST_PORT):
            raise Refusal(f"{name} must be a port from 1 to {_HIGHEST_PORT}, not {value!r}.")
        if int(value) in ports:
            raise Refusal(f"{name} and {ports[int(value)]} must be different ports, not {value}.")
        ports[int(value)] = name
    return {name.lower(): port for port, name in ports.items()}


def _number(variables: Mapping[str, str], name: str, default: int, *, largest: int) -> int:
    value = variables.get(name, str(default))
    if not (value.isdecimal() and int(value) <= largest):
        raise Refusal(f"{name} must be a whole number up to {largest}, not {value!r}.")
    return int(value)


def _switch(variables: Mapping[str, str], name: str) -> bool:
    value = variables.get(name, "1")
    if value.lower() not in _YES | _NO:
        raise Refusal(f"{name} must be 0 or 1 (or no or yes), not {value!r}.")
    return value.lower() in _YES


def _address(variables: Mapping[str, str], name: str, default: str) -> str:
    address = mail_settings.address_in(variables.get(name, default))
    if not address:
        raise Refusal(f"{name} must hold an e-mail address, not {variables[name]!r}.")
    return address
