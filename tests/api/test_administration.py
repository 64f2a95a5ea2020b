"""Administration over HTTP: list, activate, deactivate, promote and demote accounts."""

import pytest

from chalicelib.wiring import accounts
from tests.api.conftest import ADDRESS, PASSWORD, Post, sign_in, sign_up
from tests.browser import Browser
from tests.fakes.clock import HandClock


def account_id(browser: Browser) -> int:
    account_id: int = browser.get("/user/").json["id"]
    return account_id


def test_accounts_are_listed_newest_first_page_by_page(admin: Browser, clock: HandClock) -> None:
    for number in range(5):
        clock.advance(seconds=1)
        sign_up(admin, f"viewer{number}@example.com")
    first = admin.get("/admin/accounts/?limit=3").json
    second = admin.get(f"/admin/accounts/?limit=3&before={first['next_before']}").json
    emails = [account["email"] for account in first["results"] + second["results"]]
    assert emails == [
        *(f"viewer{number}@example.com" for number in (4, 3, 2, 1, 0)),
        "root@example.com",
    ]


def test_an_account_is_listed_by_its_address(admin: Browser, member: Browser) -> None:
    results = admin.get("/admin/accounts/?email=ADA@example.com").json["results"]
    none = admin.get("/admin/accounts/?email=unknown@example.com").json["results"]
    assert [account["email"] for account in results] == [ADDRESS]
    assert none == []
    assert "password" not in str(results)
    assert "access_token" not in member.cookies


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=201", "before=-1", "before=²"])
def test_invalid_page_parameters_are_refused(admin: Browser, query: str) -> None:
    assert admin.get(f"/admin/accounts/?{query}").status == 400


def test_a_deactivated_account_is_signed_out_at_once(admin: Browser, signed_in: Browser) -> None:
    path = f"/admin/accounts/{account_id(signed_in)}/"
    assert admin.patch(path, {"is_active": False}).json["status"] == "deactivated"
    assert signed_in.get("/user/").status == 401
    assert signed_in.post("/token/refresh/").status == 401
    assert sign_in(signed_in).json == {"detail": "Unable to sign in with these credentials."}


def test_a_deactivated_account_gets_no_mails_and_cannot_sign_in(
    admin: Browser, signed_in: Browser, post: Post
) -> None:
    admin.patch(f"/admin/accounts/{account_id(signed_in)}/", {"is_active": False})
    signed_in.post("/password_reset/", {"email": ADDRESS})
    sign_up(signed_in)
    before = len(post.sent())
    post.deliver()
    assert len(post.sent()) == before


def test_an_account_is_reactivated(admin: Browser, signed_in: Browser) -> None:
    path = f"/admin/accounts/{account_id(signed_in)}/"
    admin.patch(path, {"is_active": False})
    assert admin.patch(path, {"is_active": True}).json["is_active"] is True
    assert sign_in(signed_in).status == 200


def test_a_promotion_and_a_demotion_count_at_once(admin: Browser, signed_in: Browser) -> None:
    path = f"/admin/accounts/{account_id(signed_in)}/"
    assert signed_in.get("/admin/accounts/").status == 403
    admin.patch(path, {"is_admin": True})
    assert signed_in.get("/admin/accounts/").status == 200
    admin.patch(path, {"is_admin": False})
    assert signed_in.get("/admin/accounts/").status == 403


def test_administrators_cannot_change_their_own_account(admin: Browser) -> None:
    answer = admin.patch(f"/admin/accounts/{account_id(admin)}/", {"is_active": False})
    assert answer.status == 403
    assert admin.get("/admin/accounts/").status == 200


@pytest.mark.parametrize("wrong", ["1", "x", "-1", "9" * 30, "1.5", "%00"])
def test_an_account_that_does_not_exist_answers_with_404(admin: Browser, wrong: str) -> None:
    assert admin.patch(f"/admin/accounts/{wrong}/", {"is_active": True}).status == 404


def test_promoting_a_pending_account_does_not_keep_it_for_ever(
    admin: Browser, clock: HandClock
) -> None:
    sign_up(admin)
    (pending,) = admin.get(f"/admin/accounts/?email={ADDRESS}").json["results"]
    admin.patch(f"/admin/accounts/{pending['id']}/", {"is_admin": True})
    clock.advance(days=5)
    assert admin.get(f"/admin/accounts/?email={ADDRESS}").json["results"] == []


def test_the_administrator_of_the_settings_is_created_once(admin: Browser) -> None:
    before = account_id(admin)
    accounts.administration().ensure_admin(email="root@example.com", password=PASSWORD)
    assert account_id(admin) == before
    accounts.administration().ensure_admin(email="root@example.com", password="a new password!")
    assert sign_in(admin, "root@example.com", "a new password!").json["user"]["id"] == before


def test_the_administrator_of_the_settings_may_have_signed_up_before(
    browser: Browser, admin: Browser
) -> None:
    sign_up(browser, "boss@example.com", "the boss's own password")
    accounts.administration().ensure_admin(email="boss@example.com", password=PASSWORD)
    assert sign_in(browser, "boss@example.com").status == 200
    assert browser.get("/admin/accounts/").status == 200
    assert admin.get("/admin/accounts/").status == 200
