"""A constant is written once: no two modules give one name to one value."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from tests.architecture.glossary import PRODUCT, sources, tree_of

# What is equal by accident: each may change without the others.
INDEPENDENT = {
    "BLOCK_BYTES": "of a file that is sent, and of a dump that is read",
    "META": "the sort key of each kind of item",
    "MOST_TRIES": "of a request for bytes, and of a message",
    "NICENESS": "of the sample video, and of a worker",
    "PATIENCE_SECONDS": "of programs that wait for different services",
    "REMEMBERED": "of caches that keep different things",
    "SECONDS_PER_HOUR": "will not change, and `infra.cost` knows no transcoder",
    "START_SECONDS": "measured for the bill, and patience with an emulator",
    "TOLERATED_SECONDS": "of chapters, of a proof, and of playlists",
    "TRIES": "of conditional writes, by how often others write the same item",
}
# A type variable belongs to its module.
TYPE_VARIABLE = "TypeVar("


def constants_in(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield names in upper case, without a leading underscore, and the text of their values."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(name)], value=value):
                pass
            case ast.AnnAssign(target=ast.Name(name), value=ast.expr() as value):
                pass
            case _:
                continue
        text = ast.unparse(value)
        if name.isupper() and not text.startswith(TYPE_VARIABLE):
            yield name.lstrip("_"), text


def doubles_in(modules: Mapping[Path, ast.Module]) -> Mapping[str, Sequence[str]]:
    """The modules that give one name to one value, by name."""
    constants = sorted(
        (name, value, str(path))
        for path, tree in modules.items()
        for name, value in constants_in(tree)
    )
    doubles: dict[str, list[str]] = {}
    for (name, _), group in groupby(constants, key=lambda each: each[:2]):
        paths = [path for _, _, path in group]
        if len(paths) > 1:
            doubles.setdefault(name, []).extend(paths)
    return doubles


def test_no_constant_is_written_twice() -> None:
    modules = {path: tree_of(path) for path in sources(*PRODUCT)}
    doubles = doubles_in(modules)
    assert {name: paths for name, paths in doubles.items() if name not in INDEPENDENT} == {}
    assert INDEPENDENT.keys() - doubles.keys() == set(), "no longer written twice"


def test_equal_constants_are_reported() -> None:
    sources_by_name = {
        "a.py": "_SIDE = 2\nAREA: int = 4\nT = TypeVar('T')\nsize = 1\n",
        "b.py": "SIDE = 2\nAREA = 5\nT = TypeVar('T')\nsize = 1\n",
        "c.py": "AREA = 4\nclass Kind:\n    SIDE = 2\n",
    }
    modules = {Path(name): ast.parse(source) for name, source in sources_by_name.items()}
    assert doubles_in(modules) == {"AREA": ["a.py", "c.py"], "SIDE": ["a.py", "b.py"]}
