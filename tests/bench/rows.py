"""One measured number beside its floor, and how close to it we want to be."""

import json
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

WIDTHS = "{:<32} {:>10} {:>10} {:>8} {:>8}  {}"


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    value: float
    floor: float
    goal: float
    # What the goal allows beyond the ratio, in the unit of the value.
    grace: float = 0
    unit: str = ""
    # What the floor is: the command that a person would type, or a sentence.
    floor_is: Sequence[str] | str = ""

    @property
    def ratio(self) -> float:
        return self.value / self.floor

    @property
    def is_good(self) -> bool:
        return self.value <= self.floor * self.goal + self.grace

    @property
    def floor_command(self) -> str:
        return self.floor_is if isinstance(self.floor_is, str) else shlex.join(self.floor_is)

    def __str__(self) -> str:
        texts = [f"{number:.4g}{self.unit}" for number in (self.value, self.floor)]
        verdict = "ok" if self.is_good else "NOT YET"
        allowed = f"{self.goal:.2f}{f'+{self.grace:g}{self.unit}' if self.grace else ''}"
        return WIDTHS.format(self.name, *texts, f"{self.ratio:.2f}", allowed, verdict)


def count(name: str, value: float, goal: float, unit: str = "") -> Row:
    """A number that does not depend on the machine, and so needs no floor but 1."""
    return Row(name, value, 1, goal, unit=unit)


def together(name: str, rows: Sequence[Row], floor_is: str) -> Row:
    """All sources at once: their sum beside the sum of their floors."""
    first = rows[0]
    return Row(
        name,
        sum(row.value for row in rows),
        sum(row.floor for row in rows),
        first.goal,
        grace=sum(row.grace for row in rows),
        unit=first.unit,
        floor_is=floor_is,
    )


def heading() -> str:
    return WIDTHS.format("row", "value", "floor", "ratio", "goal", "")


def write(rows: Iterable[Row], path: Path) -> None:
    """Add the rows to what earlier runs measured."""
    known = json.loads(path.read_text()) if path.exists() else {}
    measured = {
        row.name: {
            "value": row.value,
            "floor": row.floor,
            "ratio": round(row.ratio, 4),
            "goal": row.goal,
            "ok": row.is_good,
        }
        for row in rows
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**known, **measured}, indent=1) + "\n")
