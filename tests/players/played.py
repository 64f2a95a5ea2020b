"""The table of `make players`: one row for each player and video."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

_HEADINGS = ("player", "video", "plays", "seeks", "sizes", "sync ms: start", "seek", "end",
           "seconds", "frames", "dropped", "")  # fmt: skip


RecordProperty = Callable[[str, object], None]


class Row(NamedTuple):
    player: str
    video: str
    plays: str = "-"
    seeks: str = "-"
    sizes: str = "-"
    start: str = "-"
    seek: str = "-"
    end: str = "-"
    seconds: str = "-"
    frames: str = "-"
    dropped: str = "-"
    remark: str = ""


def note(record_property: RecordProperty, row: Row) -> None:
    """Keep the row for the table, as plain texts that may go from one process to another."""
    record_property("player", [str(cell) for cell in row])


def milliseconds(late: Mapping[str, float], name: str) -> str:
    """Of sound that comes late; negative where the picture does."""
    seconds = late.get(name)
    return "-" if seconds is None else f"{1000 * seconds:+.0f}"


def table(rows: Sequence[Row]) -> str:
    lines = [_HEADINGS, *sorted(rows)]
    widths = [max(len(str(line[column])) for line in lines) for column in range(len(_HEADINGS))]
    return "\n".join(
        "  ".join(str(cell).ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
