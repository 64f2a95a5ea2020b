"""What is documented is what is there."""

import re
from pathlib import Path

import pytest

from infra import openapi

README = Path("README.md").read_text(encoding="utf-8")
ROOT = [*map(Path, ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "tests/README.md"))]
PAGES = [*ROOT, *Path("docs").glob("*.md")]
TABLED = {*PAGES, *Path("docs").rglob("*.md"), Path("tests/map.md")}
DECISIONS = sorted(Path("docs/decisions").glob("[0-9]*.md"))
LONGEST_README, LONGEST_DECISION = 130, 60


def test_the_written_api_document_is_the_one_the_routes_make() -> None:
    written = Path("docs/openapi.json").read_text(encoding="utf-8")
    assert written == openapi.text(), "run `make openapi`"


def test_the_readme_is_read_in_a_minute() -> None:
    assert len(README.splitlines()) <= LONGEST_README


def test_every_make_target_that_a_page_names_exists() -> None:
    makefile = Path("Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    named = set(re.findall(r"`make ([a-z-]+)\b", text))
    assert named - targets == set()
    assert {"run", "test", "mail"} <= named


def test_the_version_is_one() -> None:
    from chalicelib.api.openapi import VERSION

    assert f'version = "{VERSION}"' in Path("pyproject.toml").read_text(encoding="utf-8")


def test_every_decision_is_in_the_index() -> None:
    index = Path("docs/decisions/README.md").read_text(encoding="utf-8")
    assert len(DECISIONS) >= 5
    assert [page.name for page in DECISIONS if f"({page.name})" not in index] == []
    assert set(re.findall(r"\((\d{4}-.*?\.md)\)", index)) == {page.name for page in DECISIONS}


def test_the_index_and_the_page_give_a_decision_the_same_heading() -> None:
    index = Path("docs/decisions/README.md").read_text(encoding="utf-8")
    for page in DECISIONS:
        heading = page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
        assert f"[{heading[:4]}]({page.name}) | {heading[5:]}" in index


@pytest.mark.parametrize("page", DECISIONS, ids=str)
def test_a_decision_is_a_page(page: Path) -> None:
    assert len(page.read_text(encoding="utf-8").splitlines()) <= LONGEST_DECISION


@pytest.mark.parametrize("page", [*ROOT, *Path("docs").rglob("*.md")], ids=str)
def test_every_link_to_a_page_has_a_target(page: Path) -> None:
    for target, anchor in re.findall(
        r"\]\((?!http)([^)#\s]*)(?:#([^)\s]*))?\)", page.read_text("utf-8")
    ):
        linked = page.parent / target if target else page
        assert linked.exists(), target
        assert not anchor or anchor in anchors_of(linked), f"{target}#{anchor}"


@pytest.mark.parametrize("page", sorted(TABLED), ids=str)
def test_a_table_begins_with_its_headings(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    marks = [number for number, line in enumerate(lines) if re.fullmatch(r"\|(:?-+:?\|)+", line)]
    headings = [f"\n{lines[number - 2]}\n{lines[number - 1]}" for number in marks]
    begun = r"\n(<!-- \w+ -->)?\n\|.*\|"
    assert [each for each in headings if not re.fullmatch(begun, each)] == []


def anchors_of(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}
