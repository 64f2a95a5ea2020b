"""Endpoints about the service: health check, API document and reference page."""

from functools import cache
from typing import Any, TypedDict

from chalice.app import Blueprint

from chalicelib.api.body import NoBody
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import EVERY_API, Api
from chalicelib.api.identity import Access
from chalicelib.api.reply import Page, Prerendered, Reply
from chalicelib.api.request import Call
from chalicelib.wiring import accounts, stage

api = Api(OFFICIAL, Blueprint(__name__))

_AN_HOUR = "public, max-age=3600"


class Health(TypedDict):
    status: str
    stage: str
    version: str


@api.get("/health", access=Access.PUBLIC)
def health(call: Call[NoBody]) -> Health:  # noqa: ARG001 - every view is called with one
    """Health check, which includes the database and the signing keys."""
    from chalicelib.api.openapi import VERSION

    accounts.require_dependencies()
    return {"status": "ok", "stage": stage.settings().stage, "version": VERSION}


@api.get("/openapi.json", access=Access.PUBLIC)
def openapi(call: Call[NoBody]) -> Reply[dict[str, Any]]:  # noqa: ARG001 - as above
    """This API document, as OpenAPI 3.1."""
    from chalicelib.api.openapi import document

    return Reply(document(EVERY_API), headers={"Cache-Control": _AN_HOUR})


@api.get("/docs", access=Access.PUBLIC)
def reference(call: Call[NoBody]) -> Prerendered[Page]:  # noqa: ARG001 - as above
    """The API document as a page to read and search."""
    return _reference_page()


@cache
def _reference_page() -> Prerendered[Page]:
    from chalicelib.api.openapi import document
    from chalicelib.api.reference.page import page

    return page(document(EVERY_API))
