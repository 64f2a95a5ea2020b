"""`python -m infra.compose.ministack`: the emulator of `make run`, for the other containers."""

import os
import sys
from pathlib import Path

from infra.compose.environment import AWS_NAME
from infra.compose.serve import become
from infra.local import emulator
from infra.local.settings import LocalSettings
from infra.root import ROOT
from infra.terminal import Refusal

_DATA = Path("/data")


def environment() -> dict[str, str]:
    """Return MiniStack's settings of `make run`, but reachable from other containers by name."""
    settings = emulator.ministack_environment(
        LocalSettings.load(ROOT, os.environ),
        _DATA,
        listens_on="0.0.0.0",  # noqa: S104 - compose publishes it on this machine only
        name=AWS_NAME,
    )
    # INFO is a line for every call, and the event pump alone polls several times a second.
    return {**settings, "LOG_LEVEL": "WARNING"}


if __name__ == "__main__":
    try:
        become(["infra.local.lifeline", "infra.local.gateway_import"], environment())
    except Refusal as refusal:
        sys.exit(str(refusal))
