"""The files that pin packages, and the tools that read them, which are fetched when used."""

import sys
from pathlib import Path

from infra.root import ROOT

# By the part of the system that installs them.
REQUIREMENTS = {
    "api": ROOT / "requirements.txt",
    "transcoder": ROOT / "transcoder" / "requirements.txt",
    "local": ROOT / "infra" / "compose" / "requirements.txt",
    "development": ROOT / "requirements-dev.txt",
}
PIP_AUDIT = "pip-audit==2.10.1"
CYCLONEDX = "cyclonedx-bom==7.5.0"


def command(package: str, *arguments: str) -> list[str]:
    """Return how to run a tool of this version in an environment of its own."""
    uv = Path(sys.executable).with_name("uv")
    return [str(uv), "tool", "run", "--quiet", "--from", package, *arguments]
