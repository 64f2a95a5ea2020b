"""One word for one thing: words that the glossary retires are used nowhere."""

import re
from pathlib import Path

import pytest

from tests.architecture import glossary
from tests.architecture.glossary import GLOSSARY, PACKAGES, Retired

RETIRED = Retired.of(GLOSSARY.read_text(encoding="utf-8"))
TABLE = """# Glossary

| word | what it is | not |
|---|---|---|
| boat | it floats | ship, yacht*, sea key |
| port | it stands | - |

## Exceptions

| name | why |
|---|---|
| `ship`, `SHIP_*` | a setting |
"""
INVENTED = Retired.of(TABLE)


def test_the_table_is_read() -> None:
    words = frozenset({"ship", "sea key"}), frozenset({"yacht"})
    assert Retired(*words, ("ship", "SHIP_*")) == INVENTED
    assert min(len(RETIRED.everywhere), len(RETIRED.in_names), len(RETIRED.exceptions)) > 10
    assert RETIRED.everywhere & RETIRED.in_names == set()


@pytest.mark.parametrize(
    ("package", "used"),
    [pytest.param(*used, id=used[0]) for used in glossary.uses(RETIRED).items()],
)
def test_no_retired_word_is_used(package: str, used: list[str]) -> None:
    assert used == [], f"{package}: docs/glossary.md says which word to use"


def test_words_in_names_texts_and_plurals_are_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "yacht.py"
    source.write_text('"""The ships of a yacht."""\n\nclass SeaKeys:\n    yacht_name = "y"\n')
    monkeypatch.setattr(glossary, "PACKAGES", (str(source),))
    retired = Retired(INVENTED.everywhere, INVENTED.in_names)
    assert glossary.uses(retired)[str(source)] == [
        f"{source}: yacht",
        f"{source}:1: ship",
        f"{source}:3: sea key",
        f"{source}:4: yacht",
    ]


@pytest.mark.parametrize("text", ["ShipFailed", "the_ship", "SHIPS", "SeaKeys", "No ship."])
def test_a_text_is_split_as_a_name_is(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source := tmp_path / "texts.py").write_text(f'count("{text}")\n')
    monkeypatch.setattr(glossary, "PACKAGES", (str(source),))
    assert len(glossary.uses(Retired(INVENTED.everywhere, frozenset()))[str(source)]) == 1


@pytest.mark.parametrize(("plural", "one"), [("ships", "ship"), ("calves", "calf"), ("fly", "fly")])
def test_plurals_count_as_the_word(
    plural: str, one: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source := tmp_path / "plurals.py").write_text(f"# {plural}\n")
    monkeypatch.setattr(glossary, "PACKAGES", (str(source),))
    used = glossary.uses(Retired(frozenset({one}), frozenset()))[str(source)]
    assert used == [f"{source}:1: {one}"]


def test_exceptions_are_names_and_whole_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "exceptions.py"
    source.write_text('yacht_size = yachting = "ship"\n# A ship, and `the-ship`.\nyacht = 1\n')
    monkeypatch.setattr(glossary, "PACKAGES", (str(source),))
    retired = Retired(frozenset({"ship"}), frozenset({"yacht"}), ("yacht_*", "*ship"))
    used = glossary.uses(retired)[str(source)]
    assert used == [f"{source}:2: ship", f"{source}:3: yacht"]


def test_pages_may_use_names_that_are_exceptions_and_no_other() -> None:
    retired = Retired(frozenset({"ship"}), frozenset(), ("SHIP_*", "ship-ends", "ship"))
    assert retired.without_names("`SHIP_SIZE` `ship` (#ship-ends)") == "``  (#)"
    text = "a ship, `ships`, SHIP, midship-ends"
    assert retired.without_names(text) == text


def test_each_exception_is_needed() -> None:
    commands = (Path("Makefile"), Path("docs/runbook.md"))
    files = [*glossary.sources(*PACKAGES), *Path("infra").rglob("*.yaml"), *commands]
    code = "".join(path.read_text(encoding="utf-8") for path in files)
    unused = [
        name
        for name in RETIRED.exceptions
        if not re.search(rf"(?<!\w){glossary.pattern_of(name)}(?!\w)", code)
    ]
    assert unused == []
