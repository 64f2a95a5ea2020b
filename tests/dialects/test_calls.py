"""Each route of the dialects makes the calls, and costs the units, that `docs/calls.md` says."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from chalicelib.accounts.session import SessionId
from chalicelib.wiring import accounts, catalogue
from tests.api.spending import documented, measured, row
from tests.dialects import compared
from tests.dialects.conftest import OurPlayer
from tests.dialects.playing import Play
from tests.dialects.request import PASSWORD, Request
from tests.dialects.requests import TABLES

_OWN_LINK = re.compile(r"/#/email/(\d+)/([\w.~-]+)")
# The request of each route that succeeds, by dialect.
SUCCEEDING: Mapping[str, Mapping[str, str]] = {
    "authemail": {
        "GET /api/accounts/email/change/verify": "email/change/verify",
        "GET /api/accounts/logout": "logout",
        "GET /api/accounts/password/reset/verify": "password/reset/verify",
        "GET /api/accounts/signup/verify": "signup/verify",
        "GET /api/accounts/users/me": "users/me",
        "GET /api/categories": "categories",
        "GET /api/videos": "videos",
        "GET /api/videos/{video_id}": "videos, one",
        "POST /api/accounts/email/change": "email/change",
        "POST /api/accounts/login": "login",
        "POST /api/accounts/password/change": "password/change",
        "POST /api/accounts/password/reset": "password/reset",
        "POST /api/accounts/password/reset/verified": "password/reset/verified",
        "POST /api/accounts/signup": "signup",
    },
    "djoser": {
        "DELETE /api/auth/users/me": "users/me by DELETE",
        "DELETE /api/videos/{video_id}": "videos by DELETE",
        "GET /activate/{uid}/{token}": "activate",
        "GET /api/auth/users": "users by GET",
        "GET /api/auth/users/me": "users/me",
        "GET /api/progress": "progress, by GET",
        "GET /api/progress/get_progress": "get_progress",
        "GET /api/trailers": "trailers",
        "GET /api/videos": "videos",
        "GET /api/videos/{video_id}": "videos, one",
        "PATCH /api/auth/users/me": "users/me, by PATCH",
        "PATCH /api/videos/{video_id}": "videos by PATCH",
        "POST /api/auth/jwt/create": "jwt/create",
        "POST /api/auth/jwt/refresh": "jwt/refresh",
        "POST /api/auth/jwt/verify": "jwt/verify",
        "POST /api/auth/users": "users",
        "POST /api/auth/users/activation": "users/activation",
        "POST /api/auth/users/resend_activation": "users/resend_activation",
        "POST /api/auth/users/reset_email": "users/reset_email",
        "POST /api/auth/users/reset_email_confirm": "users/reset_email_confirm",
        "POST /api/auth/users/reset_password": "users/reset_password",
        "POST /api/auth/users/reset_password_confirm": "users/reset_password_confirm",
        "POST /api/auth/users/set_email": "users/set_email",
        "POST /api/auth/users/set_password": "users/set_password",
        "POST /api/progress": "progress",
        "POST /api/videos": "videos by POST",
        "PUT /api/auth/users/me": "users/me, by PUT",
        "PUT /api/videos/{video_id}": "videos by PUT",
    },
}


def with_the_present_password(request: Request) -> Request:
    return replace(request, body={**request.body, "current_password": PASSWORD})


def table_of(dialect: str) -> Mapping[str, Request]:
    """Return the requests; changes that the original makes without a password send it as well."""
    table = TABLES[dialect]
    unproven = {"email/change", "password/change"} & table.keys()
    return {**table, **{name: with_the_present_password(table[name]) for name in unproven}}


def learn_code_of_new_address(play: Play) -> None:
    """That link leads to our own page, which has no code but uid and token."""
    for uid, token in _OWN_LINK.findall("\n".join(play.player.mails())):
        play.known["code"] = f"{uid}~{token}"


@pytest.mark.parametrize(
    ("dialect", "route"),
    [(dialect, route) for dialect, routes in SUCCEEDING.items() for route in routes],
)
def test_a_warm_request_spends_what_the_page_says(
    dialect: str, route: str, player: OurPlayer
) -> None:
    table = table_of(dialect)
    request = table[SUCCEEDING[dialect][route]]
    play = Play(player, table)
    for step in request.before:
        play.take(step)
    learn_code_of_new_address(play)
    player.clock.advance(minutes=1)
    # Both are polled every two seconds, whatever is requested.
    accounts.revocations().is_over(SessionId("x"))
    catalogue.catalogue_cache().snapshot()
    with measured() as spent:
        assert player.send(play.filled(request)).status < 400
    served = dialect, route
    assert row(served, spent) == row(served, documented()[served])


def test_every_route_of_these_dialects_is_on_the_page() -> None:
    served = {f"{method} {path}" for method, path in compared.routes()} - {"GET /api/health"}
    assert served == set().union(*SUCCEEDING.values())
