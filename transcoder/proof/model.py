"""The proof of an encode: its checks, each with what was expected and measured."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from chalicelib.catalogue.asset import Asset
from chalicelib.catalogue.damage import WHOLE, Decodable

_LISTED_FAULTS = 3


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    ok: bool
    expected: str
    measured: str


@dataclass(frozen=True, slots=True)
class Proof:
    checks: tuple[Check, ...]
    # The planned asset with measured bit rates, without empty or broken tracks.
    asset: Asset
    notes: tuple[str, ...] = ()
    measures: Mapping[str, float] = field(default_factory=dict)
    # Shares of the source that could be decoded.
    decodable: Decodable = WHOLE

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)

    @property
    def failed(self) -> tuple[str, ...]:
        return tuple(check.name for check in self.checks if not check.ok)

    def to_json(self) -> str:
        plain = {
            "ok": self.ok,
            "checks": [asdict(check) for check in self.checks],
            "notes": self.notes,
            "measures": self.measures,
        }
        return json.dumps(plain, indent=1)


def compared(name: str, *, expected: str, faults: list[str]) -> Check:
    """One line for people: the first faults, and their number."""
    more = len(faults) - _LISTED_FAULTS
    listed = "; ".join([*faults[:_LISTED_FAULTS], *([f"and {more} more"] if more > 0 else [])])
    return Check(name, not faults, expected, listed or expected)
