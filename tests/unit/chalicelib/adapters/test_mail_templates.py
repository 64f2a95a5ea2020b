"""A mail becomes a subject, a text and a page that say the same."""

import sys
from dataclasses import replace
from subprocess import run

import pytest

from chalicelib.accounts.mail import Mail, MailTemplate
from chalicelib.adapters.mail_templates import render
from chalicelib.language import Language

MAIL = Mail(
    MailTemplate.ACTIVATION,
    to="ada@example.com",
    language=Language.ENGLISH,
    link="https://videoflix.example/activate?uid=7&token=abc",
    name="Ada",
)


def test_a_mail_greets_by_name_in_both_parts() -> None:
    rendered = render(MAIL)
    assert rendered.text.startswith("Hi Ada,\n")
    assert "<p>Hi Ada,</p>" in rendered.html


def test_a_mail_to_an_account_without_a_name_still_greets() -> None:
    rendered = render(replace(MAIL, name=" "))
    assert rendered.text.startswith("Hi,\n")
    assert "<p>Hi,</p>" in rendered.html


def test_a_mail_speaks_the_language_of_its_reader() -> None:
    rendered = render(replace(MAIL, template=MailTemplate.PASSWORD_RESET, language=Language.GERMAN))
    assert rendered.subject == "Wähle ein neues Passwort"
    assert rendered.text.startswith("Hallo Ada,\n")
    assert '<html lang="de"' in rendered.html


def test_the_link_stands_alone_on_its_line_so_that_no_client_breaks_it() -> None:
    assert MAIL.link in render(MAIL).text.splitlines()


def test_the_page_leads_to_the_link_and_also_writes_it_out() -> None:
    escaped = MAIL.link.replace("&", "&amp;")
    page = render(MAIL).html
    assert page.count(f'href="{escaped}"') == 2
    assert page.count(f">{escaped}<") == 1


def test_the_subject_is_also_the_heading_of_the_page() -> None:
    rendered = render(MAIL)
    assert f"<title>{rendered.subject}</title>" in rendered.html
    assert f">{rendered.subject}</h1>" in rendered.html


def test_the_preview_is_for_the_list_of_mails_and_not_part_of_the_content() -> None:
    page = render(MAIL).html
    assert page.count("One click, and your account is ready.") == 1
    assert "preview:" not in page
    assert "action:" not in page


def test_a_mail_without_a_link_has_no_button() -> None:
    page = render(replace(MAIL, template=MailTemplate.PASSWORD_CHANGED, link="")).html
    assert "<a href" not in page


def test_values_are_text_to_a_browser_whatever_they_contain() -> None:
    hostile = replace(MAIL, to='"<b>"@example.com', link='https://x/"><script>', name="O'Neil & Co")
    page = render(hostile).html
    assert "&quot;&lt;b&gt;&quot;@example.com" in page
    assert 'href="https://x/&quot;&gt;&lt;script&gt;"' in page
    assert "Hi O&#x27;Neil &amp; Co," in page


def test_the_text_part_is_not_escaped() -> None:
    rendered = render(replace(MAIL, name="O'Neil & Co"))
    assert rendered.text.startswith("Hi O'Neil & Co,\n")


def test_a_dollar_sign_in_a_value_is_only_a_dollar_sign() -> None:
    rendered = render(replace(MAIL, name="$link", link="https://x/$to"))
    assert rendered.text.startswith("Hi $link,\n")
    assert "<p>Hi $link,</p>" in rendered.html
    assert 'href="https://x/$to"' in rendered.html


@pytest.mark.parametrize(
    "name", ["Ada Lovelace", "J. R. R. Tolkien", "Ngũgĩ wa Thiong'o", "Jean-Luc", "李小龍"]
)
def test_names_of_people_are_greeted(name: str) -> None:
    assert render(replace(MAIL, name=name)).text.startswith(f"Hi {name},\n")


@pytest.mark.parametrize(
    "name",
    [
        "win at evil.example",
        "https://evil",
        "eve@evil",
        "call 0900",
        "<b>",
        "Ada\u202eadA",
        "A" * 41,
    ],
)
def test_a_name_that_could_advertise_is_left_out(name: str) -> None:
    assert render(replace(MAIL, name=name)).text.startswith("Hi,\n")


def test_a_name_over_two_lines_is_greeted_on_one() -> None:
    assert render(replace(MAIL, name="Ada\r\nLovelace")).text.startswith("Hi Ada Lovelace,\n")


def test_importing_the_module_neither_reads_a_file_nor_loads_the_table_of_html_entities() -> None:
    seen = (
        "import sys; from chalicelib.adapters import mail_templates;"
        "sys.exit('html' in sys.modules or mail_templates._template.cache_info().misses)"
    )
    program = [sys.executable, "-c", seen]
    assert run(program, check=False).returncode == 0
