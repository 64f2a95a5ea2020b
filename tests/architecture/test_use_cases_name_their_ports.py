"""A use case receives the ports it needs; it does not take them out of another use case."""

import ast
from collections.abc import Iterator, Sequence

import pytest

from tests.architecture.glossary import sources, tree_of
from tests.architecture.test_shape import FEATURES

SOURCES = sources(*(f"chalicelib/{feature}" for feature in FEATURES), "transcoder", "infra")


def names_in(annotation: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)}


def classes_in(trees: Sequence[ast.Module]) -> Iterator[ast.ClassDef]:
    for tree in trees:
        yield from (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def fields_of(kind: ast.ClassDef) -> dict[str, set[str]]:
    """The fields of a dataclass, each with the names in its type."""
    return {
        node.target.id: names_in(node.annotation)
        for node in kind.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }


def use_cases_in(trees: Sequence[ast.Module]) -> dict[str, dict[str, set[str]]]:
    """Fields by class, of all classes with a port or with another use case among their fields."""
    classes = list(classes_in(trees))
    known = {kind.name for kind in classes if any("Protocol" in names_in(b) for b in kind.bases)}
    others = {kind.name: fields_of(kind) for kind in classes if kind.name not in known}
    use_cases: dict[str, dict[str, set[str]]] = {}
    while more := {
        name: fields
        for name, fields in others.items()
        if name not in use_cases
        and any(types & (known | use_cases.keys()) for types in fields.values())
    }:
        use_cases |= more
    return use_cases


def reaches_in(trees: Sequence[ast.Module]) -> list[str]:
    """Every `a.b.c` where `c` is a field of the use case `b`."""
    use_cases = use_cases_in(trees)
    # The class of `self` is known; of all else, any class that has such a field may be it.
    anywhere: dict[str, set[str]] = {}
    for kind in classes_in(trees):
        for name, types in fields_of(kind).items():
            anywhere.setdefault(name, set()).update(types)
    own = {id(node): fields_of(kind) for kind in classes_in(trees) for node in ast.walk(kind)}
    reaches = []
    for node in (node for tree in trees for node in ast.walk(tree)):
        match node:
            case ast.Attribute(ast.Attribute(ast.Name("self"), first), second):
                owners = own.get(id(node), {}).get(first, set())
            case ast.Attribute(ast.Attribute(attr=first), second):
                owners = anywhere.get(first, set())
            case _:
                continue
        if any(second in use_cases.get(owner, ()) for owner in owners):
            reaches.append(ast.unparse(node))
    return reaches


def test_no_use_case_reaches_through_another_one() -> None:
    trees = [tree_of(path) for path in SOURCES]
    assert {"Sessions", "Curation", "EncodeControl", "Uploads", "Playback"} <= set(
        use_cases_in(trees)
    )
    assert reaches_in(trees) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("self.inner.store.get()", ["self.inner.store"]),
        ("self.inner.store", ["self.inner.store"]),
        ("self.inner.get()", []),
        ("self.store.get()", []),
        ("self.value.store", []),
        ("context.inner.store.get()", ["context.inner.store"]),
        ("self.context.inner.store", ["self.context.inner.store"]),
        ("context.inner.get()", []),
        ("context.value.store", []),
    ],
)
def test_a_reach_is_reported(body: str, expected: list[str]) -> None:
    source = f"""
class Store(Protocol): ...
class Inner:
    store: Store
class Value:
    store: str
class Outer:
    inner: Inner
    store: Store
    value: Value
    def use(self):
        return {body}
"""
    assert reaches_in([ast.parse(source)]) == expected
