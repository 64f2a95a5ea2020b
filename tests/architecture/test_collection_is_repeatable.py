"""Every process collects the same tests in one order, or workers of pytest-xdist do not agree."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.glossary import sources, tree_of

_OF_SETS = (ast.Sub, ast.BitOr, ast.BitAnd, ast.BitXor)


def unordered_in(tree: ast.Module) -> Iterator[str]:
    """Yield the values of `parametrize` that are a set, here or by the name of a constant."""
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("parametrize"):
            for values in node.args[1:2]:
                named = constants.get(values.id) if isinstance(values, ast.Name) else values
                if named and _is_set(named):
                    yield ast.unparse(values)


def _is_set(value: ast.expr) -> bool:
    match value:
        case ast.Set() | ast.SetComp():
            return True
        case ast.BinOp(op=operator):
            return isinstance(operator, _OF_SETS)
        case ast.Call(func=ast.Name(id="set" | "frozenset")):
            return True
    return False


def test_no_test_takes_its_values_from_a_set() -> None:
    modules = sources("tests")
    assert len(modules) > 400
    unordered = {
        str(path): values for path in modules if (values := [*unordered_in(tree_of(path))])
    }
    assert unordered == {}, "wrap these values in sorted(...)"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("{1, 2}", ["{1, 2}"]),
        ("A.keys() - {1}", ["A.keys() - {1}"]),
        ("A", ["A"]),
        ("sorted(A)", []),
        ("[1] + [2]", []),
        ("{1: 2}", []),
    ],
)
def test_a_set_is_reported_and_what_has_an_order_is_not(values: str, expected: list[str]) -> None:
    tree = ast.parse(f"A = frozenset(B)\n@pytest.mark.parametrize('a', {values})\ndef test(): 0\n")
    assert [*unordered_in(tree)] == expected
