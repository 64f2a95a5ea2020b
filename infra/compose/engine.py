"""`python3 infra/compose/engine.py`: say at once if there is no Docker, or too old a Compose."""

import re
import subprocess
import sys

# `include` came with it, and volumes and variables work as our file has them.
LOWEST = (2, 20, 3)
_NO_DOCKER = "No Docker engine answers here (`docker info` says why)."
_INSTALL = "https://docs.docker.com/compose/install/ says how to get it."


def obstacle() -> str:
    """Return what keeps the compose file from working on this machine; nothing if it would."""
    if _said("docker", "info") is None:
        return _NO_DOCKER
    needed = "Docker Compose {}.{}.{} or newer is needed".format(*LOWEST)
    version = _said("docker", "compose", "version", "--short")
    if version is None:
        return f"{needed}, and `docker compose` is not there: {_INSTALL}"
    numbers = re.match(r"v?(\d+)\.(\d+)\.(\d+)", version)
    if numbers and tuple(map(int, numbers.groups())) < LOWEST:
        return f"{needed}, and this is {version}: {_INSTALL}"
    return ""


def _said(*command: str) -> "str | None":
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


if __name__ == "__main__":
    sys.exit(obstacle() or None)
