"""What the page says by itself it says in each language, as the API does."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import pytest

WEB = Path("web")
CHOICE = WEB / "language.js"
CATALOGUES = sorted(
    WEB / name for name in re.findall(r'from "\./(\w+\.js)"', CHOICE.read_text(encoding="utf-8"))
)
SCRIPTS = {
    path: path.read_text(encoding="utf-8")
    for path in WEB.glob("*.js")
    if path not in {*CATALOGUES, CHOICE}
}
SAID = re.compile(r'said\(\s*"([^"]+)"')
# Words that begin as a sentence does, and are names to programs.
NAMES = {"Accept", "Accept-Language", "Content-Type", "GET", "Link", "POST"}
NAMES |= {"ArrowDown", "ArrowLeft", "ArrowRight", "ArrowUp"}
NAMES |= {"ManagedMediaSource", "MediaSource", "NotAllowedError", "X-CSRFToken"}
# The same in every language.
NAMES |= {"Videoflix", "0:00 / 0:00"}


def texts_of(path: Path) -> dict[str, str]:
    text = path.read_text(encoding="utf-8")
    catalogue: dict[str, str] = json.loads(text[text.index("{") : text.rindex("}") + 1])
    return catalogue


class Spoken(HTMLParser):
    """Collects what a person reads or hears of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: set[str] = set()
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.texts.add(data.strip())

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts.add(dict(attrs).get("aria-label") or "")


def said() -> set[str]:
    """Every text that goes through the catalogue."""
    in_scripts = {text for script in SCRIPTS.values() for text in SAID.findall(script)}
    page = (WEB / "index.html").read_text(encoding="utf-8")
    return in_scripts | Spoken(page).texts - NAMES - {""}


def unsaid() -> Iterator[tuple[str, str]]:
    """Literals that look like text for a person, and pass the catalogue by."""
    for path, script in SCRIPTS.items():
        rest = re.sub(r"//.*", "", SAID.sub("", script))
        for literal in re.findall(r'"([^"\n]*)"', rest):
            if re.match(r"[A-Z][A-Za-z-]+", literal) and literal not in NAMES:
                yield path.name, literal
        for template in re.findall(r"`([^`]*)`", rest):
            if re.search(r"^[A-Z][a-z]|[ >][A-Za-z]{4,}", re.sub(r"\$\{[^}]*\}", "", template)):
                yield path.name, template


def test_the_page_has_german() -> None:
    assert WEB / "german.js" in CATALOGUES


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=str)
def test_every_text_of_the_page_is_translated_and_no_other_is_kept(catalogue: Path) -> None:
    assert texts_of(catalogue).keys() == said()


def test_no_text_of_the_page_passes_the_catalogue_by() -> None:
    # The name of the site stands behind that of a video.
    assert [each for each in unsaid() if "Videoflix" not in each[1]] == []


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=str)
def test_a_translation_has_the_same_values(catalogue: Path) -> None:
    def values(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    texts = texts_of(catalogue).items()
    assert [english for english, text in texts if values(english) != values(text)] == []
    assert all(text.strip() for _, text in texts)
