"""Uses of retired words, by file and line."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

GLOSSARY = Path("docs/glossary.md")
PRODUCT = ("app.py", "chalicelib", "transcoder", "infra")
PACKAGES = (*PRODUCT, "tests")
# What is generated says what it was generated from.
_PAGES = (
    *map(Path, ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "tests/README.md")),
    *(page for page in Path("docs").rglob("*.md") if page != GLOSSARY),
)
_ROW = re.compile(r"^\| .+ \| .+ \| (.+) \|$", re.MULTILINE)
_EXCEPTION = re.compile(r"^\| (`.+`) \| .+ \|$", re.MULTILINE)
_NAME = re.compile("`(.+?)`")
_NO_WORD = "-"
_IN_NAMES = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")
_PLURALS = (("s", ""), ("ies", "y"), ("ves", "f"))
_TEXT = {tokenize.STRING, tokenize.COMMENT}


@dataclass(frozen=True, slots=True)
class Retired:
    # Words that are used nowhere, and those that only name nothing in the code.
    everywhere: frozenset[str]
    in_names: frozenset[str]
    # Names that keep such a word; `*` stands for any characters of a name.
    exceptions: tuple[str, ...] = ()

    @classmethod
    def of(cls, glossary: str) -> "Retired":
        table = glossary.partition("|---|\n")[2].partition("\n\n")[0]
        words = {
            word for cell in _ROW.findall(table) for word in cell.split(", ") if word != _NO_WORD
        }
        ordinary = {word.rstrip("*") for word in words if word.endswith("*")}
        rows = _EXCEPTION.findall(glossary.partition("## Exceptions")[2])
        return cls(
            frozenset(words - {f"{word}*" for word in ordinary}),
            frozenset(ordinary),
            tuple(name for row in rows for name in _NAME.findall(row)),
        )

    def keeps(self, name: str) -> bool:
        return bool(self.exceptions) and _joined(self.exceptions).fullmatch(name) is not None

    def without_exceptions(self, text: str) -> str:
        """Remove the names between quotes or backticks that keep a word."""
        if not self.exceptions:
            return text
        return _joined(self.exceptions, before=r"(?<=[\"'`])", after=r"(?=[\"'`])").sub("", text)

    def without_names(self, page: str) -> str:
        """Remove the same names from a page; one that is a word counts as one between backticks."""
        return re.sub("|".join(map(_pattern_in_pages, self.exceptions)), "", page)


@lru_cache
def _joined(exceptions: tuple[str, ...], before: str = "", after: str = "") -> re.Pattern[str]:
    return re.compile(f"{before}(?:{'|'.join(map(pattern_of, exceptions))}){after}")


def pattern_of(exception: str) -> str:
    return re.escape(exception).replace(r"\*", r"[^\s\"'`]*")


def _pattern_in_pages(exception: str) -> str:
    if exception.isalpha():
        return f"`{exception}`"
    return rf"(?<![\w-]){pattern_of(exception)}(?![\w-])"


def uses(retired: Retired) -> Mapping[str, Sequence[str]]:
    """Where each word is used, by folder."""
    used = {package: list(_in_code(sources(package), retired)) for package in PACKAGES}
    used["docs"] = list(_in_pages(retired))
    return used


def sources(*packages: str) -> Sequence[Path]:
    folders = [Path(package) for package in packages]
    return sorted(
        path
        for folder in folders
        for path in ([folder] if folder.is_file() else folder.rglob("*.py"))
    )


@cache
def tree_of(path: Path) -> ast.Module:
    """Parse a source once for all tests of a process; none of them changes it."""
    return ast.parse(path.read_text(encoding="utf-8"))


def _in_code(paths: Sequence[Path], retired: Retired) -> Iterator[str]:
    for path in paths:
        yield from (f"{path}: {word}" for word in _words_of_name(path.stem, retired))
        for token in tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline):
            for word in _words_of_token(token, retired):
                yield f"{path}:{token.start[0]}: {word}"


def _words_of_token(token: tokenize.TokenInfo, retired: Retired) -> Iterator[str]:
    if token.type == tokenize.NAME:
        yield from _words_of_name(token.string, retired)
    elif token.type in _TEXT:
        yield from _words(token.string, retired)


def _in_pages(retired: Retired) -> Iterator[str]:
    for page in _PAGES:
        text = retired.without_names(page.read_text(encoding="utf-8"))
        yield from (f"{page}: {word}" for word in _words(text, retired))


def _words_of_name(name: str, retired: Retired) -> Iterator[str]:
    if retired.keeps(name):
        return
    yield from _known(words_of(name), retired.everywhere | retired.in_names)


def words_of(name: str) -> Sequence[str]:
    return [word.lower() for word in _IN_NAMES.findall(name)]


def _words(text: str, retired: Retired) -> Iterator[str]:
    yield from _known(words_of(retired.without_exceptions(text)), retired.everywhere)


def _known(words: Sequence[str], known: frozenset[str]) -> Iterator[str]:
    """Those that are known, in the singular: two that make a term count as it does."""
    pairs = [" ".join(pair) for pair in pairwise(words)]
    for word in (*words, *pairs):
        yield from known.intersection(singulars(word))


def singulars(word: str) -> Iterator[str]:
    yield word
    for ending, instead in _PLURALS:
        if word.endswith(ending):
            yield word.removesuffix(ending) + instead
