"""What requests spend: calls to AWS and capacity units of DynamoDB, and the page that says so."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from botocore.client import BaseClient

_PAGE = Path("docs/calls.md")
_ROW = re.compile(
    r"^\| (\w+) \| `([A-Z]+ \S+)` \| ([^|]+) \| ([0-9.]+) \| ([0-9.]+) \|$", re.MULTILINE
)
_CALL = re.compile(r"(\d+) (\w+)")
_WRITES_OF_A_TRANSACTION = 2
_OPEN_READ = 0.5
# The media signing key.
_ONCE_PER_PROCESS = frozenset({"GetSecretValue"})

# A dialect, and a route of it.
Served = tuple[str, str]


@dataclass
class Spending:
    """Units are those of items up to 1 KB written and up to 4 KB read, without indexes."""

    calls: Counter[str] = field(default_factory=Counter)
    read_units: float = 0
    write_units: float = 0

    def add(self, operation: str, sent: Mapping[str, Any]) -> None:
        if operation not in _ONCE_PER_PROCESS:
            self.calls[operation] += 1
        match operation:
            case "GetItem" | "Query":
                self.read_units += _of_read(sent)
            case "BatchGetItem":
                for each in sent["RequestItems"].values():
                    self.read_units += _of_read(each) * len(each["Keys"])
            case "UpdateItem" | "PutItem" | "DeleteItem":
                self.write_units += 1
            case "TransactWriteItems":
                self.write_units += _WRITES_OF_A_TRANSACTION * len(sent["TransactItems"])
            case "BatchWriteItem":
                self.write_units += sum(map(len, sent["RequestItems"].values()))


def _of_read(sent: Mapping[str, Any]) -> float:
    return 1 if sent.get("ConsistentRead") else _OPEN_READ


@contextmanager
def measured() -> Iterator[Spending]:
    """Count the requests of botocore, for any library above it."""
    spending = Spending()
    make = BaseClient._make_api_call  # type: ignore[attr-defined]

    def counting(client: Any, operation: str, sent: Any) -> Any:
        spending.add(operation, sent)
        return make(client, operation, sent)

    BaseClient._make_api_call = counting  # type: ignore[attr-defined]
    try:
        yield spending
    finally:
        BaseClient._make_api_call = make  # type: ignore[attr-defined]


@cache
def documented() -> Mapping[Served, Spending]:
    """Return what the page says."""
    rows = _ROW.findall(_PAGE.read_text(encoding="utf-8"))
    return {
        (dialect, route): Spending(
            Counter({name: int(number) for number, name in _CALL.findall(calls)}),
            float(read_units),
            float(write_units),
        )
        for dialect, route, calls, read_units, write_units in rows
    }


def row(served: Served, spending: Spending) -> str:
    dialect, route = served
    calls = ", ".join(f"{number} {name}" for name, number in sorted(spending.calls.items()))
    units = f"{spending.read_units:g} | {spending.write_units:g}"
    return f"| {dialect} | `{route}` | {calls or 'none'} | {units} |"
