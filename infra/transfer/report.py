"""The report of an import: counts, then each problem with its reason."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from infra.transfer.result import NEW, Result

_BACK_AGAIN = (
    "This was imported before in part: accounts and videos that were deleted here since then are "
    "imported again. Please delete them."
)
_REMADE = "Made again from the files, and so not imported:"
_LEFT_OUT = "Known, without a place here, and so not imported:"
_UNMAPPED = "Not mapped, and so not imported (map them, or name them under ignored):"
# Of one reason; the others are counted.
MOST_NAMED = 200


@dataclass(frozen=True, slots=True)
class TransferReport:
    # By what was imported and what became of it: ("accounts", "imported").
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    # Kinds of which an object of an earlier import is here.
    recognised: set[str] = field(default_factory=set)
    # By reason, the objects that have the problem, as far as they are named.
    problems: dict[str, list[str]] = field(default_factory=dict)
    unnamed: Counter[str] = field(default_factory=Counter)
    # By model and field, how many values are not imported; by an empty field, how many objects.
    unmapped: Counter[tuple[str, str]] = field(default_factory=Counter)
    # By model and field, how many objects have media that are made again here.
    remade: Counter[tuple[str, str]] = field(default_factory=Counter)
    # By model and field, how many objects have a known value that has no place here.
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)

    def count(self, kind: str, result: str) -> None:
        self.counts[kind, result] += 1

    def count_added(
        self, kind: str, result: Result, name: str, *, is_recognised: bool = False
    ) -> None:
        self.count(kind, result)
        if is_recognised:
            self.recognised.add(kind)
        if result is Result.REFUSED:
            self.problem(f"{kind}: {name}", "Not imported, for their ids are in use")

    def problem(self, name: str, reason: str) -> None:
        named = self.problems.setdefault(reason, [])
        if len(named) < MOST_NAMED:
            named.append(name)
        else:
            self.unnamed[reason] += 1

    def take_problems(self, other: "TransferReport") -> None:
        for reason, named in other.problems.items():
            for name in named:
                self.problem(name, reason)

    def not_mapped(self, model: str, name: str = "") -> None:
        self.unmapped[model, name] += 1

    def made_again(self, model: str, name: str) -> None:
        self.remade[model, name] += 1

    def leave_out(self, model: str, name: str) -> None:
        self.left_out[model, name] += 1

    @property
    def has_problems(self) -> bool:
        """Return whether there is something to decide: what no mapping names is left out, too."""
        return bool(self.problems or self.unmapped)

    @property
    def notes(self) -> Sequence[str]:
        """Return what else a reader has to know: what was deleted here leaves no trace."""
        kinds = {kind for kind, result in self.counts if result in NEW}
        return [_BACK_AGAIN] if kinds & self.recognised else []

    def as_json(self) -> dict[str, Any]:
        counts: dict[str, dict[str, int]] = {}
        for (kind, result), count in self.counts.items():
            counts.setdefault(kind, {})[result] = count
        return {
            "counts": counts,
            "problems": [
                {"reason": reason, "objects": named, "more": self.unnamed[reason]}
                for reason, named in self.problems.items()
            ],
            "notes": [*self.notes],
            "made_again": _fields_in(self.remade),
            "left_out": _fields_in(self.left_out),
            "not_mapped": _fields_in(self.unmapped),
        }

    def as_text(self) -> str:
        lines = [
            f"{kind:<12} {count:>8,} {result}" for (kind, result), count in self.counts.items()
        ]
        of_fields = {_REMADE: self.remade, _LEFT_OUT: self.left_out, _UNMAPPED: self.unmapped}
        for reason, fields in of_fields.items():
            if fields:
                lines += ["", reason]
                lines += [
                    f"  {model}{f'.{name}' if name else ''}: {count:,}"
                    for (model, name), count in sorted(fields.items())
                ]
        for reason, named in self.problems.items():
            lines += ["", f"{reason}:", *(f"  {each}" for each in named)]
            if more := self.unnamed[reason]:
                lines.append(f"  and {more:,} more")
        for note in self.notes:
            lines += ["", note]
        return "\n".join(lines) or "There was nothing to import."


def _fields_in(counts: Counter[tuple[str, str]]) -> list[dict[str, Any]]:
    return [
        {"model": model, "field": name, "count": count}
        for (model, name), count in sorted(counts.items())
    ]
