"""The report of an import: counts, then each problem with its reason."""

from collections import Counter
from collections.abc import Mapping, Sequence
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
_EARLIER = "Here already, from an import that may have been interrupted; if not mended since"
_NOT_AGAIN = (
    "Problems with what was here already are not named again; a dry run names those of the whole "
    "dump."
)
NOT_DONE = "The command was interrupted: this is what it did so far."
# Of one reason, or of the fields that are not imported; the others are counted.
MOST_NAMED = 200
# A dump may have names of a megabyte.
LONGEST_NAMED = 200  # characters


@dataclass(frozen=True, slots=True)
class TransferReport:
    # By what was imported and what became of it: ("accounts", "imported").
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    # Kinds of which an object of an earlier import is here.
    recognised: set[str] = field(default_factory=set)
    # By reason, the objects that have the problem, as far as they are named.
    problems: dict[str, list[str]] = field(default_factory=dict)
    unnamed: Counter[str] = field(default_factory=Counter)
    # By reason, what was wrong with objects of an earlier import, which may be mended.
    earlier: dict[str, list[str]] = field(default_factory=dict)
    # By model and field, how many values are not imported; by an empty field, how many objects.
    unmapped: Counter[tuple[str, str]] = field(default_factory=Counter)
    # By model and field, how many objects have media that are made again here.
    remade: Counter[tuple[str, str]] = field(default_factory=Counter)
    # By model and field, how many objects have a known value that has no place here.
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)
    # How many other values have no place in one of these three, for it names enough fields.
    others: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)

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
        self._name(self.problems, name, reason)

    def take_problems(self, other: "TransferReport", *, are_earlier: bool = False) -> None:
        """Add the problems of an object; of an earlier import's, as such."""
        for reason, named in other.problems.items():
            for name in named:
                if are_earlier:
                    self._name(self.earlier, name, f"{_EARLIER}: {reason}")
                else:
                    self.problem(name, reason)

    def _name(self, problems: dict[str, list[str]], name: str, reason: str) -> None:
        named = problems.setdefault(reason, [])
        if len(named) < MOST_NAMED:
            named.append(name[:LONGEST_NAMED])
        else:
            self.unnamed[reason] += 1

    def not_mapped(self, model: str, name: str = "") -> None:
        self._count_field("not_mapped", self.unmapped, model, name)

    def made_again(self, model: str, name: str) -> None:
        self._count_field("made_again", self.remade, model, name)

    def leave_out(self, model: str, name: str) -> None:
        self._count_field("left_out", self.left_out, model, name)

    def _count_field(
        self, kind: str, fields: Counter[tuple[str, str]], model: str, name: str
    ) -> None:
        key = model[:LONGEST_NAMED], name[:LONGEST_NAMED]
        if key in fields or len(fields) < MOST_NAMED:
            fields[key] += 1
        else:
            self.others[kind] += 1

    @property
    def has_problems(self) -> bool:
        """Return whether there is something to decide: what no mapping names is left out, too."""
        return bool(self._every_problem or self.unmapped)

    @property
    def notes(self) -> Sequence[str]:
        """Return what else a reader has to know: what was deleted here leaves no trace."""
        kinds = {kind for kind, result in self.counts if result in NEW}
        notes = [_BACK_AGAIN] if kinds & self.recognised else []
        notes += [_NOT_AGAIN] if self.earlier and not self._goes_on else []
        return [*notes, *self.remarks]

    @property
    def _goes_on(self) -> bool:
        """Return whether an earlier import may have been interrupted: not all was here."""
        return any(result in NEW for _, result in self.counts)

    @property
    def _every_problem(self) -> Mapping[str, Sequence[str]]:
        return {**self.problems, **(self.earlier if self._goes_on else {})}

    def as_json(self) -> dict[str, Any]:
        counts: dict[str, dict[str, int]] = {}
        for (kind, result), count in self.counts.items():
            counts.setdefault(kind, {})[result] = count
        return {
            "counts": counts,
            "problems": [
                {"reason": reason, "objects": named, "more": self.unnamed[reason]}
                for reason, named in self._every_problem.items()
            ],
            "notes": [*self.notes],
            "made_again": _fields_in(self.remade),
            "left_out": _fields_in(self.left_out),
            "not_mapped": _fields_in(self.unmapped),
            "other_fields": dict(self.others),
        }

    def as_text(self) -> str:
        lines = [
            f"{kind:<12} {count:>8,} {result}" for (kind, result), count in self.counts.items()
        ]
        of_fields = {
            "made_again": (_REMADE, self.remade),
            "left_out": (_LEFT_OUT, self.left_out),
            "not_mapped": (_UNMAPPED, self.unmapped),
        }
        for kind, (reason, fields) in of_fields.items():
            if fields:
                lines += ["", reason]
                lines += [
                    f"  {model}{f'.{name}' if name else ''}: {count:,}"
                    for (model, name), count in sorted(fields.items())
                ]
                if more := self.others[kind]:
                    lines.append(f"  and {more:,} more, of other fields")
        for reason, named in self._every_problem.items():
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
