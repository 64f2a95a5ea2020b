"""Uses of retired words: `python -m tests.architecture.glossary` writes how many are left."""

import io
import json
import re
import tokenize
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

GLOSSARY = Path("docs/glossary.md")
LEFT = Path(__file__).with_name("retired_words.json")
PRODUCT = ("app.py", "chalicelib", "transcoder", "infra")
PACKAGES = (*PRODUCT, "tests")
# What is generated says what it was generated from.
_PAGES = (
    *map(Path, ("README.md", "CONTRIBUTING.md")),
    *(page for page in Path("docs").rglob("*.md") if page != GLOSSARY),
)
_ROW = re.compile(r"^\| .+ \| .+ \| (.+) \|$", re.MULTILINE)
_EXCEPTION = re.compile(r"^\| (`.+`) \| .+ \|$", re.MULTILINE)
_NAME = re.compile("`(.+?)`")
_NO_WORD = "-"
_IN_NAMES = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")
_IN_TEXT = re.compile(r"[a-z]+")
_IRREGULAR = {"shelves": "shelf", "parties": "party"}
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
        table = glossary.partition("\n\n|")[2].partition("\n\n")[0]
        cells = _ROW.findall(table)[2:]
        words = {word for cell in cells for word in cell.split(", ") if word != _NO_WORD}
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
        return re.sub("|".join(map(_in_pages, self.exceptions)), "", page)


@lru_cache
def _joined(exceptions: tuple[str, ...], before: str = "", after: str = "") -> re.Pattern[str]:
    return re.compile(f"{before}(?:{'|'.join(map(pattern_of, exceptions))}){after}")


def pattern_of(exception: str) -> str:
    return re.escape(exception).replace(r"\*", r"[^\s\"'`]*")


def _in_pages(exception: str) -> str:
    if exception.isalpha():
        return f"`{exception}`"
    return rf"(?<![\w-]){pattern_of(exception)}(?![\w-])"


def uses(retired: Retired) -> Mapping[str, Mapping[str, int]]:
    """How often each word is used, by folder."""
    counted = {package: _counted(_words_of_code(sources(package), retired)) for package in PACKAGES}
    texts = (retired.without_names(page.read_text(encoding="utf-8")) for page in _PAGES)
    counted["docs"] = _counted(word for text in texts for word in _words(text, retired))
    return counted


def _counted(words: Iterator[str]) -> Mapping[str, int]:
    return dict(sorted(Counter(words).items()))


def sources(*packages: str) -> Sequence[Path]:
    folders = [Path(package) for package in packages]
    return sorted(
        path
        for folder in folders
        for path in ([folder] if folder.is_file() else folder.rglob("*.py"))
    )


def _words_of_code(paths: Sequence[Path], retired: Retired) -> Iterator[str]:
    for path in paths:
        yield from _words_of_name(path.stem, retired)
        for token in tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline):
            if token.type == tokenize.NAME:
                yield from _words_of_name(token.string, retired)
            elif token.type in _TEXT:
                yield from _words(token.string, retired)


def _words_of_name(name: str, retired: Retired) -> Iterator[str]:
    if retired.keeps(name):
        return
    words = [word.lower() for word in _IN_NAMES.findall(name)]
    yield from _known(words, retired.everywhere | retired.in_names)


def _words(text: str, retired: Retired) -> Iterator[str]:
    words = _IN_TEXT.findall(retired.without_exceptions(text).lower())
    yield from _known(words, retired.everywhere)


def _known(words: Sequence[str], known: frozenset[str]) -> Iterator[str]:
    """Those that are known, in the singular: two that make a term count as it does."""
    pairs = [" ".join(pair) for pair in pairwise(words)]
    for word in (*words, *pairs):
        one = _IRREGULAR.get(word, word)
        singular = one if one in known else one.removesuffix("s")
        if singular in known:
            yield singular


if __name__ == "__main__":
    left = uses(Retired.of(GLOSSARY.read_text(encoding="utf-8")))
    LEFT.write_text(json.dumps(left, indent=1) + "\n", encoding="utf-8")
