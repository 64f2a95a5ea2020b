"""The environment of compose's services, and the names by which they reach each other and AWS."""

import os
from collections.abc import Mapping

from infra.local.settings import LocalSettings
from infra.root import ROOT

# The emulator's name between containers; it is in stored URLs of queues. On the host few programs
# resolve it, so URLs for uploads name 127.0.0.1 instead.
AWS_NAME = "aws.localhost"
_API_NAME = "api"
API_URL = f"http://{_API_NAME}:8000"
# The stack has the bare address, the setting may have a display name with it.
_MAY_DIFFER = "MAIL_SENDER"


def apply() -> LocalSettings:
    """Set the environment of a program of `make run`, with AWS at its name between containers."""
    settings = LocalSettings.load(ROOT, os.environ)
    variables = _environment(settings)
    os.environ.clear()
    os.environ.update(variables)
    return settings


def _environment(settings: LocalSettings) -> dict[str, str]:
    variables = settings.environment({})
    return {
        **variables,
        **{name: f"{variables[name]},{AWS_NAME},{_API_NAME}" for name in ("NO_PROXY", "no_proxy")},
        "AWS_ENDPOINT_URL": f"http://{AWS_NAME}:{settings.aws_port}",
        "UPLOADS_URL": settings.aws_url,
        "EDGE_CACHE_BYTES": str(settings.edge_cache_bytes),
    }


def differences(names: Mapping[str, str], outputs: Mapping[str, str]) -> list[str]:
    """Compare the names that compose gives its services with the outputs of the stacks."""
    return [
        f"{name} is {names[name]!r} in the compose file and {output!r} in AWS"
        for name, output in sorted(outputs.items())
        if name in names.keys() - {_MAY_DIFFER} and not _is_same(output, names[name])
    ]


def _is_same(output: str, name: str) -> bool:
    # The ARN of a secret ends in random characters, so its name is compared.
    return output == name or f":secret:{name}-" in output
