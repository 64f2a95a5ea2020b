"""`python3 infra/compose/engine.py`: check that Docker runs and that Compose is new enough."""

import re
import subprocess
import sys

# The first version with `include`, and with volumes and variables as our file uses them.
LOWEST = (2, 20, 3)
_NO_DOCKER = "No Docker engine answers here (`docker info` says why)."
_INSTALL = "https://docs.docker.com/compose/install/ says how to get it."


def obstacle() -> str:
    """Return why the compose file cannot work on this machine; "" if it can."""
    if _output_of("docker", "info") is None:
        return _NO_DOCKER
    needed = "Docker Compose {}.{}.{} or newer is needed".format(*LOWEST)
    version = _output_of("docker", "compose", "version", "--short")
    if version is None:
        return f"{needed}, and `docker compose` is not there: {_INSTALL}"
    numbers = re.match(r"v?(\d+)\.(\d+)\.(\d+)", version)
    if numbers and tuple(map(int, numbers.groups())) < LOWEST:
        return f"{needed}, and this is {version}: {_INSTALL}"
    return ""


def _output_of(*command: str) -> "str | None":
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


if __name__ == "__main__":
    sys.exit(obstacle() or None)
