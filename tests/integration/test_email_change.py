"""The address of an account is changed by the link of a mail, from `make run` to the page."""

import re

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from tests.api.conftest import PASSWORD, sign_in, sign_up
from tests.browser import Browser
from tests.integration.supervised import Run
from tests.integration.wire import Wire, link, mails

FORMER, NEW = "moving@example.com", "moved@example.com"


def test_the_link_in_the_mail_opens_our_page_which_confirms(
    running: Run, chromium: Chromium
) -> None:
    browser = Browser(Wire(running))
    sign_up(browser, FORMER)
    uid, token = link(mails(running, FORMER)[0])
    assert browser.get(f"/activate/{uid}/{token}/").status == 200
    assert sign_in(browser, FORMER).status == 200
    sent = {"new_email": NEW, "password": PASSWORD}
    assert browser.post("/user/email/", sent).status == 200
    assert "another address" in mails(running, FORMER, at_least=2)[0]
    [url] = re.findall(r"^http\S+$", mails(running, NEW)[0], re.MULTILINE)
    assert url.startswith(f"{running.settings.edge_url}/#/email/")
    page = chromium.new_page()
    page.goto(url)
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("#email-state")).to_have_text("Your address has been changed.")
    page.get_by_role("button", name="Close").click()
    page.fill("#email", NEW)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    expect(page.locator("#account")).to_have_text(NEW)
    page.close()
    assert browser.get("/user/").json["email"] == NEW
