"""Stored dataclasses: values by the types of their fields, and fields of other versions."""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, NewType

import pytest

from chalicelib.stored import from_plain, to_plain

Number = NewType("Number", int)


class Kind(StrEnum):
    ROUND = "round"


@dataclass(frozen=True)
class Inner:
    rate: Fraction = Fraction(1)


@dataclass(frozen=True)
class Outer:
    number: Number
    kind: Kind | None = None
    inner: Inner | None = None
    several: tuple[Inner | None, ...] = ()
    gaps: tuple[tuple[int, Fraction], ...] = ()
    measures: dict[str, float] = field(default_factory=dict)


def test_values_have_the_types_of_their_fields_again() -> None:
    outer = Outer(
        Number(7),
        Kind.ROUND,
        Inner(Fraction(24_000, 1001)),
        (Inner(), None),
        ((1, Fraction(2, 3)),),
        {"a": 0.5},
    )
    text = json.dumps(to_plain(outer))
    assert json.loads(text)["inner"] == {"rate": "24000/1001"}
    read = from_plain(Outer, json.loads(text))
    assert (read, type(read.kind), type(read.several)) == (outer, Kind, tuple)


@pytest.mark.parametrize(
    "plain",
    [
        {"number": 7},
        {"number": 7, "inner": None, "of_a_later_version": {}},
        {"number": 7, "several": [], "gaps": []},
    ],
)
def test_missing_fields_get_their_defaults_and_unknown_ones_are_ignored(
    plain: dict[str, Any],
) -> None:
    assert from_plain(Outer, plain) == Outer(Number(7))


@pytest.mark.parametrize("plain", [{}, {"number": 7, "gaps": [[1]]}, {"number": 7, "kind": "?"}])
def test_what_cannot_be_read_is_an_error(plain: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        from_plain(Outer, plain)
