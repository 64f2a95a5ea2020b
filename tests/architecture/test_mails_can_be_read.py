"""Every page we mail is light, loads nothing, and can be read by everybody."""

import re
from html.parser import HTMLParser
from itertools import product

import pytest
from typing_extensions import override

from chalicelib.accounts.mail import Mail, MailTemplate
from chalicelib.adapters.mail_templates import render
from chalicelib.language import Language

LARGEST_PAGE = 20_000
LEAST_CONTRAST = 4.5  # WCAG 2.2, level AA
VOID = {"meta", "br", "img", "link", "hr", "input"}
INVISIBLE = {"title", "style"}
LINK = "https://videoflix.example/reset"

MAILS = list(product(MailTemplate, Language))
COLOUR = re.compile(r"(?:^|;)\s*color:\s*(#[0-9a-f]{6})")
BACKGROUND = re.compile(r"background-color:\s*(#[0-9a-f]{6})")


def page(template: MailTemplate, language: Language) -> str:
    return render(Mail(template, "ada@example.com", language, LINK, "Ada")).html


class Reader(HTMLParser):
    """Reads a page as a client does that knows inline styles only."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str, str]] = [("", "#000000", "#ffffff")]
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.seen: set[tuple[str, str]] = set()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if tag in VOID:
            return
        style = attributes.get("style") or ""
        _, colour, background = self.open[-1]
        if own := COLOUR.search(style):
            colour = own[1]
        if own := BACKGROUND.search(style):
            background = own[1]
        is_hidden = "display:none" in style or tag in INVISIBLE
        self.open.append((tag, "" if is_hidden else colour, background))

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    @override
    def handle_data(self, data: str) -> None:
        _, colour, background = self.open[-1]
        if data.strip() and colour:
            self.seen.add((colour, background))


def read(template: MailTemplate, language: Language) -> Reader:
    reader = Reader()
    reader.feed(page(template, language))
    reader.close()
    return reader


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("template", "language"), MAILS)
def test_a_page_is_light(template: MailTemplate, language: Language) -> None:
    assert len(page(template, language).encode()) < LARGEST_PAGE


@pytest.mark.parametrize(("template", "language"), MAILS)
def test_a_page_leads_nowhere_but_to_its_link_and_loads_nothing(
    template: MailTemplate, language: Language
) -> None:
    reader = read(template, language)
    loading = {"script", "img", "link", "iframe", "object", "form", "svg", "video"}
    assert loading.isdisjoint(tag for tag, _ in reader.tags)
    addresses = [
        attributes[name]
        for _, attributes in reader.tags
        for name in attributes
        if name in {"href", "src"}
    ]
    assert set(addresses) <= {LINK}
    assert (
        re.findall(r"url\(|@import|//(?!videoflix\.example/reset)", page(template, language)) == []
    )


@pytest.mark.parametrize(("template", "language"), MAILS)
def test_every_tag_of_a_page_is_closed_where_it_should_be(
    template: MailTemplate, language: Language
) -> None:
    assert [tag for tag, _, _ in read(template, language).open] == [""]


@pytest.mark.parametrize(("template", "language"), MAILS)
def test_a_screen_reader_gets_language_and_heading_and_no_layout_tables(
    template: MailTemplate, language: Language
) -> None:
    tags = read(template, language).tags
    assert dict(tags)["html"]["lang"] == language
    assert "title" in dict(tags)
    assert {attributes.get("role") for tag, attributes in tags if tag == "table"} == {
        "presentation"
    }


@pytest.mark.parametrize(("template", "language"), MAILS)
def test_all_writing_stands_out_from_what_is_behind_it(
    template: MailTemplate, language: Language
) -> None:
    seen = read(template, language).seen
    assert seen
    assert [pair for pair in seen if contrast(*pair) < LEAST_CONTRAST] == []


def test_contrast_is_counted_as_the_standard_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
