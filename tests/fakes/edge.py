"""An edge that records the invalidations."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from chalicelib.encoding.ports import EdgeBusy


@dataclass(slots=True)
class RememberingEdge:
    orders: dict[str, list[str]] = field(default_factory=dict)
    is_busy: bool = False

    def invalidate(self, paths: Sequence[str], *, reference: str) -> None:
        if self.is_busy:
            raise EdgeBusy("It takes no more orders right now.")
        self.orders.setdefault(reference, list(paths))

    @property
    def forgotten(self) -> list[str]:
        return [path for paths in self.orders.values() for path in paths]
