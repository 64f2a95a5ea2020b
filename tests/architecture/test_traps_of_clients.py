"""Each trap of a known client is held by tests that exist, and no sheet has gaps."""

import ast
import re
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest

from tests.architecture.glossary import tree_of

_PAGE = Path("tests/dialects/README.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([A-F])(\d+) \| [^|]+ \| ([^|]+) \|$", _PAGE, re.MULTILINE)
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", _PAGE)))
# Of the traps of each client, whose sheets are numbered without gaps.
NUMBERS = {"A": 25, "B": 7, "C": 9, "D": 9, "E": 5, "F": 1}
# What no server can hold.
OF_THE_CLIENT = {("A", "5")}


def test_each_sheet_is_on_the_page_without_gaps() -> None:
    listed = {
        sheet: [int(number) for _, number, _ in rows]
        for sheet, rows in groupby(ROWS, key=lambda row: row[0])
    }
    assert listed == {sheet: [*range(1, most + 1)] for sheet, most in NUMBERS.items()}


def test_each_trap_names_a_test() -> None:
    without = {(sheet, number) for sheet, number, held in ROWS if "::test_" not in held}
    assert without == OF_THE_CLIENT


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_each_named_test_exists(file: str, test: str) -> None:
    assert test in _tests_in(file)


def test_each_test_of_a_numbered_trap_is_on_the_page() -> None:
    for sheet, file in (("A", "official"), ("D", "djoser")):
        path = f"tests/dialects/test_{file}.py"
        numbered = {each for each in _tests_in(path) if re.match(r"test_\d+_", each)}
        held = {test for client, _, text in ROWS if client == sheet
                for test in re.findall(rf"`{path}::(\w+)`", text)}  # fmt: skip
        assert numbered - held == set()


@cache
def _tests_in(file: str) -> frozenset[str]:
    tree = tree_of(Path(file))
    return frozenset(each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef))
