"""Uses of retired words: `python -m tests.architecture.glossary` writes how many are left."""

import io
import json
import re
import tokenize
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

GLOSSARY = Path("docs/glossary.md")
LEFT = Path(__file__).with_name("retired_words.json")
PACKAGES = ("app.py", "chalicelib", "transcoder", "infra", "tests")
# What is generated says what it was generated from.
_PAGES = (
    *map(Path, ("README.md", "CONTRIBUTING.md")),
    *(page for page in Path("docs").rglob("*.md") if page != GLOSSARY),
)
_EXCEPTION = re.compile(r"`([^`]+)`")
_ROW = re.compile(r"^\| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
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

    @classmethod
    def of(cls, glossary: str) -> "Retired":
        table = glossary.partition("\n\n|")[2].partition("\n\n")[0]
        cells = [row[2] for row in _ROW.findall(table)[2:]]
        words = {word for cell in cells for word in cell.split(", ") if word != _NO_WORD}
        ordinary = {word.rstrip("*") for word in words if word.endswith("*")}
        return cls(frozenset(words - {f"{word}*" for word in ordinary}), frozenset(ordinary))


def exceptions(glossary: str) -> re.Pattern[str]:
    """Names that pages may use, by the second column of the table: `…` stands for any ending.

    A name that is an ordinary word counts as one only between backticks.
    """
    rows = _ROW.findall(glossary.partition("## Exceptions")[2])
    names = [name for row in rows for name in _EXCEPTION.findall(row[1])]
    return re.compile("|".join(map(_pattern_of, names)))


def _pattern_of(name: str) -> str:
    if name.isalpha():
        return f"`{name}`"
    return rf"(?<![\w-]){re.escape(name)}(?![\w-])".replace("…", r"[\w-]*")


def uses(retired: Retired) -> Mapping[str, Mapping[str, int]]:
    """How often each word is used, by folder."""
    counted = {
        package: _counted(_words_of_code(_sources(Path(package)), retired)) for package in PACKAGES
    }
    allowed = exceptions(GLOSSARY.read_text(encoding="utf-8"))
    texts = (allowed.sub("", page.read_text(encoding="utf-8")) for page in _PAGES)
    counted["docs"] = _counted(word for text in texts for word in _words(text, retired.everywhere))
    return counted


def _counted(words: Iterator[str]) -> Mapping[str, int]:
    return dict(sorted(Counter(words).items()))


def _sources(package: Path) -> Sequence[Path]:
    return [package] if package.is_file() else sorted(package.rglob("*.py"))


def _words_of_code(sources: Sequence[Path], retired: Retired) -> Iterator[str]:
    for path in sources:
        yield from _words_of_name(path.stem, retired)
        for token in tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline):
            if token.type == tokenize.NAME:
                yield from _words_of_name(token.string, retired)
            elif token.type in _TEXT:
                yield from _words(token.string, retired.everywhere)


def _words_of_name(name: str, retired: Retired) -> Iterator[str]:
    words = [word.lower() for word in _IN_NAMES.findall(name)]
    yield from _known(words, retired.everywhere | retired.in_names)


def _words(text: str, known: frozenset[str]) -> Iterator[str]:
    yield from _known(_IN_TEXT.findall(text.lower()), known)


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
