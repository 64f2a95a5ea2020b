"""Types of the API document in words."""

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from chalicelib.api.reference.shapes import add_fields, add_type
from chalicelib.clock import LARGEST_ID

OWN = {"type": "object", "properties": {"a": {"type": "string"}}, "required": []}
EITHER = {"allOf": [{"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}]}


def read(element: Element) -> str:
    return "".join(element.itertext())


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, "string"),
        ({"type": ["string", "null"]}, "string or null"),
        (
            {"type": "string", "format": "email", "maxLength": 9},
            "string (email), characters at most: 9",
        ),
        ({"type": "string", "pattern": "^a$"}, "string, like ^a$"),
        ({"type": "integer", "minimum": 1, "maximum": 3}, "integer, at least 1, at most 3"),
        ({"type": "integer", "minimum": 1, "maximum": LARGEST_ID}, "integer, at least 1"),
        ({"type": "string", "enum": ["a", ""]}, "one of a, “”"),
        ({"$ref": "#/components/schemas/Error"}, "Error"),
        ({"oneOf": [{"type": "integer"}, {"type": "null"}]}, "integer or null"),
        ({"anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]}, "A or null"),
        (
            {"type": "array", "items": {"type": "integer"}, "maxItems": 5},
            "list of integer, items at most: 5",
        ),
        (
            {"type": "object", "additionalProperties": {"type": "number"}},
            "object with values of type number",
        ),
        ({"type": "object"}, "object"),
        ({}, "any value"),
    ],
)
def test_a_type_in_words(schema: Mapping[str, Any], words: str) -> None:
    cell = Element("td")
    add_type(cell, schema)
    assert read(cell) == words


@pytest.mark.parametrize(
    ("more", "necessity"),
    [({"required": ["a"]}, "required"), ({}, "optional"), (EITHER, "under one of its names")],
)
def test_whether_a_field_is_required(more: Mapping[str, Any], necessity: str) -> None:
    section = Element("section")
    add_fields(section, {**OWN, **more})
    assert [read(cell) for cell in section.iterfind(".//tbody//td")] == ["string", necessity, ""]
