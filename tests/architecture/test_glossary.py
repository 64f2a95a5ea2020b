"""One word for one thing: words that the glossary retires become fewer, and never come back."""

import json
import re
from pathlib import Path

import pytest

from tests.architecture import glossary
from tests.architecture.glossary import GLOSSARY, LEFT, PRODUCT, Retired

RETIRED = Retired.of(GLOSSARY.read_text(encoding="utf-8"))


def test_the_table_is_read() -> None:
    assert {"shelf", "crew", "nobody", "media key"} <= RETIRED.everywhere
    assert {"title", "film", "found"} <= RETIRED.in_names
    assert RETIRED.everywhere & RETIRED.in_names == set()


@pytest.mark.parametrize(
    ("package", "words"),
    [pytest.param(*counted, id=counted[0]) for counted in glossary.uses(RETIRED).items()],
)
def test_no_retired_word_is_used_again(package: str, words: dict[str, int]) -> None:
    left = json.loads(LEFT.read_text(encoding="utf-8"))[package]
    more = {word: count for word, count in words.items() if count > left.get(word, 0)}
    assert more == {}, "docs/glossary.md says which word to use"


def test_words_are_found_in_names_texts_and_plurals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "foreman.py"
    source.write_text('"""The crews of a film."""\n\nclass MediaKeys:\n    film_name = "title"\n')
    monkeypatch.setattr(glossary, "PACKAGES", (str(source),))
    counted = glossary.uses(RETIRED)[str(source)]
    assert counted == {"foreman": 1, "crew": 1, "media key": 1, "film": 1}


def test_exceptions_are_names_and_whole_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "exceptions.py"
    source.write_text('found_item = foundling = "crew"\n# A crew, and `the-crew`.\nfound = 1\n')
    monkeypatch.setattr(glossary, "PACKAGES", (str(source),))
    retired = Retired(frozenset({"crew"}), frozenset({"found"}), ("found_*", "*crew"))
    counted = glossary.uses(retired)[str(source)]
    assert counted == {"crew": 1, "found": 1}


def test_pages_may_use_names_that_are_exceptions_and_no_other() -> None:
    retired = Retired(frozenset({"ship"}), frozenset(), ("SHIP_*", "ship-ends", "ship"))
    assert retired.without_names("`SHIP_SIZE` `ship` (#ship-ends)") == "``  (#)"
    text = "a ship, `ships`, SHIP, midship-ends"
    assert retired.without_names(text) == text


def test_documents_have_no_retired_word_left() -> None:
    assert json.loads(LEFT.read_text(encoding="utf-8"))["docs"] == {}


def test_each_exception_is_needed() -> None:
    commands = (Path("Makefile"), Path("docs/runbook.md"))
    files = [*glossary.sources(*PRODUCT), *Path("infra").rglob("*.yaml"), *commands]
    code = "".join(path.read_text(encoding="utf-8") for path in files)
    unused = [
        name
        for name in RETIRED.exceptions
        if not re.search(rf"(?<!\w){glossary.pattern_of(name)}(?!\w)", code)
    ]
    assert unused == []
