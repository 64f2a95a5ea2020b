"""Compares an answer with the API document: its status, its content and its shape."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from openapi_schema_validator import OAS31Validator

import app  # noqa: F401 - declares every route
from chalicelib.api.content import JSON
from chalicelib.api.endpoint import EVERY_API
from chalicelib.api.openapi import document
from chalicelib.api.routing import fits
from tests.dialects.playing import Answer


def misdescribed(method: str, path: str, answer: Answer) -> Sequence[str]:
    """Return what the document says otherwise; a method that a path lacks is not in it."""
    operation = _operations(path.partition("?")[0]).get(method.lower())
    if operation is None:
        return []
    status = str(answer.status)
    is_refused = answer.status >= 400
    described = operation["responses"].get("default" if is_refused else status)
    if described is None:
        return [f"{status} is no answer of {method} {path}"]
    content = _resolved(described).get("content", {})
    if answer.body is None:
        return ["has no content"] if content else []
    if answer.content_type not in content:
        return [f"{answer.content_type} is no content of {method} {path}"]
    schema = {**_document(), **content[JSON]["schema"]}
    return [error.message for error in OAS31Validator(schema).iter_errors(answer.body)]


def is_described(method: str, path: str) -> bool:
    return method.lower() in _operations(path)


def _operations(path: str) -> Mapping[str, Any]:
    """Return the operations at a path: of several patterns, that with the fewest parameters."""
    patterns = [each for each in _document()["paths"] if fits(each.removesuffix("/"), path)]
    best = min(patterns, key=lambda each: each.count("{"), default="")
    operations: Mapping[str, Any] = _document()["paths"].get(best, {})
    return operations


def _resolved(node: Mapping[str, Any]) -> Any:
    target: Any = _document()
    for name in node.get("$ref", "").removeprefix("#/").split("/") if "$ref" in node else []:
        target = target[name]
    return target if "$ref" in node else node


@cache
def _document() -> Mapping[str, Any]:
    return document(EVERY_API)
