"""A percent sign follows its number at once in English, and after a space in German."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from chalicelib.api.translation import LANGUAGES
from tests.architecture.glossary import tree_of
from tests.architecture.test_page_is_translated import CATALOGUES
from tests.architecture.test_texts_are_translated import text_of

_APART = re.compile(r"[0-9}] %(?!\w)")
_TOGETHER = re.compile(r"[0-9}]%")
_DOCUMENTS = [*Path().glob("*.md"), *Path("docs").rglob("*.md"), *Path("tests").glob("*.md")]
_GERMAN_PAGE = Path("web/german.js")
_GERMAN_MAILS = [*Path("templates").glob("*/de/*")]


def english() -> Iterator[tuple[Path, str]]:
    for root in ("chalicelib", "transcoder", "infra"):
        for path in Path(root).rglob("*.py"):
            for node in ast.walk(tree_of(path)):
                if isinstance(node, (ast.Constant, ast.JoinedStr)):
                    yield path, text_of(node)
    mails = Path("templates").glob("*/en/*")
    scripts = (each for each in Path("web").glob("*.js") if each not in CATALOGUES)
    for path in (*_DOCUMENTS, *mails, *scripts):
        yield path, path.read_text(encoding="utf-8")


def german() -> Iterator[str]:
    groups = json.loads((LANGUAGES / "de.json").read_text(encoding="utf-8"))
    for group in groups.values():
        yield from group.values()
    # After each key, which is English.
    yield from re.findall(r'": "(.*)"', _GERMAN_PAGE.read_text(encoding="utf-8"))
    for path in _GERMAN_MAILS:
        yield path.read_text(encoding="utf-8")


def test_english_texts_write_no_space_before_a_percent_sign() -> None:
    wrong = [(path, text[:80]) for path, text in english() if _APART.search(text)]
    assert wrong == []


def test_german_texts_write_a_space_before_a_percent_sign() -> None:
    assert [text for text in german() if _TOGETHER.search(text)] == []


def test_the_patterns_know_both_forms() -> None:
    assert _APART.search("24.8 % of it")
    assert _APART.search("{} % done")
    assert not _APART.search("{}% done")
    assert _TOGETHER.search("Nur {}% davon")
    assert not _TOGETHER.search("Nur {} % davon")
