"""`python -m infra.audit`: look for known advisories about the pinned packages."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from infra import pinned

_LONGEST_SECONDS = 180
# Messages of pip-audit, of uv and of their HTTP clients when the service is unreachable.
_OUT_OF_REACH = ("Connection", "Max retries", "timed out", "Failed to fetch", "error sending")


@dataclass(frozen=True, slots=True)
class Verdict:
    advisories: Sequence[str] = field(default_factory=list)
    is_out_of_reach: bool = False
    problem: str = ""


def audited(command: Sequence[str], *, longest_seconds: float) -> Verdict:
    """Run the auditor with a time limit and return its verdict."""
    try:
        run = subprocess.run(  # noqa: PLW1510 - its exit code is not 0 if there are advisories
            command, capture_output=True, text=True, timeout=longest_seconds
        )
    except subprocess.TimeoutExpired:
        return Verdict(is_out_of_reach=True)
    return read(run.stdout, run.stderr)


def read(output: str, errors: str) -> Verdict:
    try:
        packages = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        if any(word in errors for word in _OUT_OF_REACH):
            return Verdict(is_out_of_reach=True)
        return Verdict(problem=errors or "The auditor printed nothing.")
    advisories = [
        f"{each['name']} {each['version']}: {known['id']}, "
        f"fixed in {', '.join(known['fix_versions']) or 'no version yet'}"
        for each in packages
        for known in each.get("vulns", [])
    ]
    return Verdict(sorted({*advisories}))


def _command() -> list[str]:
    files = [option for file in pinned.REQUIREMENTS.values() for option in ("-r", str(file))]
    # Nothing is resolved or installed: the files pin every package.
    options = ("--no-deps", "--disable-pip", "--format=json", "--progress-spinner=off")
    service = ("--vulnerability-service=osv", "--timeout=10")
    return pinned.command(pinned.PIP_AUDIT, "pip-audit", *options, *service, *files)


def _print_result(verdict: Verdict) -> int:
    if verdict.is_out_of_reach:
        print("audit: the advisory service is out of reach; nothing was audited.")
    elif verdict.problem:
        print(f"audit: {verdict.problem}", file=sys.stderr)
    else:
        for advisory in verdict.advisories:
            print(f"audit: {advisory}", file=sys.stderr)
        print(f"audit: {len(verdict.advisories)} advisories for what is pinned.")
    return int(bool(verdict.advisories or verdict.problem))


if __name__ == "__main__":
    sys.exit(_print_result(audited(_command(), longest_seconds=_LONGEST_SECONDS)))
