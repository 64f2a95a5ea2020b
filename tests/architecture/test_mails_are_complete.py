"""Every mail has all its parts, and the parts of a mail agree with each other and with the code."""

from dataclasses import fields
from datetime import timedelta
from itertools import product
from pathlib import Path
from string import Template as Text

import pytest

from chalicelib.accounts.links import LIFE, Purpose
from chalicelib.accounts.mail import Mail, MailTemplate
from chalicelib.adapters.mail_templates import MAILS_FOLDER, render
from chalicelib.language import Language

PARTS = {"subject.txt", "body.txt", "body.html"}
SHARED = {"layout.html", "button.html"}
LONGEST_LINE = 78

MAILS = list(product(MailTemplate, Language))
LIFE_OF_THE_LINK_IN = {
    MailTemplate.ACTIVATION: LIFE[Purpose.ACTIVATION],
    MailTemplate.ACTIVATION_AGAIN: LIFE[Purpose.ACTIVATION],
    MailTemplate.CHOOSE_PASSWORD: LIFE[Purpose.RESET],
    MailTemplate.ACCOUNT_EXISTS: LIFE[Purpose.RESET],
    MailTemplate.PASSWORD_RESET: LIFE[Purpose.RESET],
    MailTemplate.EMAIL_CHANGE: LIFE[Purpose.EMAIL_CHANGE],
    MailTemplate.EMAIL_RESET: LIFE[Purpose.EMAIL_RESET],
}
LIFE_IN_WORDS = {
    (timedelta(days=3), Language.ENGLISH): "within three days",
    (timedelta(days=3), Language.GERMAN): "drei Tage lang",  # codespell:ignore
    (timedelta(hours=1), Language.ENGLISH): "within one hour",
    (timedelta(hours=1), Language.GERMAN): "eine Stunde lang",
}

MAIL_OFFERS = {field.name for field in fields(Mail)} - {"template", "language"}
PAGE_OFFERS = MAIL_OFFERS - {"link"} | {"button"}  # a link on a page is a button


def source(template: MailTemplate, language: Language, part: str) -> str:
    return (MAILS_FOLDER / template / language / part).read_text(encoding="utf-8")


def placeholders(text: str) -> set[str]:
    assert Text(text).is_valid()
    return set(Text(text).get_identifiers())


def test_every_folder_is_a_mail_and_every_mail_a_folder() -> None:
    names = {path.name for path in MAILS_FOLDER.iterdir() if path.is_dir()}
    assert names == {template.value for template in MailTemplate}


def test_what_is_shared_lies_beside_the_mails() -> None:
    assert {path.name for path in MAILS_FOLDER.iterdir() if path.is_file()} == SHARED


@pytest.mark.parametrize("template", MailTemplate)
def test_every_mail_speaks_every_language_and_no_other(template: MailTemplate) -> None:
    names = {path.name for path in (MAILS_FOLDER / template).iterdir()}
    assert names == {language.value for language in Language}


@pytest.mark.parametrize(("template", "language"), MAILS)
def test_every_mail_has_its_three_parts_and_no_other(
    template: MailTemplate, language: Language
) -> None:
    assert {path.name for path in (MAILS_FOLDER / template / language).iterdir()} == PARTS


@pytest.mark.parametrize(("template", "language"), MAILS)
def test_a_subject_is_one_line_that_is_the_same_for_everybody(
    template: MailTemplate, language: Language
) -> None:
    subject = source(template, language, "subject.txt")
    assert len(subject.splitlines()) == 1
    assert placeholders(subject) == set()


@pytest.mark.parametrize(("template", "language"), MAILS)
def test_a_template_uses_only_the_fields_of_its_mail(
    template: MailTemplate, language: Language
) -> None:
    assert placeholders(source(template, language, "body.txt")) <= MAIL_OFFERS
    assert placeholders(source(template, language, "body.html")) <= PAGE_OFFERS


@pytest.mark.parametrize(("template", "language"), MAILS)
def test_text_and_page_of_a_mail_tell_the_same_values(
    template: MailTemplate, language: Language
) -> None:
    as_page = {"link": "button"}
    text = {
        as_page.get(name, name) for name in placeholders(source(template, language, "body.txt"))
    }
    assert text == placeholders(source(template, language, "body.html"))


@pytest.mark.parametrize("template", MailTemplate)
def test_a_mail_says_the_same_values_in_every_language(template: MailTemplate) -> None:
    spoken = [placeholders(source(template, language, "body.txt")) for language in Language]
    assert all(names == spoken[0] for names in spoken)


@pytest.mark.parametrize(("template", "language"), MAILS)
def test_a_mail_carries_a_link_exactly_if_there_is_a_life_for_it(
    template: MailTemplate, language: Language
) -> None:
    has_link = "link" in placeholders(source(template, language, "body.txt"))
    assert has_link == (template in LIFE_OF_THE_LINK_IN)


@pytest.mark.parametrize(
    ("template", "language"), [mail for mail in MAILS if mail[0] in LIFE_OF_THE_LINK_IN]
)
def test_a_mail_with_a_link_says_truly_how_long_it_works(
    template: MailTemplate, language: Language
) -> None:
    words = LIFE_IN_WORDS[LIFE_OF_THE_LINK_IN[template], language]
    assert words in source(template, language, "body.txt")
    assert words in source(template, language, "body.html").partition("$button")[2]


@pytest.mark.parametrize(("template", "language"), MAILS)
def test_the_lines_of_a_text_fit_into_a_plain_mail_window(
    template: MailTemplate, language: Language
) -> None:
    lines = source(template, language, "body.txt").splitlines()
    assert [line for line in lines if len(line) > LONGEST_LINE] == []


@pytest.mark.parametrize(("template", "language"), MAILS)
def test_no_mail_shows_an_unfilled_placeholder(template: MailTemplate, language: Language) -> None:
    rendered = render(Mail(template, "ada@example.com", language, "https://x.example/", "Ada"))
    assert "$" not in rendered.subject + rendered.text + rendered.html


def test_the_lambda_zip_has_the_mails() -> None:
    assert Path("vendor/templates").resolve() == MAILS_FOLDER.resolve()
