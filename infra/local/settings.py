"""What a person can set for `make run`, and the environment its programs get."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path

from infra.local import dotenv
from infra.local.refusal import Refusal

REGION = "eu-central-1"
PREFIX = "videoflix"

_HIGHEST_PORT = 65_535
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
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
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
    aws_port: int
    api_port: int
    mailbox_port: int
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
            **_ports(given, AWS_PORT=4566, API_PORT=8000, MAILBOX_PORT=8025),
            superuser_email=_address(given, "SUPERUSER_EMAIL", "admin@videoflix.test"),
            superuser_password=given.get("SUPERUSER_PASSWORD", ""),
            sender_address=_address(given, "MAIL_SENDER", ""),
            given=given,
        )

    @property
    def aws_url(self) -> str:
        return f"http://127.0.0.1:{self.aws_port}"

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.api_port}"

    @property
    def mailbox_url(self) -> str:
        return f"http://127.0.0.1:{self.mailbox_port}"

    @property
    def parameters(self) -> dict[str, str]:
        """Values for the parameters of the CloudFormation templates."""
        # A person who watches waits seconds for a second try, not AWS's minutes.
        return {"MailSender": self.sender_address, "MailRetrySeconds": "3"}

    def environment(self, outputs: Mapping[str, str]) -> dict[str, str]:
        """Return the environment of everything that runs the project's code."""
        kept = {
            name: value
            for name, value in self.given.items()
            if not name.startswith(("AWS_", "SUPERUSER_"))
        }
        own = f"http://127.0.0.1:{self.api_port},http://localhost:{self.api_port}"
        return {
            **kept,
            **outputs,
            **_AWS,
            "STAGE": "local",
            "AWS_ENDPOINT_URL": self.aws_url,
            "MAIL_SENDER": self.given["MAIL_SENDER"],
            "ALLOWED_ORIGINS": f"{self.given['ALLOWED_ORIGINS']},{own}",
            # A proxy of the person's is for the outside, never for the emulator.
            "NO_PROXY": _LOOPBACK,
            "no_proxy": _LOOPBACK,
            "PYTHONUNBUFFERED": "1",
        }


def _filled(settings: Mapping[str, str]) -> dict[str, str]:
    # An empty setting means the same as none.
    return {name: value for name, value in settings.items() if value.strip()}


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


def _address(given: Mapping[str, str], name: str, default: str) -> str:
    address = parseaddr(given.get(name, default))[1]
    if address.count("@") != 1:
        raise Refusal(f"{name} must hold an e-mail address, not {given[name]!r}.")
    return address
