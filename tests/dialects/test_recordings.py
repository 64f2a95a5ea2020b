"""The recordings hold an answer to every request of the tables, as it is sent today."""

import re
from pathlib import Path

import pytest

from tests.dialects.recordings import recorded
from tests.dialects.request import Preparation
from tests.dialects.requests import TABLES

REQUIREMENTS = Path(__file__).with_name("originals") / "requirements.txt"
ORIGINALS = {
    "django": "5.2.3",
    "django-rest-authemail": "2.1.7",
    "djangorestframework": "3.16.0",
    "djangorestframework-simplejwt": "5.5.1",
    "djoser": "2.3.1",
}
AGAIN = "run `python -m tests.dialects.record`"


@pytest.mark.parametrize("dialect", TABLES)
def test_every_request_is_recorded_as_it_is(dialect: str) -> None:
    requests = {name: request.as_json() for name, request in TABLES[dialect].items()}
    assert {name: each["request"] for name, each in recorded(dialect).items()} == requests, AGAIN


@pytest.mark.parametrize("dialect", TABLES)
def test_every_step_of_a_request_is_a_request_itself(dialect: str) -> None:
    table = TABLES[dialect]
    steps = {step for request in table.values() for step in request.before}
    assert {step for step in steps if not isinstance(step, Preparation)} - set(table) == set()


@pytest.mark.parametrize("dialect", TABLES)
def test_no_recording_holds_what_differs_from_run_to_run(dialect: str) -> None:
    answers = str([each["answer"] for each in recorded(dialect).values()])
    assert re.findall(r"eyJ\w+|\b[0-9a-f]{40}\b|\b20\d\d-\d\d-\d\dT", answers) == []
    assert {"<id>", "<token>", "<time>", "<URL>"} <= set(re.findall(r"<\w+>", answers))


def test_the_recordings_are_of_these_versions() -> None:
    pinned = dict(re.findall(r"^([\w-]+)==(\S+)$", REQUIREMENTS.read_text("utf-8"), re.MULTILINE))
    assert {name: pinned.get(name) for name in ORIGINALS} == ORIGINALS


PATHS = {
    "authemail": """
        accounts/signup/ accounts/signup/verify/ accounts/login/ accounts/logout/
        accounts/password/reset/ accounts/password/reset/verify/
        accounts/password/reset/verified/ accounts/password/change/ accounts/email/change/
        accounts/email/change/verify/ accounts/users/me/ categories/ videos/
    """,
    "djoser": """
        auth/users/ auth/users/activation/ auth/users/resend_activation/ auth/users/me/
        auth/users/set_password/ auth/users/reset_password/ auth/users/reset_password_confirm/
        auth/users/set_email/ auth/users/reset_email/ auth/users/reset_email_confirm/
        auth/jwt/create/ auth/jwt/refresh/ auth/jwt/verify/ videos/ videos/{video}/ trailers/
        progress/ progress/get_progress progress/get_progress/ health/
    """,
}


@pytest.mark.parametrize("dialect", TABLES)
def test_every_path_of_the_dialect_is_requested_well_and_badly(dialect: str) -> None:
    statuses: dict[str, set[bool]] = {}
    for each in recorded(dialect).values():
        path = each["request"]["path"].partition("?")[0]
        statuses.setdefault(path, set()).add(each["answer"]["status"] < 400)
    expected = {f"/api/{path}" for path in PATHS[dialect].split()}
    # Health has no bad request, and the path without a slash is requested well alone.
    only_well = {"/api/health/", "/api/progress/get_progress"}
    assert {path for path in expected if True not in statuses[path]} == set()
    assert {path for path in expected if False not in statuses[path]} <= only_well


def test_a_redirect_names_its_target() -> None:
    answer = recorded("djoser")["activate"]["answer"]
    assert (answer["status"], answer["location"][:22]) == (302, "http://localhost:4200/")
