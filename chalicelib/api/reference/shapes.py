"""Types of values, and the fields of shapes, of the API document in HTML."""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from chalicelib.api.reference.elements import add, add_text
from chalicelib.clock import LARGEST_ID

_SHAPES = "#/components/schemas/"
_ALTERNATIVES = ("oneOf", "anyOf")
_LIMITS = {
    "minimum": "at least",
    "maximum": "at most",
    "maxLength": "characters at most:",
    "maxItems": "items at most:",
}


def anchor_of(shape: str) -> str:
    return f"shape-{shape}"


def add_shapes(parent: Element, shapes: Mapping[str, Mapping[str, Any]]) -> None:
    """Add a section for each shape, by name."""
    for name in sorted(shapes):
        section = add(parent, "section", id=anchor_of(name), class_="shape")
        add(section, "h3", name)
        if "description" in shapes[name]:
            add(section, "p", shapes[name]["description"])
        add_fields(section, shapes[name])


def add_fields(parent: Element, shape: Mapping[str, Any]) -> None:
    """Add a table of the fields of a shape."""
    fields = shape.get("properties", {})
    if fields:
        body = _table(parent, "Field", "Type", "Needed", "Description")
        for name, schema in fields.items():
            row = add(body, "tr")
            add(add(row, "th", scope="row"), "code", name)
            add_type(add(row, "td"), schema)
            add(row, "td", _necessity(name, shape))
            add(row, "td", schema.get("description", ""))
    if "additionalProperties" in shape:
        line = add(parent, "p", "Any other name: ")
        add_type(line, shape["additionalProperties"])


def add_parameters(parent: Element, parameters: Sequence[Mapping[str, Any]]) -> None:
    body = _table(parent, "Parameter", "In", "Type", "Description")
    for parameter in parameters:
        row = add(body, "tr")
        add(add(row, "th", scope="row"), "code", parameter["name"])
        add(row, "td", parameter["in"])
        add_type(add(row, "td"), parameter["schema"])
        add(row, "td", parameter.get("description", ""))


def add_type(parent: Element, schema: Mapping[str, Any]) -> None:
    """Append the type of a value: its name, its limits, links to shapes."""
    alternatives = next((schema[each] for each in _ALTERNATIVES if each in schema), None)
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_SHAPES)
        add(parent, "a", name, href=f"#{anchor_of(name)}")
    elif alternatives:
        for number, each in enumerate(alternatives):
            add_text(parent, " or " if number else "")
            add_type(parent, each)
    elif schema.get("type") == "array":
        add_text(parent, "list of ")
        add_type(parent, schema["items"])
        add_text(parent, _limits(schema))
    elif isinstance(schema.get("additionalProperties"), Mapping):
        add_text(parent, "object with values of type ")
        add_type(parent, schema["additionalProperties"])
    else:
        add_text(parent, _plain(schema))


def _plain(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return "one of " + ", ".join(f"`{value}`" if value else "“”" for value in schema["enum"])
    named = schema.get("type", "any value")
    names = " or ".join(named) if isinstance(named, list) else named
    form = f" ({schema['format']})" if "format" in schema else ""
    return names + form + _limits(schema)


def _limits(schema: Mapping[str, Any]) -> str:
    said = [
        f"{words} {schema[name]}"
        for name, words in _LIMITS.items()
        if name in schema and schema[name] != LARGEST_ID
    ]
    pattern = [f"like `{schema['pattern']}`"] if "pattern" in schema else []
    return "".join(f", {each}" for each in [*said, *pattern])


def _necessity(name: str, shape: Mapping[str, Any]) -> str:
    if name in shape.get("required", []):
        return "required"
    # A required field with several names is sent under one of them.
    is_alternative = any(
        name in each["required"]
        for either in shape.get("allOf", [])
        for each in either.get("anyOf", [])
    )
    return "under one of its names" if is_alternative else "optional"


def _table(parent: Element, *headings: str) -> Element:
    table = add(parent, "table")
    row = add(add(table, "thead"), "tr")
    for heading in headings:
        add(row, "th", heading, scope="col")
    return add(table, "tbody")
