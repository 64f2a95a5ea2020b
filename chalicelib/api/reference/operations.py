"""Operations of the API document in HTML, by feature."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.reference.elements import add, add_text
from chalicelib.api.reference.shapes import add_fields, add_parameters, add_type

_ACCESS = {
    "accessCookie": "a session in cookies",
    "refreshCookie": "the refresh token in its cookie",
    "bearer": "an access token (`Authorization: Bearer`)",
    "apiToken": "an API token (`Authorization: Token`)",
}


@dataclass(frozen=True, slots=True)
class Described:
    """One method of one path, as the document describes it."""

    method: str
    path: str
    facts: Mapping[str, Any]

    @property
    def anchor(self) -> str:
        return str(self.facts["operationId"])


@dataclass(frozen=True, slots=True)
class Feature:
    dialect: str
    name: str
    operations: list[Described] = field(default_factory=list)

    @property
    def heading(self) -> str:
        words = self.name.replace("_", " ").capitalize()
        return words if self.dialect == OFFICIAL.name else f"Dialect {self.dialect}: {words}"

    @property
    def anchor(self) -> str:
        return f"feature-{self.dialect}-{self.name}"


def features_of(document: Mapping[str, Any]) -> list[Feature]:
    """Return the operations by feature: those of the core API first, then by dialect."""
    features: dict[tuple[str, str], Feature] = {}
    for described in _operations_of(document):
        name = described.facts["tags"][0]
        # An `operationId` is the dialect, the feature and the view.
        dialect = described.anchor.partition(f"_{name}_")[0]
        feature = features.setdefault((dialect, name), Feature(dialect, name))
        feature.operations.append(described)
    return sorted(features.values(), key=lambda each: (each.dialect != OFFICIAL.name, each.heading))


def add_feature(parent: Element, feature: Feature, document: Mapping[str, Any]) -> None:
    section = add(parent, "section", id=feature.anchor, class_="feature")
    add(section, "h2", feature.heading)
    for described in feature.operations:
        _add_operation(section, described, document)


def _operations_of(document: Mapping[str, Any]) -> Iterator[Described]:
    for path, methods in document["paths"].items():
        for method, facts in methods.items():
            yield Described(method.upper(), path, facts)


def _add_operation(parent: Element, described: Described, document: Mapping[str, Any]) -> None:
    facts = described.facts
    article = add(parent, "article", id=described.anchor, class_="operation")
    heading = add(article, "h3")
    add(heading, "span", described.method, class_="method")
    add_text(heading, " ")
    add(add(heading, "a", href=f"#{described.anchor}"), "code", described.path)
    if facts.get("deprecated"):
        add(article, "p", "Deprecated", class_="deprecated")
    add(article, "p", facts["summary"], class_="summary")
    if "description" in facts:
        add(article, "p", facts["description"])
    add(article, "p", f"Access: {_access(facts['security'])}")
    parameters = [_resolved(each, document) for each in facts.get("parameters", [])]
    if parameters:
        add(article, "h4", "Parameters")
        add_parameters(article, parameters)
    if "requestBody" in facts:
        add(article, "h4", "Body")
        _add_body(article, facts["requestBody"]["content"], document)
    add(article, "h4", "Answers")
    _add_answers(article, facts["responses"])


def _access(security: list[Mapping[str, Any]]) -> str:
    ways = [_ACCESS[name] for each in security for name in each]
    if not ways:
        return "public"
    either = " or ".join(ways)
    return f"public, or with {either}" if {} in security else f"with {either}"


def _add_body(
    parent: Element, content: Mapping[str, Mapping[str, Any]], document: Mapping[str, Any]
) -> None:
    lines = add(parent, "ul")
    shapes: list[str] = []
    for media_type, media in content.items():
        line = add(lines, "li", f"`{media_type}`: ")
        add_type(line, media["schema"])
        named = media["schema"].get("anyOf", [media["schema"]])
        shapes += [each["$ref"] for each in named if each["$ref"] not in shapes]
    # The one of the first media type; the others are behind their links.
    add_fields(parent, _resolved({"$ref": shapes[0]}, document))


def _add_answers(parent: Element, responses: Mapping[str, Mapping[str, Any]]) -> None:
    lines = add(parent, "ul")
    for status, response in responses.items():
        if "$ref" in response:
            line = add(lines, "li", "Otherwise: ")
            add(line, "a", "an error", href="#errors")
            continue
        line = add(lines, "li", f"{status}: ")
        add_text(line, response["description"])
        for media_type, media in response.get("content", {}).items():
            add_text(line, f" `{media_type}`: ")
            add_type(line, media["schema"])
        names = ", ".join(f"`{name}`" for name in response.get("headers", {}))
        add_text(line, f" Headers: {names}" if names else "")


def _resolved(node: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the part of the document that a reference names, or the node itself."""
    if "$ref" not in node:
        return node
    target: Any = document
    for name in node["$ref"].removeprefix("#/").split("/"):
        target = target[name]
    return dict(target)
