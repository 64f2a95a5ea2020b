"""The links of a mail, by dialect and calling page, and the table of the settings they are in."""

from dataclasses import replace

import pytest

from chalicelib.mail_links import (
    DIALECTS,
    BadMailLinks,
    MailLinks,
    MailLinkTable,
    require_link,
    rows_of,
)

BOTH = "/{uid}/{token}"
SITE, PAGE, OTHER = "https://film.example", "https://app.example", "https://other.example"
OFFICIAL = MailLinks("https://app.example/a?{uid}&{token}", "https://app.example/r?{uid}&{token}")
OWN = MailLinks(
    f"{SITE}/#/activate/{{uid}}/{{token}}",
    f"{SITE}/#/reset/{{uid}}/{{token}}",
    f"{SITE}/#/reset-email/{{uid}}/{{token}}",
)
LINKS = "/a/{uid}/{token} /r?code={uid}~{token}"


def table(text: str = "", official: MailLinks = OFFICIAL) -> MailLinkTable:
    return MailLinkTable.parse(text, page_url=SITE, official=official)


@pytest.mark.parametrize("dialect", [*DIALECTS, "another"])
@pytest.mark.parametrize("origin", ["", SITE])
def test_without_an_allowed_page_and_on_our_own_the_links_lead_to_our_own(
    dialect: str, origin: str
) -> None:
    assert table(f"djoser * {LINKS}").links(dialect, origin) == OWN


def test_the_official_links_are_those_of_every_page_of_its_dialects_without_a_row() -> None:
    written = table(f"official {OTHER} {LINKS}")
    for dialect in ("official", "prefixed"):
        assert written.links(dialect, PAGE) == replace(OFFICIAL, new_email=OWN.new_email)
    assert written.links("official", OTHER) == MailLinks(
        f"{OTHER}/a/{{uid}}/{{token}}", f"{OTHER}/r?code={{uid}}~{{token}}", OWN.new_email
    )
    assert written.links("prefixed", OTHER).reset == OFFICIAL.reset


@pytest.mark.parametrize("dialect", ["authemail", "djoser", "another"])
def test_a_page_that_the_table_does_not_name_gets_links_to_our_own(dialect: str) -> None:
    assert table(f"authemail,djoser {OTHER} {LINKS}").links(dialect, PAGE) == OWN


def test_without_official_links_its_pages_get_links_to_our_own() -> None:
    assert table(official=MailLinks("", "")).links("official", PAGE) == OWN
    half = table(official=MailLinks(OFFICIAL.activation, "")).links("official", PAGE)
    assert half == MailLinks(OFFICIAL.activation, OWN.reset, OWN.new_email)


def test_a_row_may_name_dialects_origins_and_whole_urls() -> None:
    text = f"""
        authemail,djoser  {PAGE},{OTHER}  /a;b/{{uid}}/{{token}}  app://reset/{{uid}}/{{token}};
        djoser  *  {LINKS} ;
    """
    written = table(text)
    for dialect in ("authemail", "djoser"):
        for origin in (PAGE, OTHER):
            links = written.links(dialect, origin)
            assert links.activation == f"{origin}/a;b/{{uid}}/{{token}}"
            assert links.reset == "app://reset/{uid}/{token}"
    assert written.links("djoser", "null").activation == "null/a/{uid}/{token}"
    assert written.links("authemail", "https://third.example") == OWN
    assert len(rows_of(text)) == 5


@pytest.mark.parametrize(("column", "link"), [("/e/{uid}/{token}", f"{OTHER}/e/{{uid}}/{{token}}"),
                                              ("", OWN.new_email)])  # fmt: skip
def test_a_fifth_column_is_the_link_to_choose_another_address(column: str, link: str) -> None:
    links = table(f"djoser {OTHER} {LINKS} {column}").links("djoser", OTHER)
    assert links.new_email == link


@pytest.mark.parametrize("text", ["", "  ", ";", " ; \n; "])
def test_a_table_may_be_empty(text: str) -> None:
    assert rows_of(text) == {}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (f"djoser {PAGE} /a/{{uid}}/{{token}}", "^row 1: write dialects, origins, activation"),
        (f"djoser {PAGE} {LINKS} more", "^row 1: must hold"),
        (f"djoser {PAGE} {LINKS} {BOTH} more", "^row 1: write dialects"),
        (f"djoser {PAGE} {LINKS}; simplejwt {PAGE} {LINKS}", "^row 2: simplejwt is none of off"),
        (f"djoser, {PAGE} {LINKS}", "^row 1:  is none of"),
        (f"djoser app.example {LINKS}", "^row 1: app.example is neither"),
        (f"djoser {PAGE}/ {LINKS}", "^row 1: https://app.example/ is neither"),
        (f"djoser {PAGE}, {LINKS}", "^row 1:  is neither"),
        (f"djoser null {LINKS}", "^row 1: null is neither"),
        (f"djoser {PAGE} a{BOTH} /r{BOTH}", "^row 1: a/.* is neither a URL"),
        (f"djoser {PAGE} /a/{{uid}} /r/{{uid}}/{{token}}", "^row 1: must hold {uid} and {token}"),
        (f"djoser {PAGE} /a{BOTH} /r{BOTH}/{{x}}", "^row 1: must hold"),
        (f"djoser * {LINKS}; djoser {PAGE},* {LINKS}", r"^row 2: djoser \* has a row"),
    ],
)  # fmt: skip
def test_a_row_that_would_lead_nowhere_is_named(text: str, problem: str) -> None:
    with pytest.raises(BadMailLinks, match=problem):
        rows_of(text)


def test_a_link_holds_uid_and_token_once() -> None:
    assert require_link("{token}{uid}{{}}") == "{token}{uid}{{}}"
    for wrong in ("", "{uid}", "{uid}{token}{token}", "{uid}{token}{}", "{uid.x}{token}", "{"):
        with pytest.raises(BadMailLinks):
            require_link(wrong)


def test_a_request_that_names_no_page_gets_the_activation_link_of_the_first_one() -> None:
    written = table(f"djoser * {LINKS}; djoser {OTHER},{PAGE} {LINKS}")
    assert written.activation_url("djoser", uid="1", token="a.b") == f"{OTHER}/a/1/a.b"
    assert written.activation_url("official", uid="1", token="a.b") == f"{SITE}/#/activate/1/a.b"


def test_an_activation_link_holds_no_more_than_uid_and_token() -> None:
    url = table().activation_url("djoser", uid="1/2?x", token="{uid}#\r\n")
    assert url == f"{SITE}/#/activate/1%2F2%3Fx/%7Buid%7D%23%0D%0A"
