"""The comparison sees every difference, and each deviation that is none."""

from dataclasses import replace
from typing import Any

import pytest

from tests.dialects.comparing import Deviation, Reason, differences, faults
from tests.dialects.playing import Answer, reduced

JSON = "application/json"
REFUSED = Answer(401, JSON, {"detail": "No."}, "Token")
LISTED = Answer(200, JSON, [{"id": "<id>", "category": {"name": "Drama"}, "position": 1.5}])
MILDER = Deviation(
    "authemail", ["login*"], {"status": 400}, Reason.CLIENTS, "a 401 ends the session of the page"
)


def test_the_same_answer_has_no_differences() -> None:
    assert differences(REFUSED, replace(REFUSED)) == {}


@pytest.mark.parametrize(
    "change",
    [
        {"status": 400},
        {"content_type": "text/html"},
        {"body": {"detail": "Never."}},
        {"body": {"detail": "No.", "code": "no"}},
        {"body": None},
        {"www_authenticate": "Bearer"},
        {"location": "/"},
    ],
    ids=str,
)
def test_every_property_of_a_refusal_is_compared(change: dict[str, Any]) -> None:
    [name] = change
    changed = replace(REFUSED, **change)
    assert differences(REFUSED, changed) == {name: (getattr(REFUSED, name), change[name])}


def test_an_object_may_have_more_fields() -> None:
    more = [{"id": "<id>", "category": {"name": "Drama", "slug": "d"}, "position": 1.5, "more": 1}]
    assert differences(LISTED, replace(LISTED, body=more)) == {}


@pytest.mark.parametrize(
    "body",
    [
        [],
        [*LISTED.body, *LISTED.body],
        [{"id": "<id>", "category": "Drama", "position": 1.5}],
        [{"id": "<id>", "category": {"name": "Drama"}}],
        [{"id": "7", "category": {"name": "Drama"}, "position": 1.5}],
        [{"id": "<id>", "category": {"name": "Drama"}, "position": "1.5"}],
        {"results": LISTED.body},
    ],
    ids=str,
)
def test_lists_keys_and_types_are_compared(body: Any) -> None:
    assert list(differences(LISTED, replace(LISTED, body=body))) == ["body"]


def test_a_deviation_allows_its_value_alone() -> None:
    differing = differences(REFUSED, replace(REFUSED, status=400))
    assert faults(differing, []) == ["status: the original has 401, ours 400"]
    assert faults(differing, [MILDER]) == []
    assert faults(differing, [replace(MILDER, ours={"status": 403})]) != []
    assert faults(differing, [replace(MILDER, ours={"body": 400})]) != []


def test_a_deviation_that_is_none_is_a_fault() -> None:
    assert faults({}, [MILDER]) == ["status: is no deviation"]


def test_a_deviation_has_several_properties() -> None:
    page = replace(REFUSED, status=302, body=None, location="/")
    ours = {"status": 302, "body": None, "location": "/"}
    assert faults(differences(REFUSED, page), [replace(MILDER, ours=ours)]) == []


def test_a_deviation_is_about_its_dialect_and_names() -> None:
    assert MILDER.is_about("authemail", "login, twice")
    assert not MILDER.is_about("authemail", "signup")
    assert not MILDER.is_about("djoser", "login")


def test_values_that_vary_become_their_kind_and_errors_stay() -> None:
    body = {"id": 7, "token": "x", "created_at": "2026", "file": None, "video": 3, "is": True}
    kinds = {"id": "<id>", "token": "<token>", "created_at": "<time>", "file": None}
    assert reduced(Answer(200, JSON, [body])).body == [kinds | {"video": "<id>", "is": True}]
    sizes = {"source_variants": [{"path": "a", "height": 720}, {"path": "b", "height": 360}]}
    shape = {"source_variants": [{"path": "<URL>", "height": "<height>"}]}
    assert reduced(Answer(200, JSON, sizes)).body == shape
    errors = {"token": ["Invalid token."], "video": [7], "id": "7", "code": "token_not_valid"}
    assert reduced(Answer(400, JSON, errors)).body == errors
