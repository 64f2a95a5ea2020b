"""The page behind the links of mails of callers without a page: real mails, in a real browser."""

import re
from itertools import count

import httpx
import pytest
from playwright.sync_api import Page, Request, expect

from tests.architecture.test_page_is_translated import WEB, texts_of
from tests.integration.supervised import Run
from tests.integration.wire import mails

PASSWORD, ANOTHER = "correct horse battery", "another horse battery"
_numbers = count()


def post(run: Run, path: str, **sent: str) -> None:
    """Call as a program does, without an origin."""
    httpx.post(f"{run.api_url}/api/{path}/", json=sent, timeout=30).raise_for_status()


def link(run: Run, email: str, *, at_least: int = 1) -> str:
    text = mails(run, email, at_least=at_least)[0]
    match = re.search(rf"{run.settings.edge_url}/#/\S+", text)
    assert match, text
    return match[0]


def signed_up(run: Run) -> str:
    email = f"link{next(_numbers)}@example.com"
    post(run, "register", email=email, password=PASSWORD, confirmed_password=PASSWORD)
    return email


def member(run: Run) -> str:
    email = signed_up(run)
    uid, token = link(run, email).split("/")[-2:]
    httpx.get(f"{run.api_url}/api/activate/{uid}/{token}/", timeout=30).raise_for_status()
    return email


def sign_in(page: Page, email: str, password: str) -> None:
    expect(page.locator("#email")).to_be_focused()
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    expect(page.locator("#account")).to_have_text(email)


@pytest.mark.parametrize(
    ("origin", "page"),
    [
        ("http://127.0.0.1:5500", "http://127.0.0.1:5500/pages/auth/activate.html?uid="),
        ("http://localhost:4200", "http://localhost:4200/auth/activate.html?uid="),
        ("http://127.0.0.1:4200", "http://127.0.0.1:4200/auth/activate.html?uid="),
    ],
)
def test_each_frontend_gets_links_to_its_own_pages(running: Run, origin: str, page: str) -> None:
    email = f"link{next(_numbers)}@example.com"
    form = {"email": email, "password": PASSWORD, "confirmed_password": PASSWORD}
    url = f"{running.api_url}/api/register/"
    httpx.post(url, json=form, headers={"origin": origin}, timeout=30).raise_for_status()
    assert page in mails(running, email)[0]


def test_a_link_confirms_an_address_and_leads_to_the_form(running: Run, page: Page) -> None:
    email = signed_up(running)
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url.removeprefix(running.settings.edge_url))

    page.on("request", note)
    opened_link = link(running, email)
    page.goto(opened_link)
    heading = page.get_by_role("heading", name="Confirm your address")
    expect(heading).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("Account successfully activated.")
    token = opened_link.rpartition("/")[2]
    assert [url.partition("/")[2][:13] for url in asked if token in url] == ["api/activate/"]
    assert page.url == f"{running.settings.edge_url}/"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    sign_in(page, email, PASSWORD)


def test_a_link_that_was_used_says_so_in_the_language_of_the_browser(
    running: Run, german_page: Page
) -> None:
    opened_link = link(running, signed_up(running))
    german_page.goto(opened_link)
    expect(german_page.get_by_role("status")).to_have_text("Das Konto wurde aktiviert.")
    german_page.goto("about:blank")
    german_page.goto(opened_link)
    expect(german_page.get_by_role("heading")).to_have_text(
        texts_of(WEB / "german.js")["Confirm your address"]
    )
    expect(german_page.get_by_role("status")).to_contain_text("nicht gültig")
    german_page.get_by_role("link", name="Anmelden").click()
    expect(german_page.locator("#sign-in")).to_be_visible()


def test_a_new_password_is_chosen_with_keys_alone(running: Run, page: Page) -> None:
    email = member(running)
    post(running, "password_reset", email=email)
    page.goto(link(running, email, at_least=2))
    expect(page.get_by_role("heading", name="Choose a new password")).to_be_focused()
    for password in (ANOTHER, f"{ANOTHER}!"):
        page.keyboard.press("Tab")
        page.keyboard.type(password)
    page.keyboard.press("Enter")
    problem = page.get_by_role("alert").filter(visible=True)
    expect(problem).to_have_text("The passwords do not match.")
    page.get_by_label("New password again").fill(ANOTHER)
    page.keyboard.press("Enter")
    state = page.get_by_role("status").filter(visible=True)
    expect(state).to_have_text("Your Password has been successfully reset.")
    expect(page.get_by_label("New password", exact=True)).to_be_hidden()
    assert page.url == f"{running.settings.edge_url}/"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    sign_in(page, email, ANOTHER)


def test_a_password_form_speaks_german_and_says_that_a_link_is_not_valid(
    running: Run, german_page: Page
) -> None:
    german_page.goto(f"{running.settings.edge_url}/#/reset/7/no-token")
    german_page.get_by_label("Neues Passwort", exact=True).fill(ANOTHER)
    german_page.get_by_label("Noch einmal das neue Passwort").fill(ANOTHER)
    german_page.get_by_role("button", name="Speichern").click()
    problem = german_page.get_by_role("alert").filter(visible=True)
    expect(problem).to_contain_text("nicht gültig")
    expect(german_page.get_by_role("button", name="Speichern")).to_be_enabled()


@pytest.mark.parametrize(
    "fragment",
    [
        "activate",
        "reset/",
        "reset/7",
        "activate/7/",
        "activate/x/y",
        "reset/../login",
        "reset/7/..",
    ],
)
def test_half_a_link_asks_for_all_of_it_and_calls_nothing(
    running: Run, page: Page, fragment: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{running.settings.edge_url}/#/{fragment}")
    said = "This link is not complete. Copy all of it from the mail."
    expect(page.get_by_role("status")).to_have_text(said)
    expect(page.locator("#new-password-form")).to_be_hidden()
    assert [url for url in asked if "/api/" in url] == []


def test_a_link_can_be_tried_again_after_the_server_was_away(running: Run, page: Page) -> None:
    page.route("**/api/activate/**", lambda route: route.abort())
    page.goto(link(running, signed_up(running)))
    expect(page.get_by_role("status")).to_contain_text("The server cannot be reached.")
    page.unroute("**/api/activate/**")
    page.reload()
    expect(page.get_by_role("status")).to_have_text("Account successfully activated.")


def test_an_open_page_takes_one_link_after_another(running: Run, page: Page) -> None:
    email = signed_up(running)
    page.goto(running.settings.edge_url)
    expect(page.locator("#sign-in")).to_be_visible()
    page.goto(f"{running.settings.edge_url}/#/reset/7/no-token")
    expect(page.locator("#new-password-form")).to_be_visible()
    page.goto(link(running, email))
    expect(page.get_by_role("status")).to_have_text("Account successfully activated.")
    expect(page.locator("#new-password-form")).to_be_hidden()
    expect(page.locator("#sign-in")).to_be_hidden()


@pytest.mark.parametrize("size", [(390, 844), (1280, 720)])
def test_the_form_fits_on_a_phone_and_a_desktop(
    running: Run, page: Page, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{running.settings.edge_url}/#/reset/7/no-token")
    expect(page.get_by_role("button", name="Save")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_another_address_is_chosen_with_the_link_of_a_mail(running: Run, page: Page) -> None:
    email, new = member(running), f"link{next(_numbers)}@example.com"
    post(running, "auth/users/reset_email", email=email)
    page.goto(link(running, email, at_least=2))
    expect(page.get_by_role("heading", name="Choose another address")).to_be_focused()
    page.get_by_role("textbox", name="New address").fill("nowhere@x")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#new-email-problem")).to_have_text("Enter a valid email address.")
    page.get_by_role("textbox", name="New address").fill(new)
    page.get_by_role("button", name="Save").click()
    said = "Open the link in the mail to the new address."
    expect(page.locator("#link-state")).to_have_text(said)
    assert "/#/email/" in link(running, new)
