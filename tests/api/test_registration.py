"""Registration over HTTP: sign up, and confirm the address."""

import pytest

from chalicelib.wiring import accounts
from infra.local.gateway import Gateway
from tests.api.conftest import ADDRESS, PASSWORD, Post, sign_in, sign_up
from tests.browser import Browser
from tests.fakes.clock import HandClock


def test_signing_up_answers_as_the_official_client_expects(browser: Browser) -> None:
    answer = sign_up(browser)
    assert answer.status == 201
    assert answer.json["user"]["email"] == ADDRESS
    assert isinstance(answer.json["user"]["id"], int)


def test_the_link_in_the_mail_activates_the_account(browser: Browser, post: Post) -> None:
    sign_up(browser)
    uid, token = post.link()
    answer = browser.get(f"/activate/{uid}/{token}/")
    assert (answer.status, answer.json) == (
        200,
        {
            "message": "Account successfully activated.",
            "detail": "Account successfully activated.",
        },
    )
    assert sign_in(browser).status == 200


def test_the_token_in_the_answer_activates_nothing(browser: Browser) -> None:
    answer = sign_up(browser).json
    activation = browser.get(f"/activate/{answer['user']['id']}/{answer['token']}/")
    assert activation.status == 400


def test_the_token_in_the_answer_resets_no_password(browser: Browser) -> None:
    answer = sign_up(browser).json
    new = {"new_password": "another horse", "confirm_password": "another horse"}
    reset = browser.post(f"/password_confirm/{answer['user']['id']}/{answer['token']}/", new)
    assert reset.status == 400


def test_an_activation_link_works_once(browser: Browser, post: Post) -> None:
    sign_up(browser)
    uid, token = post.link()
    first = browser.get(f"/activate/{uid}/{token}/")
    second = browser.get(f"/activate/{uid}/{token}/")
    assert (first.status, second.status) == (200, 400)


def test_an_activation_link_is_good_for_three_days(
    browser: Browser, post: Post, clock: HandClock
) -> None:
    sign_up(browser)
    uid, token = post.link()
    clock.advance(days=3, seconds=1)
    assert browser.get(f"/activate/{uid}/{token}/").status == 400


def test_an_activation_link_resets_no_password(browser: Browser, post: Post) -> None:
    sign_up(browser)
    uid, token = post.link()
    new = {"new_password": "another horse", "confirm_password": "another horse"}
    assert browser.post(f"/password_confirm/{uid}/{token}/", new).status == 400


def test_a_token_does_not_fit_the_uid_of_another_account(browser: Browser, post: Post) -> None:
    sign_up(browser)
    sign_up(browser, "eve@example.com")
    uid, _ = post.link(ADDRESS)
    _, token = post.link("eve@example.com")
    assert browser.get(f"/activate/{uid}/{token}/").status == 400


def test_a_known_address_gets_the_same_answer_but_another_mail(member: Browser, post: Post) -> None:
    known = sign_up(member)
    unknown = sign_up(member, "new@example.com")
    mail = post.newest()
    assert known.status == unknown.status == 201
    assert known.json.keys() == unknown.json.keys()
    assert mail is not None
    assert "activate.html" not in mail.as_string()


def test_the_answer_for_a_known_address_does_not_contain_its_id(member: Browser) -> None:
    known_id = sign_in(member).json["user"]["id"]
    assert sign_up(member).json["user"]["id"] != known_id


def test_signing_up_again_does_not_change_an_active_account(member: Browser, post: Post) -> None:
    sign_up(member, password="a horse of another owner")
    post.deliver()
    assert sign_in(member, password="a horse of another owner").status == 400
    assert sign_in(member).status == 200


@pytest.mark.parametrize(
    "look_alike",
    [
        "ADA@Example.COM",
        "\uff41\uff44\uff41@example.com",
        " ada@example.com ",
        "ada\uff20example.com",
    ],
)
def test_an_address_in_another_spelling_is_the_same_account(
    member: Browser, look_alike: str
) -> None:
    sign_up(member, look_alike)
    assert [account.email for account in accounts.administration().newest(limit=10)] == [ADDRESS]
    assert sign_in(member, look_alike).status == 200


def test_signing_up_again_before_confirming_adds_a_password_with_a_link_of_its_own(
    browser: Browser, post: Post
) -> None:
    sign_up(browser, password="the first password")
    first = post.link()
    sign_up(browser, password="the second password")
    second = post.link()
    assert browser.get(f"/activate/{second[0]}/{second[1]}/").status == 200
    assert browser.get(f"/activate/{first[0]}/{first[1]}/").status == 400, "used up by the other"
    assert sign_in(browser, password="the first password").status == 400
    assert sign_in(browser, password="the second password").status == 200


def test_an_unconfirmed_address_becomes_free_again(
    browser: Browser, post: Post, clock: HandClock
) -> None:
    first = sign_up(browser).json["user"]["id"]
    clock.advance(days=5)
    again = sign_up(browser).json["user"]["id"]
    assert post.link()[0] == str(again) != str(first)


def test_a_pending_account_cannot_sign_in(browser: Browser) -> None:
    sign_up(browser)
    answer = sign_in(browser)
    assert answer.status == 400
    assert answer.json == {"detail": "Unable to sign in with these credentials."}


def test_a_refused_sign_in_does_not_reveal_a_pending_account(browser: Browser) -> None:
    sign_up(browser)
    wrong = sign_in(browser, password="not the password")
    unknown = sign_in(browser, "unknown@example.com")
    assert (wrong.status, wrong.json) == (unknown.status, unknown.json)


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("1", "Use at least 8 characters."),
        ("password123", "This password is too common."),
        ("PASSWORD123", "This password is too common."),
        ("48151623428151", "Do not use digits only."),
        ("zzzzzzzzzzzzzz", "Use more than one character."),
        (ADDRESS, "Use something other than your e-mail address."),
    ],
)
def test_a_weak_password_is_refused(browser: Browser, password: str, complaint: str) -> None:
    answer = sign_up(browser, password=password)
    assert answer.status == 400
    assert complaint in answer.json["password"]


@pytest.mark.parametrize("name", ["confirmed_password", "password_confirm", "re_password"])
def test_every_spelling_of_the_repeated_password_is_read(browser: Browser, name: str) -> None:
    sent = {"email": ADDRESS, "password": PASSWORD}
    assert browser.post("/register/", {**sent, name: PASSWORD}).status == 201
    assert browser.post("/register/", {**sent, name: "different"}).json == {
        name: ["The passwords do not match."]
    }


def test_all_problems_are_reported_at_once(browser: Browser) -> None:
    answer = browser.post("/register/", {"email": "", "password": None})
    assert (answer.status, answer.json) == (
        400,
        {
            "email": ["This field may not be blank."],
            "password": ["This field may not be null."],
            "confirmed_password": ["This field is required."],
        },
    )


def test_mails_follow_the_language_of_the_page(browser: Browser, post: Post) -> None:
    browser.language = "de-DE,de;q=0.9,en;q=0.8"
    sign_up(browser)
    mail = post.newest()
    assert mail is not None
    assert "bestätige" in str(mail["Subject"]).lower()


def test_mails_to_one_address_are_limited_without_revealing_accounts(
    gateway: Gateway, member: Browser, post: Post
) -> None:
    def statuses(email: str) -> list[int]:
        callers = [Browser(gateway, address=f"198.51.100.{number}") for number in range(12)]
        return [sign_up(caller, email).status for caller in callers]

    assert statuses("unknown@example.com") == statuses(ADDRESS) == [201] * 12
    post.deliver()
    sent = [mail["To"] for mail in post.sent()]
    assert sent.count(ADDRESS) == sent.count("unknown@example.com") == 10
    assert "access_token" not in member.cookies
