"""Changing the address of an account: request, confirmation, and what is not revealed."""

import pytest

from chalicelib.wiring import accounts
from infra.local.gateway import Gateway
from tests.api.conftest import ADDRESS, PASSWORD, Post, sign_in, sign_up
from tests.browser import Answer, Browser
from tests.fakes.clock import HandClock

NEW = "countess@example.com"
SENT = {"detail": "An e-mail has been sent to confirm the new address."}


def request(browser: Browser, new_email: str = NEW, password: str = PASSWORD) -> Answer:
    return browser.post("/user/email/", {"new_email": new_email, "password": password})


def confirm(browser: Browser, link: tuple[str, str]) -> Answer:
    uid, token = link
    return browser.post(f"/email_confirm/{uid}/{token}/")


def subjects(post: Post, to: str) -> list[str]:
    post.deliver()
    return [str(mail["Subject"]) for mail in post.sent() if mail["To"] == to]


def test_the_link_in_the_mail_to_the_new_address_changes_it(
    signed_in: Browser, post: Post, gateway: Gateway
) -> None:
    answer = request(signed_in)
    assert (answer.status, answer.json) == (200, SENT)
    assert signed_in.get("/user/").json["email"] == ADDRESS
    confirmed = confirm(Browser(gateway), post.link(NEW))
    assert (confirmed.status, confirmed.json) == (200, {"detail": "Your address has been changed."})
    assert signed_in.get("/user/").json["email"] == NEW, "the session stays"
    assert sign_in(Browser(gateway), NEW).status == 200
    assert sign_in(Browser(gateway), ADDRESS).status == 400


def test_the_former_address_gets_a_notice_at_the_request(signed_in: Browser, post: Post) -> None:
    request(signed_in)
    assert subjects(post, ADDRESS)[-1] == "Your account is about to get another address"
    assert subjects(post, NEW) == ["Confirm your new address"]


def test_the_link_leads_to_our_own_page_and_names_no_address(
    signed_in: Browser, post: Post
) -> None:
    request(signed_in)
    mail = post.newest(NEW)
    body = mail and mail.get_body(("plain",))
    assert body
    [link] = [line for line in body.get_content().splitlines() if line.startswith("http")]
    assert link.startswith("http://127.0.0.1:8080/#/email/")
    assert "@" not in link
    assert "countess" not in link


def test_a_link_works_once_and_for_one_hour(
    signed_in: Browser, post: Post, clock: HandClock
) -> None:
    request(signed_in)
    link = post.link(NEW)
    assert confirm(signed_in, link).status == 200
    again = confirm(signed_in, link)
    assert again.status == 400
    request(signed_in, ADDRESS)
    late = post.link(ADDRESS)
    clock.advance(hours=1)
    assert confirm(signed_in, late).body == again.body


def test_a_taken_address_is_answered_like_a_free_one_and_its_owner_is_left_alone(
    signed_in: Browser, post: Post, gateway: Gateway
) -> None:
    grace = Browser(gateway, address="192.0.2.9")
    sign_up(grace, "grace@example.com")
    uid, token = post.link("grace@example.com")
    grace.get(f"/activate/{uid}/{token}/")
    free, taken = request(signed_in), request(signed_in, "grace@example.com")
    assert (free.status, free.body) == (taken.status, taken.body)
    assert len(subjects(post, "grace@example.com")) == 1
    assert sign_in(grace, "grace@example.com").status == 200


def test_the_freed_address_can_be_used_for_a_new_account(
    signed_in: Browser, post: Post, gateway: Gateway
) -> None:
    request(signed_in)
    confirm(signed_in, post.link(NEW))
    other = Browser(gateway, address="192.0.2.9")
    assert sign_up(other).status == 201
    uid, token = post.link()
    assert other.get(f"/activate/{uid}/{token}/").status == 200
    assert sign_in(other).status == 200
    assert other.get("/user/").json["id"] != signed_in.get("/user/").json["id"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"new_email": NEW, "password": "a guess"}, "password"),
        ({"new_email": ADDRESS, "password": PASSWORD}, "new_email"),
        ({"email": ADDRESS, "current_password": PASSWORD}, "email"),
        ({"new_email": "nowhere", "password": PASSWORD}, "new_email"),
        ({"password": PASSWORD}, "new_email"),
        ({"new_email": NEW}, "password"),
    ],
)
def test_a_bad_request_names_its_field_and_mails_nothing(
    signed_in: Browser, post: Post, sent: dict[str, str], field: str
) -> None:
    before = len(post.sent())
    answer = signed_in.post("/user/email/", sent)
    assert (answer.status, list(answer.json)) == (400, [field])
    post.deliver()
    assert len(post.sent()) == before


def test_a_new_password_stops_the_change(signed_in: Browser, post: Post) -> None:
    request(signed_in)
    link = post.link(NEW)
    new = "a much better horse"
    change = {"current_password": PASSWORD, "new_password": new, "confirm_password": new}
    assert signed_in.post("/user/password/", change).status == 200
    assert confirm(signed_in, link).status == 400
    account = accounts.account_store().by_email(ADDRESS)
    assert account is not None
    assert account.new_email == "", "an address of another person, perhaps, is not kept"


def test_the_activation_is_mailed_again_and_every_address_is_answered_alike(
    browser: Browser, post: Post
) -> None:
    sign_up(browser)
    post.deliver()
    answers = [
        browser.post("/resend_activation/", {"email": email})
        for email in (ADDRESS, "unknown@example.com")
    ]
    assert [each.status for each in answers] == [200, 200]
    assert answers[0].body == answers[1].body
    assert len(subjects(post, ADDRESS)) == 2
    uid, token = post.link()
    assert browser.get(f"/activate/{uid}/{token}/").status == 200
    browser.post("/resend_activation/", {"email": ADDRESS})
    assert len(subjects(post, ADDRESS)) == 2, "an active account gets no mail"


def test_mails_with_the_activation_are_limited(browser: Browser, post: Post) -> None:
    sign_up(browser)
    answers = [browser.post("/resend_activation/", {"email": ADDRESS}) for _ in range(7)]
    assert [each.status for each in answers] == [200] * 5 + [429] * 2
    assert len(subjects(post, ADDRESS)) == 6
