"""The API document is complete and true, so that a client can be generated from it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, combinations
from typing import Any, NoReturn

import pytest

import app  # noqa: F401 - importing it registers every route
from chalicelib.api import filling
from chalicelib.api.body import NoBody, rules_of
from chalicelib.api.content import FORM, JSON
from chalicelib.api.endpoint import EVERY_API
from chalicelib.api.identity import Access
from chalicelib.api.multipart import MULTIPART
from chalicelib.api.openapi import document, returned
from chalicelib.api.operation import Operation
from chalicelib.catalogue.model import EncodeStatus
from chalicelib.encoding.failures import Reason
from chalicelib.encoding.model import Step
from chalicelib.encoding.progress import Delay
from chalicelib.errors import InvalidInput
from chalicelib.language import Language

DOCUMENT = document(EVERY_API)
SCHEMAS = DOCUMENT["components"]["schemas"]
# With their whole paths.
OPERATIONS = [
    replace(operation, path=f"{api.dialect.url_prefix}{operation.path}")
    for api in EVERY_API
    for operation in api.operations
]
FORMS = {each.form.__name__: each.form for each in OPERATIONS if each.form is not NoBody}
REQUIRED = "This field is required."


def resolved(node: Mapping[str, Any]) -> Any:
    """Resolve a reference of the document."""
    if "$ref" not in node:
        return node
    target: Any = DOCUMENT
    for name in node["$ref"].removeprefix("#/").split("/"):
        target = target[name]
    return target


def described(method: str, path: str) -> Any:
    return DOCUMENT["paths"][f"/api{path}"][method.lower()]


def of(operation: Operation) -> Any:
    path = operation.path if operation.path.endswith(".json") else f"{operation.path}/"
    return DOCUMENT["paths"][path][operation.method.lower()]


def parameters(operation: Mapping[str, Any], location: str) -> dict[str, Any]:
    every = [resolved(each) for each in operation.get("parameters", [])]
    return {each["name"]: each for each in every if each["in"] == location}


def shapes(media: Mapping[str, Any]) -> list[Any]:
    """Return the shapes that dialects sharing a path allow."""
    schema = media["schema"]
    return [resolved(each) for each in schema.get("anyOf", [schema])]


def response_headers(method: str, path: str, status: str) -> Mapping[str, Any]:
    headers: Mapping[str, Any] = resolved(described(method, path)["responses"][status])["headers"]
    return headers


def subsets(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))


def has_required(schema: Mapping[str, Any], names: Collection[str]) -> bool:
    """Check the names in a body against `required` and `anyOf`."""
    return all(name in names for name in schema.get("required", [])) and all(
        any(has_required(alternative, names) for alternative in each["anyOf"])
        for each in schema.get("allOf", [])
    )


def lacks_something(form: type, sent: Mapping[str, Any]) -> bool:
    try:
        filling.fill(form, sent)
    except InvalidInput as refused:
        return any(REQUIRED in messages for messages in refused.fields.values())
    return False


@pytest.mark.parametrize("name", FORMS)
def test_required_fields_of_the_document_match_the_form(name: str) -> None:
    form, schema = FORMS[name], SCHEMAS[name]
    rules = rules_of(form)
    spellings = [
        each
        for field, rule in rules.items()
        if rule.required or rule.aliases
        for each in (field, *rule.aliases)
    ]
    for names in subsets(spellings):
        sent = dict.fromkeys(names, "x")
        assert has_required(schema, names) is not lacks_something(form, sent), names


@pytest.mark.parametrize("name", FORMS)
def test_every_name_of_a_field_is_described(name: str) -> None:
    spellings = {
        each for field, rule in rules_of(FORMS[name]).items() for each in (field, *rule.aliases)
    }
    assert SCHEMAS[name]["properties"].keys() == spellings


def test_unsafe_operations_with_cookies_take_the_csrf_header() -> None:
    for operation in OPERATIONS:
        by_cookies = operation.access not in (Access.PUBLIC, Access.RENEWAL)
        expected = by_cookies and operation.method != "GET"
        assert ("X-CSRFToken" in parameters(of(operation), "header")) is expected, operation.path
    assert "`csrftoken`" in DOCUMENT["info"]["description"]


def test_every_operation_takes_accept_language() -> None:
    for operation in OPERATIONS:
        assert "Accept-Language" in parameters(of(operation), "header"), operation.path


def test_operations_with_a_304_take_if_none_match() -> None:
    for operation in OPERATIONS:
        described = of(operation)
        is_validated = "304" in described["responses"]
        assert ("If-None-Match" in parameters(described, "header")) is is_validated, operation.path
        if is_validated:
            assert all("ETag" in described["responses"][each]["headers"] for each in ("200", "304"))


def test_headers_that_a_client_acts_on_are_described() -> None:
    assert "Link" in response_headers("GET", "/video/", "200")
    assert "Retry-After" in response_headers("POST", "/login/", "default")


@pytest.mark.parametrize(
    ("schema", "field", "values"),
    [
        ("ShownProgress", "stage", [*Step, "waiting"]),
        ("ShownFailure", "code", [*Reason]),
        ("FailureShape", "code", [*Reason]),
        ("ShownDelay", "code", [*Delay]),
        ("ListedVideo", "conversion_status", [*EncodeStatus]),
        ("ListedAccount", "status", ["pending", "active", "deactivated"]),
        ("SessionShape", "kind", ["browser", "api_token", "bearer", "sign_in_token"]),
        ("OwnAccount", "language", [*Language]),
    ],
)
def test_the_values_of_an_answer_are_listed(schema: str, field: str, values: list[str]) -> None:
    assert SCHEMAS[schema]["properties"][field] == {"type": "string", "enum": values}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("include", ["playable", "drafts"]),
        ("trailer", ["true", "false"]),
        ("text", ["html", "plain"]),
    ],
)
def test_the_values_of_a_query_are_listed(name: str, values: list[str]) -> None:
    query = parameters(described("GET", "/video/"), "query")
    assert query[name]["schema"] == {"type": "string", "enum": values}


def test_numbers_are_integers() -> None:
    query = parameters(described("GET", "/video/"), "query")
    assert (query["page"]["schema"]["type"], query["page"]["schema"]["minimum"]) == ("integer", 1)
    assert query["page_size"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 100}
    accounts = parameters(described("GET", "/admin/accounts/"), "query")
    assert accounts["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 200}
    for operation in OPERATIONS:
        for name, parameter in parameters(of(operation), "path").items():
            is_number = name in {"video_id", "account_id", "category_id"}
            assert parameter["schema"]["type"] == ("integer" if is_number else "string"), name


def test_every_body_may_be_a_form_that_holds_all_but_what_is_nested() -> None:
    for operation in OPERATIONS:
        if operation.form is NoBody:
            continue
        name = operation.form.__name__
        whole = SCHEMAS[name]
        flat = SCHEMAS.get(f"{name}AsForm", whole)
        content = of(operation)["requestBody"]["content"]
        assert whole in shapes(content[JSON])
        assert content.keys() == {JSON, FORM, MULTIPART}
        assert flat in shapes(content[FORM])
        assert content[MULTIPART] == content[FORM]
        nested = {name for name, each in whole["properties"].items() if each["type"] == "object"}
        assert flat["properties"].keys() == whole["properties"].keys() - nested, operation.path


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: f"{each.method} {each.path}")
def test_every_route_of_every_dialect_is_described_with_its_parameters(
    operation: Operation,
) -> None:
    names = parameters(of(operation), "query").keys()
    assert operation.query.keys() <= names
    is_always_refused = returned(operation) is NoReturn
    assert (str(operation.success) in of(operation)["responses"]) is not is_always_refused


def test_dialects_that_share_a_path_describe_all_their_shapes() -> None:
    reports = described("POST", "/progress/")
    assert len(shapes(reports["requestBody"]["content"][JSON])) == 2
    assert len(shapes(reports["responses"]["201"]["content"][JSON])) == 2
    assert len(shapes(described("GET", "/videos/")["responses"]["200"]["content"][JSON])) == 2
