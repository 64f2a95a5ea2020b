"""Unconfirmed addresses: nothing about them is revealed, and only the owner can use them."""

import re
from collections import Counter
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from chalicelib.accounts.links import Purpose, state_of
from chalicelib.accounts.model import MOST_LATER_SIGN_UPS
from chalicelib.accounts.registration import PENDING_LIFE
from chalicelib.wiring import accounts
from infra.local.gateway import Gateway
from tests.api.conftest import ADDRESS, PASSWORD, Post, sign_in, sign_up
from tests.browser import Answer, Browser
from tests.fakes.clock import HandClock

OWNER_PASSWORD = "the owner's own horse"
OTHER_PASSWORD = "a horse of another owner"
FREE = "free@example.com"
FIRST_SENTENCE = {
    "en": "Someone signed up with this address before; if that was you, use the first mail.",
    "de": "Jemand hat sich mit dieser Adresse schon einmal registriert; wenn du das warst, "
    "benutze die erste E-Mail.",
}

Link = tuple[str, str]


def other_browser(gateway: Gateway, number: int = 1) -> Browser:
    return Browser(gateway, address=f"203.0.113.{number}")


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


def mails(post: Post, to: str = ADDRESS) -> list[EmailMessage]:
    post.deliver()
    return [mail for mail in post.sent() if mail["To"] == to]


def link_in(mail: EmailMessage) -> Link:
    match = re.search(r"uid=([\w.~-]+)&token=([\w.~-]+)", text_of(mail))
    assert match
    return match[1], match[2]


def activate(browser: Browser, link: Link) -> int:
    return browser.get(f"/activate/{link[0]}/{link[1]}/").status


def choose(browser: Browser, link: Link, password: str) -> int:
    sent = {"new_password": password, "confirm_password": password}
    return browser.post(f"/password_confirm/{link[0]}/{link[1]}/", sent).status


def seen(answer: Answer) -> Any:
    own = {"x-request-id", "date", "content-length"}
    headers = {name: value for name, value in answer.headers.items() if name not in own}
    return answer.status, answer.body, headers, answer.set_cookies


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the requests of botocore and the hashed passwords, which determine the time."""
    from botocore.client import BaseClient

    from chalicelib.adapters.passwords import PasslibHasher

    counted: Counter[str] = Counter()
    make, verify = BaseClient._make_api_call, PasslibHasher.verify  # type: ignore[attr-defined]

    def counting(client: Any, operation: str, kwargs: Any) -> Any:
        counted[operation] += 1
        return make(client, operation, kwargs)

    def verifying(hasher: PasslibHasher, password: str, hashed: str | None) -> bool:
        counted["verify"] += 1
        return verify(hasher, password, hashed)

    monkeypatch.setattr(BaseClient, "_make_api_call", counting)
    monkeypatch.setattr(PasslibHasher, "verify", verifying)
    return counted


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize("password", [OTHER_PASSWORD, "a wrong guess"])
def test_signing_in_after_signing_up_does_not_reveal_whether_the_address_was_free(
    gateway: Gateway, calls: Counter[str], password: str
) -> None:
    answers, spent = [], []
    for number, email in enumerate((ADDRESS, FREE)):
        probe = other_browser(gateway, number)
        assert sign_up(probe, email, OTHER_PASSWORD).status == 201
        for _ in range(5):  # also once no more hints are sent
            calls.clear()
            answers.append(seen(sign_in(probe, email, password)))
            spent.append((email, dict(calls)))
    assert all(each == answers[0] for each in answers)
    assert answers[0][0] == 400
    taken, free = ([cost for to, cost in spent if to == email] for email in (ADDRESS, FREE))
    assert taken == free
    assert all(cost["verify"] == 1 for cost in taken)


def test_several_sign_ups_with_one_address_do_not_slow_down_a_sign_in(
    browser: Browser, gateway: Gateway, calls: Counter[str]
) -> None:
    for number in range(3):
        sign_up(other_browser(gateway, number), ADDRESS, f"{OTHER_PASSWORD} {number}")
    calls.clear()
    sign_in(browser)
    assert calls["verify"] == 1


def test_no_endpoint_reveals_whether_an_address_is_taken(member: Browser, gateway: Gateway) -> None:
    answers: list[list[Any]] = []
    for number, email in enumerate((ADDRESS, FREE)):
        probe = other_browser(gateway, number)
        signed_up = sign_up(probe, email, OTHER_PASSWORD)
        again = sign_up(probe, email, OWNER_PASSWORD)
        body = signed_up.json | {"user": {**signed_up.json["user"], "id": 0, "email": ""}}
        uid = signed_up.json["user"]["id"]
        rest = [
            probe.post("/password_reset/", {"email": email}),
            probe.get(f"/activate/{uid}/x.y.z/"),
            probe.post(f"/password_confirm/{uid}/x.y.z/", {"password": OWNER_PASSWORD}),
            sign_in(probe, email, OTHER_PASSWORD),
            sign_in(probe, email, OWNER_PASSWORD),
        ]
        answers.append([body, signed_up.status, again.status, *map(seen, rest)])
    assert answers[0] == answers[1]
    assert sign_in(member).status == 200


def test_the_hint_to_confirm_the_address_goes_by_mail(browser: Browser, post: Post) -> None:
    sign_up(browser)
    sign_in(browser)
    first, again = mails(post)
    assert "Confirm my address" in text_of(again)
    assert activate(browser, link_in(again)) == 200
    assert sign_in(browser).status == 200
    assert activate(browser, link_in(first)) == 400


def test_a_hint_after_a_wrong_password_lets_the_reader_choose_one(
    browser: Browser, post: Post
) -> None:
    sign_up(browser)
    sign_in(browser, password="not the one")
    assert choose(browser, link_in(mails(post)[-1]), OWNER_PASSWORD) == 200
    assert sign_in(browser, password=OWNER_PASSWORD).status == 200


def test_hints_are_limited_and_for_pending_accounts_only(
    member: Browser, gateway: Gateway, post: Post
) -> None:
    sign_up(member, FREE)
    for number in range(8):
        for email in (ADDRESS, FREE, "unknown@example.com"):
            sign_in(other_browser(gateway, number), email, "a wrong guess")
    assert len(mails(post, FREE)) == 1 + 3
    assert len(mails(post)) == 1, "the link that Ada confirmed with"
    assert mails(post, "unknown@example.com") == []


def test_a_later_sign_up_keeps_earlier_links_and_each_link_has_its_own_password(
    gateway: Gateway, post: Post
) -> None:
    sign_up(other_browser(gateway), password=OTHER_PASSWORD)
    sign_up(Browser(gateway), password=OWNER_PASSWORD)
    other_link, of_owner = map(link_in, mails(post))
    assert activate(Browser(gateway), of_owner) == 200
    assert sign_in(Browser(gateway), password=OWNER_PASSWORD).status == 200
    assert sign_in(other_browser(gateway), password=OTHER_PASSWORD).status == 400
    assert activate(other_browser(gateway), other_link) == 400, "used up by the other"


def test_the_first_link_outlives_later_sign_ups(gateway: Gateway, post: Post) -> None:
    sign_up(Browser(gateway), password=OWNER_PASSWORD)
    for number in range(MOST_LATER_SIGN_UPS + 3):
        sign_up(other_browser(gateway, number), password=OTHER_PASSWORD)
    assert activate(Browser(gateway), link_in(mails(post)[0])) == 200
    assert sign_in(Browser(gateway), password=OWNER_PASSWORD).status == 200
    assert sign_in(other_browser(gateway), password=OTHER_PASSWORD).status == 400


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_mail_of_a_later_sign_up_mentions_the_first(
    gateway: Gateway, post: Post, language: str
) -> None:
    browser = Browser(gateway, language=language)
    for number in range(MOST_LATER_SIGN_UPS + 2):
        sign_up(browser, password=f"{OWNER_PASSWORD} {number}")
    first, *later = map(text_of, mails(post))
    assert FIRST_SENTENCE[language] not in first
    assert len(later) == MOST_LATER_SIGN_UPS + 1
    assert all(each.startswith(FIRST_SENTENCE[language]) for each in later)


def test_the_number_of_sign_ups_with_one_address_is_limited(gateway: Gateway) -> None:
    for number in range(MOST_LATER_SIGN_UPS + 5):
        sign_up(other_browser(gateway, number), password=f"{OTHER_PASSWORD} {number}")
    account = accounts.account_store().by_email(ADDRESS)
    assert account is not None
    assert len(account.later_sign_ups) == MOST_LATER_SIGN_UPS


def test_passwords_of_expired_sign_ups_make_room(
    gateway: Gateway, post: Post, clock: HandClock
) -> None:
    for number in range(MOST_LATER_SIGN_UPS + 1):
        sign_up(other_browser(gateway, number), password=OTHER_PASSWORD)
    clock.advance(days=3)
    sign_up(other_browser(gateway))  # keeps the address pending
    clock.advance(days=2)
    sign_up(Browser(gateway), password=OWNER_PASSWORD)
    assert activate(Browser(gateway), link_in(mails(post)[-1])) == 200
    assert sign_in(Browser(gateway), password=OWNER_PASSWORD).status == 200


def test_sign_ups_of_others_do_not_prevent_the_owner_from_registering(
    gateway: Gateway, post: Post
) -> None:
    for number in range(30):
        assert sign_up(other_browser(gateway, number), password=OTHER_PASSWORD).status == 201
    owner = Browser(gateway)
    assert sign_up(owner, password=OWNER_PASSWORD).status == 201
    got = mails(post)
    assert len(got) == 10, "a mailbox is not flooded"
    assert choose(owner, link_in(got[-1]), OWNER_PASSWORD) == 200
    assert sign_in(owner, password=OWNER_PASSWORD).status == 200
    assert sign_in(other_browser(gateway), password=OTHER_PASSWORD).status == 400


def test_the_password_of_a_pending_account_can_be_reset(gateway: Gateway, post: Post) -> None:
    for number in range(12):
        sign_up(other_browser(gateway, number), password=OTHER_PASSWORD)
    owner = Browser(gateway)
    owner.post("/password_reset/", {"email": ADDRESS})
    assert choose(owner, link_in(mails(post)[-1]), OWNER_PASSWORD) == 200
    assert sign_in(owner, password=OWNER_PASSWORD).status == 200


def test_a_link_that_confirms_and_chooses_works_once_and_outlives_later_sign_ups(
    gateway: Gateway, post: Post
) -> None:
    owner = Browser(gateway)
    sign_up(owner)
    owner.post("/password_reset/", {"email": ADDRESS})
    link = link_in(mails(post)[-1])
    for number in range(6):
        sign_up(other_browser(gateway, number), password=OTHER_PASSWORD)
    assert choose(owner, link, OWNER_PASSWORD) == 200
    assert choose(owner, link, OTHER_PASSWORD) == 400
    assert [activate(owner, link_in(mail)) for mail in mails(post)[:1]] == [400]


def test_links_and_accounts_of_earlier_versions_still_work(
    gateway: Gateway, post: Post, clock: HandClock
) -> None:
    """As version 05d38aa wrote them: no list of sign-ups, and a link to the first."""
    sign_up(Browser(gateway), password=OWNER_PASSWORD)
    (mail,) = mails(post)
    account = accounts.account_store().by_email(ADDRESS)
    assert account is not None
    assert account.later_sign_ups == ()
    claims = {"sub": str(account.id), "state": state_of(account)}
    ends = clock.now() + timedelta(days=3)
    old = accounts.signer().sign(Purpose.ACTIVATION.value, claims, expires_at=ends)
    sign_up(other_browser(gateway), password=OTHER_PASSWORD)
    assert activate(Browser(gateway), (str(account.id), old)) == 200
    assert sign_in(Browser(gateway), password=OWNER_PASSWORD).status == 200
    assert activate(Browser(gateway), link_in(mail)) == 400


def test_a_pending_account_ends_with_its_last_sign_up(gateway: Gateway, clock: HandClock) -> None:
    sign_up(Browser(gateway))
    clock.advance(days=2)
    sign_up(other_browser(gateway), password=PASSWORD)
    clock.advance(seconds=PENDING_LIFE.total_seconds() - 1)
    assert accounts.account_store().by_email(ADDRESS) is not None
    clock.advance(seconds=1)
    assert accounts.account_store().by_email(ADDRESS) is None
