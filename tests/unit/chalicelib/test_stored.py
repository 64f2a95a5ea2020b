"""Stored dataclasses: values by the types of their fields, and fields of other versions."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
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
    name: str = ""
    is_last: bool = False


@dataclass(frozen=True)
class Outer:
    number: Number
    kind: Kind | None = None
    inner: Inner | None = None
    several: tuple[Inner | None, ...] = ()
    gaps: tuple[tuple[int, Fraction], ...] = ()
    measures: dict[str, float] = field(default_factory=dict)
    at: datetime | None = None


def test_values_have_the_types_of_their_fields_again() -> None:
    outer = Outer(
        Number(7),
        Kind.ROUND,
        Inner(Fraction(24_000, 1001)),
        (Inner(), None),
        ((1, Fraction(2, 3)),),
        {"a": 0.5},
        datetime(2026, 1, 2, 3, 4, 5, 678000, UTC),
    )
    text = json.dumps(to_plain(outer))
    assert json.loads(text)["inner"]["rate"] == "24000/1001"
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


@pytest.mark.parametrize(
    ("plain", "message"),
    [
        ({"number": "7"}, "Outer.number: int expected, not str"),
        ({"number": 7.0}, "Outer.number: int expected, not float"),
        ({"number": True}, "Outer.number: int expected, not bool"),
        ({"number": None}, "Outer.number: int expected, not NoneType"),
        ({"number": 7, "inner": []}, "Outer.inner: Inner expected, not list"),
        ({"number": 7, "inner": {"rate": None}}, "Outer.inner: Inner.rate: argument should be "),
        ({"number": 7, "inner": {"rate": "1/0"}}, r"Outer.inner: Inner.rate: Fraction\(1, 0\)"),
        ({"number": 7, "inner": {"name": 7}}, "Outer.inner: Inner.name: str expected, not int"),
        ({"number": 7, "inner": {"is_last": 1}}, "Outer.inner: Inner.is_last: bool expected, not"),
        ({"number": 7, "several": [{"name": None}]}, "Outer.several: Inner.name: str expected"),
        ({"number": 7, "several": "ab"}, "Outer.several: list expected, not str"),
        ({"number": 7, "gaps": [["1", "2/3"]]}, "Outer.gaps: int expected, not str"),
        ({"number": 7, "gaps": [[1]]}, "Outer.gaps: zip"),
        ({"number": 7, "kind": "?"}, "Outer.kind: '\\?' is not a valid Kind"),
        ({"number": 7, "measures": {"a": "1"}}, "Outer.measures: float expected, not str"),
        ({"number": 7, "at": "soon"}, "Outer.at: Invalid isoformat string: 'soon'"),
        ({"number": 7, "at": 7}, "Outer.at: fromisoformat: argument must be str"),
        ({"number": 7, "measures": [1]}, "Outer.measures: dict expected, not list"),
        ({}, "Outer.* missing .*number"),
    ],
)
def test_an_error_names_the_field_that_cannot_be_read(plain: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        from_plain(Outer, plain)


def test_a_whole_number_is_a_float_as_well() -> None:
    assert from_plain(Outer, {"number": 7, "measures": {"a": 2}}).measures == {"a": 2}
