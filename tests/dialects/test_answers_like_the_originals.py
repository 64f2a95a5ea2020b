"""Our dialects answer as the packages that they stand for, but for named deviations."""

from collections.abc import Sequence

import pytest

from tests.dialects import compared
from tests.dialects.comparing import Deviation, differences, faults
from tests.dialects.conftest import OurPlayer
from tests.dialects.described import misdescribed
from tests.dialects.deviations import DEVIATIONS
from tests.dialects.playing import Play, reduced
from tests.dialects.recordings import recorded_answer
from tests.dialects.request import Request
from tests.dialects.requests import TABLES

# A route that a dialect gains is compared at once, and belongs here so that it stays so.
COMPARED = {
    "authemail": {
        "DELETE /api/videos/{video_id}",
        "GET /api/accounts/email/change/verify",
        "GET /api/accounts/logout",
        "GET /api/accounts/password/reset/verify",
        "GET /api/accounts/signup/verify",
        "GET /api/accounts/users/me",
        "GET /api/categories",
        "GET /api/videos",
        "GET /api/videos/{video_id}",
        "POST /api/accounts/email/change",
        "POST /api/accounts/login",
        "POST /api/accounts/password/change",
        "POST /api/accounts/password/reset",
        "POST /api/accounts/password/reset/verified",
        "POST /api/accounts/signup",
        "POST /api/videos",
    },
    "djoser": {
        "GET /activate/{uid}/{token}",
        "GET /api/progress",
        "DELETE /api/auth/users/me",
        "DELETE /api/videos/{video_id}",
        "GET /api/auth/users",
        "GET /api/auth/users/me",
        "GET /api/health",
        "GET /api/progress/get_progress",
        "GET /api/trailers",
        "GET /api/videos",
        "GET /api/videos/{video_id}",
        "PATCH /api/auth/users/me",
        "PATCH /api/videos/{video_id}",
        "POST /api/auth/jwt/create",
        "POST /api/auth/jwt/refresh",
        "POST /api/auth/jwt/verify",
        "POST /api/auth/users",
        "POST /api/auth/users/activation",
        "POST /api/auth/users/resend_activation",
        "POST /api/auth/users/reset_email",
        "POST /api/auth/users/reset_email_confirm",
        "POST /api/auth/users/reset_password",
        "POST /api/auth/users/reset_password_confirm",
        "POST /api/auth/users/set_email",
        "POST /api/auth/users/set_password",
        "POST /api/progress",
        "POST /api/videos",
        "PUT /api/auth/users/me",
        "PUT /api/videos/{video_id}",
    },
}
REQUESTS = list(compared.requests())


def allowed(dialect: str, name: str) -> Sequence[Deviation]:
    return [deviation for deviation in DEVIATIONS if deviation.is_about(dialect, name)]


@pytest.mark.parametrize(
    ("dialect", "request_"),
    [pytest.param(*each, id=f"{each[0]}: {each[1].name}") for each in REQUESTS],
)
def test_the_answer_is_that_of_the_original_and_of_the_api_document(
    dialect: str, request_: Request, player: OurPlayer
) -> None:
    play = Play(player, TABLES[dialect], may_steps_fail=True)
    answer = play.play(request_)
    differing = differences(recorded_answer(dialect, request_.name), reduced(answer))
    assert faults(differing, allowed(dialect, request_.name)) == []
    assert misdescribed(request_.method, request_.path, answer) == []


def test_these_routes_are_compared() -> None:
    assert compared.compared_routes() == COMPARED


def test_every_route_of_a_dialect_is_requested() -> None:
    requested = set().union(*compared.compared_routes().values())
    assert {f"{method} {path}" for method, path in compared.routes()} - requested == set()


def test_every_deviation_is_about_a_compared_request() -> None:
    names = [(dialect, request.name) for dialect, request in REQUESTS]
    idle = [each for each in DEVIATIONS if not any(each.is_about(*name) for name in names)]
    assert idle == []


@pytest.mark.parametrize("dialect", TABLES)
def test_every_deviation_has_a_reason_of_its_own(dialect: str) -> None:
    reasons = [each.why for each in DEVIATIONS if each.dialect == dialect]
    assert sorted({why for why in reasons if reasons.count(why) > 1}) == []
