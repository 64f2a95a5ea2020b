"""Read a `.env` file: one setting per line."""

import re
from pathlib import Path

from infra.terminal import Refusal

_LINE = re.compile(
    r"""
    (?:export\s+)?
    (?P<name>[A-Za-z_][A-Za-z0-9_]*) \s*=\s*
    (?: "(?P<double>[^"]*)" | '(?P<single>[^']*)' | (?P<bare>[^"'\s#](?:(?!\s\#).)*)? )
    (?:\s*\#.*)?
    """,
    re.VERBOSE,
)


def read(path: Path) -> dict[str, str]:
    """Return the settings of the file; none if there is no such file."""
    if not path.is_file():
        return {}
    return parse(path.read_text(encoding="utf-8-sig"), name=path.name)


def parse(text: str, *, name: str) -> dict[str, str]:
    settings = {}
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.strip()
        if not content or content.startswith("#"):
            continue
        match = _LINE.fullmatch(content)
        if not match:
            raise Refusal(f"{name}, line {number}: this is not of the form NAME=value.")
        values = match.group("double", "single", "bare")
        settings[match["name"]] = next((value for value in values if value is not None), "").strip()
    return settings
