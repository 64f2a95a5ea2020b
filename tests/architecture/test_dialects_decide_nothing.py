"""A dialect holds names and shapes: what is decided is decided once, by use cases."""

import ast
from pathlib import Path

import pytest

DIALECTS = sorted(Path("chalicelib/api/dialects").rglob("*.py"))
_BRANCHES = (
    ast.If, ast.IfExp, ast.Match, ast.While, ast.Try, ast.TryStar, ast.BoolOp, ast.Compare,
    ast.Assert,
)  # fmt: skip


def branches_in(code: str) -> list[str]:
    """Return the line and kind of each branch, those inside comprehensions as well."""
    tree = ast.parse(code)
    statements = [node for node in ast.walk(tree) if isinstance(node, _BRANCHES)]
    conditions = [
        condition
        for node in ast.walk(tree)
        if isinstance(node, ast.comprehension)
        for condition in node.ifs
    ]
    return [f"{node.lineno}: {type(node).__name__}" for node in [*statements, *conditions]]


def test_there_are_dialects() -> None:
    assert {"prefixed.py", "accounts.py", "tokens.py"} <= {path.name for path in DIALECTS}


@pytest.mark.parametrize("path", DIALECTS, ids=str)
def test_a_dialect_has_no_branches(path: Path) -> None:
    assert branches_in(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "code",
    [
        "if x: pass",
        "y = 1 if x else 2",
        "y = x or 2",
        "y = [e for e in x if e]",
        "try:\n    x\nexcept E:\n    y",
        "while x: pass",
        "y = x == 2",
        "match x:\n    case 1: pass",
    ],
)
def test_each_kind_of_branch_would_be_seen(code: str) -> None:
    assert branches_in(code)
