"""`python -m infra.audit`: whether an advisory is known for something that is pinned."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from infra import pinned

_LONGEST_SECONDS = 180
# In the words of pip-audit, of uv when it cannot fetch it, and of what they use.
_OUT_OF_REACH = ("Connection", "Max retries", "timed out", "Failed to fetch", "error sending")


@dataclass(frozen=True, slots=True)
class Verdict:
    advisories: Sequence[str] = field(default_factory=list)
    is_out_of_reach: bool = False
    trouble: str = ""


def audited(command: Sequence[str], *, longest_seconds: float) -> Verdict:
    """Run the auditor, for no longer than that, and say what came of it."""
    try:
        run = subprocess.run(  # noqa: PLW1510 - it fails whenever it has found something
            command, capture_output=True, text=True, timeout=longest_seconds
        )
    except subprocess.TimeoutExpired:
        return Verdict(is_out_of_reach=True)
    return read(run.stdout, run.stderr)


def read(said: str, complaint: str) -> Verdict:
    try:
        found = json.loads(said)["dependencies"]
    except (ValueError, KeyError, TypeError):
        if any(word in complaint for word in _OUT_OF_REACH):
            return Verdict(is_out_of_reach=True)
        return Verdict(trouble=complaint or "The auditor said nothing.")
    advisories = [
        f"{each['name']} {each['version']}: {known['id']}, "
        f"mended in {', '.join(known['fix_versions']) or 'no version yet'}"
        for each in found
        for known in each.get("vulns", [])
    ]
    return Verdict(sorted({*advisories}))


def _command() -> list[str]:
    files = [part for file in pinned.REQUIREMENTS.values() for part in ("-r", str(file))]
    # Nothing is resolved or installed: the files name every package and its version.
    options = ("--no-deps", "--disable-pip", "--format=json", "--progress-spinner=off")
    service = ("--vulnerability-service=osv", "--timeout=10")
    return pinned.command(pinned.PIP_AUDIT, "pip-audit", *options, *service, *files)


def _tell(verdict: Verdict) -> int:
    if verdict.is_out_of_reach:
        print("audit: the advisory service is out of reach; nothing was audited.")
    elif verdict.trouble:
        print(f"audit: {verdict.trouble}", file=sys.stderr)
    else:
        for advisory in verdict.advisories:
            print(f"audit: {advisory}", file=sys.stderr)
        print(f"audit: {len(verdict.advisories)} advisories for what is pinned.")
    return int(bool(verdict.advisories or verdict.trouble))


if __name__ == "__main__":
    sys.exit(_tell(audited(_command(), longest_seconds=_LONGEST_SECONDS)))
