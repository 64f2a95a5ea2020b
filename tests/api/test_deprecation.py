"""A route that is declared as deprecated says so in its answers and in the API document."""

from collections.abc import Iterator
from datetime import date
from typing import TypedDict

import pytest
from chalice.app import Blueprint, Chalice
from openapi_spec_validator import validate

from chalicelib.api.body import NoBody
from chalicelib.api.deprecation import Deprecation
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import EVERY_API, SPOKEN_AT, Api
from chalicelib.api.identity import Access
from chalicelib.api.openapi import document
from chalicelib.api.reference.page import page
from chalicelib.api.request import Call
from chalicelib.errors import NotFound
from infra.local.gateway import Gateway
from tests.browser import Browser

DEPRECATED = Deprecation(date(2026, 11, 27), date(2027, 11, 27), instead="GET /api/new/")
LINK = '</api/docs/>; rel="deprecation"; type="text/html"'


class Old(TypedDict):
    is_old: bool


@pytest.fixture
def api() -> Iterator[Api]:
    """Two routes beside those of the app, known only during the test."""
    known, shared = [*EVERY_API], dict(SPOKEN_AT)
    api = Api(OFFICIAL, Blueprint(__name__))

    @api.get("/old", access=Access.PUBLIC, deprecated=DEPRECATED)
    def old(call: Call[NoBody]) -> Old:
        """An old route."""
        if call.query_text("missing"):
            raise NotFound
        return {"is_old": True}

    @api.get("/new", access=Access.PUBLIC)
    def new(call: Call[NoBody]) -> Old:  # noqa: ARG001 - every view is called with one
        """Its replacement."""
        return {"is_old": False}

    yield api
    EVERY_API[:] = known
    SPOKEN_AT.clear()
    SPOKEN_AT.update(shared)


@pytest.fixture
def caller(api: Api, browser: Browser) -> Browser:  # noqa: ARG001 - it is the environment
    app = Chalice("deprecated", configure_logs=False)
    app.register_blueprint(api.blueprint, url_prefix=OFFICIAL.url_prefix)
    return Browser(Gateway(app))


@pytest.mark.parametrize(("path", "status"), [("/old/", 200), ("/old/?missing=1", 404)])
def test_every_answer_of_a_deprecated_route_says_so(
    caller: Browser, path: str, status: int
) -> None:
    answer = caller.get(path)
    assert answer.status == status
    assert answer.headers["deprecation"] == "@1795737600"
    assert answer.headers["sunset"] == "Sat, 27 Nov 2027 00:00:00 GMT"
    assert answer.headers["link"] == LINK


def test_pages_of_other_origins_can_read_it(caller: Browser) -> None:
    exposed = caller.get("/old/").headers["access-control-expose-headers"].split(", ")
    assert {"deprecation", "sunset", "link"} <= {*exposed}


def test_other_routes_say_nothing_of_it(caller: Browser) -> None:
    answer = caller.get("/new/")
    assert answer.status == 200
    assert not {"deprecation", "sunset", "link"} & answer.headers.keys()


def test_the_document_and_the_reference_page_say_so(api: Api) -> None:
    described = document([api])
    validate(described)
    old = described["paths"]["/api/old/"]["get"]
    assert old["deprecated"] is True
    assert old["description"] == DEPRECATED.sentence
    assert {"Deprecation", "Sunset"} <= old["responses"]["200"]["headers"].keys()
    new = described["paths"]["/api/new/"]["get"]
    assert not {"deprecated", "description"} & new.keys()
    assert "answers until 2027-11-27 at least" in page(described).text
