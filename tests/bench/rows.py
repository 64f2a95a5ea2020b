"""One measured number beside its floor, and how close to it we want to be."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

WIDTHS = "{:<24} {:>12} {:>12} {:>8} {:>8}  {}"


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    value: float
    floor: float
    goal: float
    # What the goal allows beyond the ratio, in the unit of the value.
    grace: float = 0
    unit: str = ""

    @property
    def ratio(self) -> float:
        return self.value / self.floor

    @property
    def is_good(self) -> bool:
        return self.value <= self.floor * self.goal + self.grace

    def __str__(self) -> str:
        shown = [f"{number:.4g}{self.unit}" for number in (self.value, self.floor)]
        verdict = "ok" if self.is_good else "TOO SLOW"
        return WIDTHS.format(self.name, *shown, f"{self.ratio:.2f}", f"{self.goal:.2f}", verdict)


def heading() -> str:
    return WIDTHS.format("row", "value", "floor", "ratio", "goal", "")


def write(rows: Iterable[Row], path: Path) -> None:
    """Add the rows to what earlier runs measured."""
    known = json.loads(path.read_text()) if path.exists() else {}
    measured = {
        row.name: {
            **{name: value for name, value in asdict(row).items() if name != "name"},
            "ratio": round(row.ratio, 4),
            "ok": row.is_good,
        }
        for row in rows
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**known, **measured}, indent=1) + "\n")
