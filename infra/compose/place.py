"""Where the services of compose find each other: AWS under a name that browsers know as well."""

import os
from collections.abc import Mapping

from infra.local.settings import ROOT, LocalSettings

# The emulator's name between containers; it is in stored URLs of queues. On the host few programs
# know it, so whoever uploads is sent to 127.0.0.1 instead.
AWS_NAME = "aws.localhost"
_API_NAME = "api"
API_URL = f"http://{_API_NAME}:8000"
# The stack knows the bare address, mails carry a name with it.
_A_PERSONS_CHOICE = "MAIL_SENDER"


def enter() -> LocalSettings:
    """Give this process what a program of `make run` gets, with AWS where it is here."""
    settings = LocalSettings.load(ROOT, os.environ)
    found = _environment(settings)
    os.environ.clear()
    os.environ.update(found)
    return settings


def _environment(settings: LocalSettings) -> dict[str, str]:
    found = settings.environment({})
    return {
        **found,
        **{name: f"{found[name]},{AWS_NAME},{_API_NAME}" for name in ("NO_PROXY", "no_proxy")},
        "AWS_ENDPOINT_URL": f"http://{AWS_NAME}:{settings.aws_port}",
        "UPLOADS_URL": settings.aws_url,
        "EDGE_CACHE_BYTES": str(settings.edge_cache_bytes),
    }


def disagreements(names: Mapping[str, str], outputs: Mapping[str, str]) -> list[str]:
    """Compare the names that compose gives its services with those that the stacks made."""
    return [
        f"{name} is {names[name]!r} in the compose file and {made!r} in AWS"
        for name, made in sorted(outputs.items())
        if name in names.keys() - {_A_PERSONS_CHOICE} and not _is_of(made, names[name])
    ]


def _is_of(made: str, name: str) -> bool:
    # The address of a secret ends in characters that nobody can know; its name will do.
    return made == name or f":secret:{name}-" in made
