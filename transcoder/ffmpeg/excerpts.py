"""URLs of an excerpt of a source, which FFmpeg reads like a file of its own."""

import re

PROTOCOL = "subfile"
_FORM = re.compile(rf"{PROTOCOL},,start,(\d+),end,(\d+),,:(.+)", re.DOTALL)


def excerpt(address: str, begin: int, end: int) -> str:
    """An `end` of 0 is that of the source."""
    return f"{PROTOCOL},,start,{begin},end,{end},,:{address}" if begin or end else address


def taken_from(address: str) -> tuple[str, int, int]:
    """Return the address of the source, with begin and end of the excerpt."""
    match = _FORM.fullmatch(address)
    return (match[3], int(match[1]), int(match[2])) if match else (address, 0, 0)
