"""The whole story of an account, over real HTTP, through the real queue, on the emulator."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count

import pytest

from tests.browser import Browser
from tests.integration.supervised import Run
from tests.integration.wire import Mailbox, Wire, link, mails, wait_for_empty_queue

PASSWORD = "correct horse battery"
NEW = "a much better horse"
_numbers = count()


@pytest.fixture
def email() -> str:
    return f"viewer{next(_numbers)}@example.com"


@pytest.fixture
def mailbox(running: Run) -> Mailbox:
    return running


@pytest.fixture
def browser(running: Run) -> Browser:
    return Browser(Wire(running))


def register(browser: Browser, email: str, password: str = PASSWORD) -> int:
    sent = {"email": email, "password": password, "confirmed_password": password}
    return browser.post("/register/", sent).status


def sign_in(browser: Browser, email: str, password: str = PASSWORD) -> int:
    return browser.post("/login/", {"email": email, "password": password}).status


@pytest.fixture
def signed_in(browser: Browser, mailbox: Mailbox, email: str) -> Browser:
    register(browser, email)
    uid, token = link(mails(mailbox, email)[0])
    browser.get(f"/activate/{uid}/{token}/")
    assert sign_in(browser, email) == 200
    return browser


def test_from_signing_up_to_signing_out(browser: Browser, mailbox: Mailbox, email: str) -> None:
    assert register(browser, email) == 201
    uid, token = link(mails(mailbox, email)[0])
    assert browser.get(f"/activate/{uid}/{token}/").status == 200
    assert sign_in(browser, email) == 200
    first = browser.cookies["refresh_token"]
    assert browser.post("/token/refresh/").status == 200
    assert browser.post("/token/refresh/").status == 200
    thief = Browser(browser.server, cookies={"refresh_token": first})
    assert thief.post("/token/refresh/").status == 401
    assert browser.post("/token/refresh/").status == 401
    assert sign_in(browser, email) == 200
    assert browser.get("/user/").json["email"] == email
    assert browser.post("/logout/").status == 200
    assert browser.get("/user/").status == 401


def test_a_mail_is_read_with_plain_line_ends(
    browser: Browser, mailbox: Mailbox, email: str
) -> None:
    register(browser, email)
    assert "\r" not in mails(mailbox, email)[0]


def test_a_forgotten_password(signed_in: Browser, mailbox: Mailbox, email: str) -> None:
    signed_in.post("/password_reset/", {"email": email})
    uid, token = link(mails(mailbox, email, at_least=2)[0])
    sent = {"new_password": NEW, "confirm_password": NEW}
    other = Browser(signed_in.server)
    assert other.post(f"/password_confirm/{uid}/{token}/", sent).status == 200
    assert sign_in(other, email) == 400
    assert sign_in(other, email, NEW) == 200
    assert signed_in.post("/token/refresh/").status == 401
    assert len(mails(mailbox, email, at_least=3)) == 3


def test_an_account_from_profile_to_deletion(signed_in: Browser, email: str) -> None:
    issued = signed_in.post("/user/tokens/", {"label": "backup", "password": PASSWORD})
    program = Browser(signed_in.server, headers={"authorization": f"Token {issued.json['token']}"})
    assert program.patch("/user/", {"first_name": "Ada"}).json["first_name"] == "Ada"
    assert len(signed_in.get("/user/sessions/").json) == 2
    changed = {"current_password": PASSWORD, "new_password": NEW, "confirm_password": NEW}
    assert signed_in.post("/user/password/", changed).status == 200
    assert program.get("/user/").status == 401
    assert signed_in.delete("/user/", {"password": NEW}).status == 200
    assert sign_in(signed_in, email, NEW) == 400


def test_the_administrator_of_the_settings_blocks_an_account(
    signed_in: Browser, running: Run, email: str
) -> None:
    admin = Browser(Wire(running))
    settings = running.settings
    assert sign_in(admin, settings.administrator_email, settings.administrator_password) == 200
    (listed,) = admin.get(f"/admin/accounts/?email={email}").json["results"]
    assert listed["id"] in {each["id"] for each in admin.get("/admin/accounts/").json["results"]}
    path = f"/admin/accounts/{listed['id']}/"
    assert admin.patch(path, {"is_active": False}).status == 200
    assert signed_in.get("/user/").status == 401
    assert signed_in.post("/token/refresh/").status == 401
    assert sign_in(signed_in, email) == 400


def test_twenty_refreshes_racing_on_one_token_end_no_session(signed_in: Browser) -> None:
    token = signed_in.cookies["refresh_token"]

    def refresh(_: int) -> tuple[int, str | None]:
        tab = Browser(signed_in.server, cookies={"refresh_token": token})
        return tab.post("/token/refresh/").status, tab.cookies.get("refresh_token")

    with ThreadPoolExecutor(20) as pool:
        ((status, successor),) = set(pool.map(refresh, range(20)))
    assert status == 200
    signed_in.cookies["refresh_token"] = successor or ""
    assert signed_in.post("/token/refresh/").status == 200


def test_racing_registrations_make_one_account(browser: Browser, running: Run, email: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(lambda _: register(Browser(Wire(running)), email), range(6)))
    assert statuses == [201] * 6
    wait_for_empty_queue(running)
    # Those without room got a link for choosing a password instead.
    activation = next(mail for mail in mails(running, email) if "activate.html" in mail)
    uid, token = link(activation)
    assert browser.get(f"/activate/{uid}/{token}/").status == 200
    assert sign_in(browser, email) == 200
    admin = Browser(Wire(running))
    sign_in(admin, running.settings.administrator_email, running.settings.administrator_password)
    listed = admin.get("/admin/accounts/?limit=200").json["results"]
    assert [account["email"] for account in listed].count(email) == 1


@contextmanager
def outage_of_ses(run: Run) -> Iterator[None]:
    sender = "noreply@videoflix.test"
    # The emulator keeps identities once per version of the API; a mail needs one of them.
    run.client("sesv2").delete_email_identity(EmailIdentity=sender)
    run.client("ses").delete_identity(Identity=sender)
    try:
        yield
    finally:
        run.client("ses").verify_email_identity(EmailAddress=sender)


def test_an_outage_of_ses_delays_a_mail_and_no_registration(
    browser: Browser, running: Run, email: str
) -> None:
    failures = running.output.count("mail not sent")
    with outage_of_ses(running):
        assert register(browser, email) == 201
        running.wait_for("mail not sent", times=failures + 1)
    uid, token = link(mails(running, email)[0])
    assert browser.get(f"/activate/{uid}/{token}/").status == 200


def test_the_output_of_a_run_tells_no_secret(signed_in: Browser, running: Run, email: str) -> None:
    signed_in.get("/user/")
    text = mails(running, email)[0]
    secrets = [PASSWORD, *signed_in.cookies.values(), link(text)[1]]
    assert [secret for secret in secrets if secret in running.output] == []
