"""Definitions of product modules that a test leads to, read from source text alone.

A test leads to what its names refer to: functions, classes and constants, fixtures of its
parameters, programs that it starts by module name, and so on from each of them. An import alone
leads to nothing.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.architecture.glossary import tree_of

PRODUCT = ("app.py", "chalicelib", "transcoder", "infra")

# The file and the name in it; the empty name is what an import runs.
Definition = tuple[Path, str]
_BODY = ""
_PROGRAM = "__main__"
_MODULE_NAME = re.compile(r"(?:chalicelib|infra|transcoder)(?:[./]\w+)+(?:\.py)?")
_Function = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class _Module:
    path: Path
    # The statements behind each name at the top of the module.
    definitions: dict[str, list[ast.AST]] = field(default_factory=dict)
    # Each imported name: a dotted module, and the name in it (empty for the module itself).
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)


def product_modules() -> Sequence[Path]:
    """Every module with at least one definition."""
    files = [path for root in PRODUCT for path in (Path(root), *Path(root).rglob("*.py"))]
    return sorted(path for path in files if path.suffix == ".py" and _module(path).definitions)


def reached_from(test_file: Path) -> frozenset[Path]:
    """The product modules of which the tests of a file use a definition."""
    seen: set[Definition] = set()
    waiting = list(_tests_of(test_file))
    while waiting:
        definition = waiting.pop()
        if definition not in seen:
            seen.add(definition)
            waiting.extend(_uses(definition))
    return frozenset(path for path, name in seen if name != _BODY and path.parts[0] in PRODUCT)


def _tests_of(test_file: Path) -> Iterator[Definition]:
    """The tests in a file, those it takes over from another suite, and the fixtures for all."""
    module = _module(test_file)
    yield from ((test_file, name) for name in module.definitions if name.startswith("test"))
    for dotted, name in module.imports.values():
        if (path := _file(dotted)) and (name.startswith("test_") or name == "*"):
            tests = [each for each in _module(path).definitions if each.startswith("test_")]
            yield from ((path, each) for each in (tests if name == "*" else [name]))


@cache
def _module(path: Path) -> _Module:
    module = _Module(path)
    for statement in tree_of(path).body:
        _bind(module.imports, statement)
        for name in _names_bound(statement):
            module.definitions.setdefault(name, []).append(statement)
    if path.name == "__main__.py":
        module.definitions.setdefault(_PROGRAM, [])
    return module


def _names_bound(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, (*_Function, ast.ClassDef)):
        yield statement.name
        if any(isinstance(each, ast.Call) for each in statement.decorator_list):
            yield _BODY  # registered somewhere, as a view or a fixture, when it is imported
    elif isinstance(statement, (ast.Import, ast.ImportFrom)):
        return
    elif isinstance(statement, ast.If) and "__name__ == '__main__'" in ast.unparse(statement.test):
        yield _PROGRAM
    elif not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
        yield _BODY
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id


def _bind(imports: dict[str, tuple[str, str]], node: ast.AST) -> None:
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        for each in node.names:
            imports[each.asname or each.name] = (node.module, each.name)
    elif isinstance(node, ast.Import):
        for each in node.names:
            imports[each.asname or each.name] = (each.name, "")


@cache
def _uses(definition: Definition) -> frozenset[Definition]:
    """What a definition refers to."""
    path, name = definition
    module = _module(path)
    uses: set[Definition] = set()
    for statement in module.definitions.get(name, []):
        scope = dict(module.imports)
        nodes = list(ast.walk(statement))
        for node in nodes:
            _bind(scope, node)
        holders = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
        holders.update(_patched(nodes))
        for node in nodes:
            uses.update(_referred(node, module, scope))
            if isinstance(node, ast.Name) and node.id in scope and id(node) not in holders:
                uses.update(_whole(".".join(filter(None, scope[node.id]))))
    return frozenset(uses)


def _patched(nodes: Iterable[ast.AST]) -> Iterator[int]:
    """Modules that are only named because something in them is replaced."""
    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(attr="setattr"), args=[module, *_]):
                yield id(module)


def _whole(dotted: str) -> Iterator[Definition]:
    """A module that is handed on as a value, with everything that is public in it."""
    if path := _file(dotted):
        yield from ((path, name) for name in _module(path).definitions if name[:1] != "_")


def _referred(
    node: ast.AST, module: _Module, scope: dict[str, tuple[str, str]]
) -> Iterator[Definition]:
    match node:
        case ast.Attribute():
            dotted = ast.unparse(node)
            holder, _, attribute = dotted.rpartition(".")
            if holder in scope:
                yield from _in_module(".".join(filter(None, scope[holder])), attribute)
        case ast.Name(id=name):
            yield from _named(name, module, scope)
        case ast.arg(arg=name) if module.path.parts[0] == "tests":
            yield from _fixture(name, module)
        case ast.Constant(value=str(text)):
            yield from _program(text, module)


def _named(name: str, module: _Module, scope: dict[str, tuple[str, str]]) -> Iterator[Definition]:
    if name in scope:
        yield from _in_module(*scope[name])
    elif name in module.definitions:
        yield (module.path, name)


def _in_module(dotted: str, name: str) -> Iterator[Definition]:
    """A name of a module, wherever the module has it from; with it, what the import runs."""
    if (path := _file(dotted)) is None:
        return
    yield (path, _BODY)
    module = _module(path)
    if name in module.definitions:
        yield (path, name)
    elif name in module.imports and module.imports[name] != (dotted, name):
        yield from _in_module(*module.imports[name])
    elif name and (inner := _file(f"{dotted}.{name}")):
        yield (inner, _BODY)


def _fixture(name: str, module: _Module) -> Iterator[Definition]:
    nearest = [module.path, *(folder / "conftest.py" for folder in module.path.parents)]
    for path in nearest:
        if path.is_file():
            yield from _named(name, _module(path), _module(path).imports)


def _program(text: str, module: _Module) -> Iterator[Definition]:
    """What a text starts: the path or the name of a program, or a file that says which."""
    if text == "__main__.py":
        yield from _started(module.path.parent.rglob(text))
    elif _MODULE_NAME.fullmatch(text):
        path = Path(text.removesuffix(".py").replace(".", "/"))
        yield from _started([path / "__main__.py", path.with_suffix(".py")])
        if path.parts[0] == "chalicelib":  # imported by its name
            yield from _whole(text)
    elif text.endswith(".yml") and Path(text).is_file():
        for name in _MODULE_NAME.findall(Path(text).read_text(encoding="utf-8")):
            yield from _program(name, module)


def _started(paths: Iterable[Path]) -> Iterator[Definition]:
    for path in paths:
        if path.parts[0] in PRODUCT and path.is_file() and _PROGRAM in _module(path).definitions:
            yield (path, _BODY)
            yield (path, _PROGRAM)


@cache
def _file(dotted: str) -> Path | None:
    path = Path(*dotted.split("."))
    files = (path.with_suffix(".py"), path / "__init__.py")
    return next((each for each in files if each.is_file()), None)
