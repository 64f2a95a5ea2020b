"""A word that means one thing names it alone: `docs/glossary.md` says in which files."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.glossary import (
    GLOSSARY,
    PACKAGES,
    PRODUCT,
    singulars,
    sources,
    tree_of,
    words_of,
)

ROW = re.compile(r"^\| `(\w+)` \| .+ \| (.+) \|$", re.MULTILINE)
FILES = re.compile(r"`([\w/*.]+)`")


def files_by_word() -> Mapping[str, Sequence[str]]:
    table = GLOSSARY.read_text(encoding="utf-8").partition("## Words of one meaning")[2]
    return {word: FILES.findall(files) for word, files in ROW.findall(table.partition("\n## ")[0])}


@cache
def own_words(tree: ast.AST) -> Sequence[tuple[int, str, frozenset[str]]]:
    """Return line, name and the words of the name."""
    return [
        (line, name, frozenset(each for word in words_of(name) for each in singulars(word)))
        for line, name in own_names(tree)
    ]


def own_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield what the code itself names; a library may name its attributes otherwise."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield node.lineno, name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield node.lineno, name
            case ast.ClassDef(name=name):
                yield node.lineno, name


def other_meanings(word: str, files: Sequence[str], tree: ast.AST, path: Path) -> list[str]:
    if any(fnmatch(path.as_posix(), file) for file in files):
        return []
    return [f"{path}:{line}: {name}" for line, name, words in own_words(tree) if word in words]


@pytest.mark.parametrize(("word", "files"), files_by_word().items(), ids=str)
def test_a_word_names_one_thing(word: str, files: Sequence[str]) -> None:
    # Tests also speak of what they test with, as of parts of a text.
    packages = PRODUCT if files else PACKAGES
    faults = [
        fault
        for path in sources(*packages)
        for fault in other_meanings(word, files, tree_of(path), path)
    ]
    assert faults == []


@pytest.mark.parametrize(("word", "files"), files_by_word().items(), ids=str)
def test_the_table_names_files_that_use_the_word(word: str, files: Sequence[str]) -> None:
    for file in files:
        own = [path for path in sources(*PRODUCT) if fnmatch(path.as_posix(), file)]
        assert any(other_meanings(word, (), tree_of(path), path) for path in own), file


def test_names_are_seen_wherever_they_are_bound() -> None:
    code = "class Port:\n    ports: int\n    def port_of(self, old_port): other = self.port\n"
    seen = other_meanings("port", ("a/*.py",), ast.parse(code), Path("b/c.py"))
    assert sorted(seen) == [
        "b/c.py:1: Port",
        "b/c.py:2: ports",
        "b/c.py:3: old_port",
        "b/c.py:3: port_of",
    ]
    assert other_meanings("port", ("b/*.py",), ast.parse(code), Path("b/c.py")) == []
