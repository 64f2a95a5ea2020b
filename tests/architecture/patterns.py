"""Finds every regular expression in a package, and how it is applied."""

import ast
import importlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.glossary import tree_of

METHODS = frozenset({"search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split"})


@dataclass(frozen=True, slots=True)
class Use:
    """One pattern and one way in which texts meet it."""

    location: str
    method: str
    pattern: re.Pattern[str] | None  # None: only known when the program runs

    @property
    def known(self) -> re.Pattern[str]:
        assert self.pattern is not None
        return self.pattern

    def __str__(self) -> str:
        return f"{self.location} {self.method}"


def uses_in(sources: list[Path]) -> list[Use]:
    trees = {path: tree_of(path) for path in sources}
    methods = _methods_by_name(trees.values())
    return sorted({use for path in trees for use in _uses(path, trees[path], methods)}, key=str)


def oddities_in(sources: list[Path]) -> list[str]:
    """Ways to a regular expression that `uses_in` does not see."""
    return [
        f"{path}: {ast.unparse(node)}"
        for path in sources
        for node in ast.walk(tree_of(path))
        if _is_odd_import(node)
    ]


def _is_odd_import(node: ast.AST) -> bool:
    hidden = {"re", "fnmatch", "glob", "regex"}
    if isinstance(node, ast.ImportFrom):
        return node.module in hidden
    named = node.names if isinstance(node, ast.Import) else []
    return any(each.name in hidden and (each.asname or each.name != "re") for each in named)


def _methods_by_name(trees: Iterable[ast.Module]) -> dict[str, set[str]]:
    """By the name of a compiled pattern: what is called on it, in whichever module."""
    methods: dict[str, set[str]] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in METHODS:
                owner = node.value
                name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
                methods.setdefault(name, set()).add(node.attr)
    return methods


def _uses(path: Path, tree: ast.Module, methods: dict[str, set[str]]) -> Iterator[Use]:
    module = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    compiled = dict(_compiled(tree))
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and _of_re(node.func)):
            continue
        method = node.func.attr  # type: ignore[attr-defined]
        if method != "compile":
            yield Use(f"{module}:{node.lineno}", method, _literal(node))
        elif node in compiled:
            pattern = getattr(importlib.import_module(module), compiled[node])
            for each in methods.get(compiled[node]) or {"nothing"}:
                yield Use(f"{module}.{compiled[node]}", each, pattern)
        else:
            yield Use(f"{module}:{node.lineno}", method, None)


def _of_re(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
        and function.attr in METHODS | {"compile"}
    )


def _compiled(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """Calls whose value has a name in its module."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            target = node.targets[0]
            if isinstance(target, ast.Name):
                yield node.value, target.id


def _literal(node: ast.Call) -> re.Pattern[str] | None:
    first = node.args[0] if node.args else None
    has_flags = any(each.arg == "flags" for each in node.keywords)
    if isinstance(first, ast.Constant) and isinstance(first.value, str) and not has_flags:
        return re.compile(first.value)
    return None
