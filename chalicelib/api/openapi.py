"""The API document (OpenAPI 3.1), generated from routes, forms and return types."""

import json
import re
import types
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import (
    Annotated,
    Any,
    NoReturn,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from chalicelib.api.body import NoBody, Rule, rules_of, whole_schema
from chalicelib.api.content import FORM, JSON
from chalicelib.api.dialect import Dialect
from chalicelib.api.drf import Json
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.multipart import MULTIPART
from chalicelib.api.operation import Operation, Query
from chalicelib.api.preconditions import CONDITIONAL
from chalicelib.api.reply import MEDIA_TYPES, Prerendered, Reply
from chalicelib.clock import LARGEST_ID
from chalicelib.language import Language

VERSION = "0.1.0"

# What does not depend on the routes; JSON with two placeholders.
_SKELETON = Path(__file__).with_name("openapi_skeleton.json")
_PRIMITIVES: Mapping[Any, str] = {
    str: "string",
    int: "integer",
    bool: "boolean",
    float: "number",
    types.NoneType: "null",
}
_SECURITY: Mapping[Access, list[Json]] = {
    Access.PUBLIC: [],
    Access.RENEWAL: [{"refreshCookie": []}],
    Access.OPTIONAL: [{}, {"accessCookie": []}, {"bearer": []}],
    Access.SIGNED_IN: [{"accessCookie": []}, {"bearer": []}, {"apiToken": []}],
    Access.BY_TOKEN: [{"bearer": []}, {"apiToken": []}],
    Access.ADMIN: [{"accessCookie": []}, {"bearer": []}, {"apiToken": []}],
}
# Path parameters that are numbers; any other value is answered with 404.
_NUMBERS = frozenset({"account_id", "category_id", "video_id"})
_METHODS = ("get", "post", "put", "patch", "delete")


def document(apis: Iterable[Api]) -> Json:
    described = _skeleton()
    paths: Json = {}
    schemas = described["components"]["schemas"]
    for api in apis:
        for operation in api.operations:
            # With a trailing slash, as all clients write it; both forms are answered.
            path = f"{api.dialect.url_prefix}{operation.path}/"
            methods = paths.setdefault(path.replace(".json/", ".json"), {})
            described_here = _operation(operation, api.dialect, schemas)
            known = methods.setdefault(operation.method.lower(), described_here)
            if known is not described_here:
                _add_dialect(known, described_here, api.dialect)
    # In one order, whichever module was imported first.
    described["paths"] = {
        path: {method: paths[path][method] for method in _METHODS if method in paths[path]}
        for path in sorted(paths)
    }
    described["components"]["schemas"] = dict(sorted(schemas.items()))
    return described


def _add_dialect(known: Json, other: Json, dialect: Dialect) -> None:
    """Describe bodies and answers of a dialect that shares the operation's path."""
    schemes = " or ".join(f"`{scheme.title()}`" for scheme in sorted(dialect.schemes))
    note = f"With the scheme {schemes} in `Authorization`, it answers in dialect {dialect.name}."
    known["description"] = f"{known.get('description', '')} {note}".strip()
    _add_content(known.get("requestBody", {}), other.get("requestBody", {}))
    for status, response in other["responses"].items():
        _add_content(known["responses"].setdefault(status, response), response)


def _add_content(known: Json, other: Json) -> None:
    """Allow the shapes of another dialect; a body may have the shape of both."""
    for media_type, theirs in other.get("content", {}).items():
        ours = known.setdefault("content", {}).setdefault(media_type, theirs)
        shapes = ours["schema"].get("anyOf", [ours["schema"]])
        if theirs["schema"] not in shapes:
            ours["schema"] = {"anyOf": [*shapes, theirs["schema"]]}


def _skeleton() -> Json:
    languages = ", ".join(f"`{each}`" for each in Language)
    text = _SKELETON.read_text(encoding="utf-8")
    skeleton: Json = json.loads(
        text.replace("{languages}", languages).replace("{version}", VERSION)
    )
    return skeleton


def _operation(operation: Operation, dialect: Dialect, schemas: Json) -> Json:
    tag = operation.view.__module__.rpartition(".")[2]
    summary, _, description = (operation.view.__doc__ or "").partition("\n")
    described: Json = {
        "operationId": f"{dialect.name}_{tag}_{operation.view.__name__}",
        "tags": [tag],
        "summary": summary.strip(),
        "description": " ".join([*description.split(), *_notices(operation)]),
        "deprecated": operation.deprecated is not None,
        "parameters": parameters(operation),
        "security": _SECURITY[operation.access],
        "responses": _responses(operation, schemas),
    }
    if operation.form is not NoBody:
        described["requestBody"] = {
            "required": True,
            "content": _content(operation.form, schemas),
        }
    return {name: value for name, value in described.items() if value or name == "security"}


def _notices(operation: Operation) -> Iterable[str]:
    return [operation.deprecated.sentence] if operation.deprecated else []


def _responses(operation: Operation, schemas: Json) -> Json:
    hint = returned(operation)
    refused = {"default": {"$ref": "#/components/responses/Refused"}}
    if hint is NoReturn:
        return refused
    done = {str(operation.success): _answer(hint, schemas)}
    if is_validated(operation):
        done["304"] = {"description": "Not modified."}
    if operation.audit_key in CONDITIONAL:
        done["412"] = {
            "description": "Another version is stored than `If-Match` names.",
            "content": _json({"$ref": "#/components/schemas/Outdated"}),
        }
    named = headers(operation)
    if named:
        done = {status: {**answer, "headers": named} for status, answer in done.items()}
    return {**done, **refused}


def _answer(hint: Any, schemas: Json) -> Json:
    body = get_args(hint)[0] if get_origin(hint) in (Reply, Prerendered) else hint
    if body is types.NoneType:
        return {"description": "Done."}
    if body in MEDIA_TYPES:
        content = {MEDIA_TYPES[body]: {"schema": {"type": "string"}}}
        return {"description": "Done.", "content": content}
    return {"description": "Done.", "content": _json(_schema(hint, schemas))}


def _content(form: type, schemas: Json) -> Json:
    rules = rules_of(form)
    content = _json(_reference(form.__name__, _form_schema(rules), schemas))
    # A form cannot contain nested objects.
    flat = {name: rule for name, rule in rules.items() if rule.schema["type"] != "object"}
    as_form = content[JSON]
    if flat != rules:
        name = f"{form.__name__}AsForm"
        as_form = {"schema": _reference(name, _form_schema(flat), schemas)}
    return {**content, FORM: as_form, MULTIPART: as_form}


def _form_schema(rules: Mapping[str, Rule]) -> Json:
    properties: Json = {}
    for name, rule in rules.items():
        properties[name] = rule.schema
        for other in rule.aliases:
            properties[other] = {**rule.schema, "description": f"Another name of `{name}`."}
    required = [name for name, rule in rules.items() if rule.required and not rule.aliases]
    # A required field is sent under any one of its names.
    either = [
        {"anyOf": [{"required": [each]} for each in (name, *rule.aliases)]}
        for name, rule in rules.items()
        if rule.required and rule.aliases
    ]
    schema: Json = {"type": "object", "properties": properties, "required": required}
    return {**schema, "allOf": either} if either else schema


def _schema(hint: Any, schemas: Json) -> Json:
    if hint in _PRIMITIVES:
        return {"type": _PRIMITIVES[hint]}
    if is_typeddict(hint):
        hints = get_type_hints(hint, include_extras=True)
        properties = {name: _schema(of, schemas) for name, of in hints.items()}
        required = [name for name in properties if name in hint.__required_keys__]
        schema = {"type": "object", "properties": properties, "required": required}
        return _reference(hint.__name__, schema, schemas)
    return _generic_schema(hint, schemas)


def _generic_schema(hint: Any, schemas: Json) -> Json:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        # The second argument lists the possible values.
        return {**_schema(arguments[0], schemas), "enum": [*arguments[1]]}
    if origin in (Reply, Prerendered, NotRequired):
        return _schema(arguments[0], schemas)
    if origin in (Sequence, list):
        return {"type": "array", "items": _schema(arguments[0], schemas)}
    if origin in (Union, types.UnionType):
        return {"oneOf": [_schema(each, schemas) for each in arguments]}
    if hint is Any:
        return {}
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema(arguments[1], schemas)}
    raise TypeError(f"the API document has no schema for {hint}")


def _reference(name: str, schema: Json, schemas: Json) -> Json:
    if schemas.setdefault(name, schema) != schema:
        raise TypeError(f"two different shapes are called {name}")
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: Json) -> Json:
    return {JSON: {"schema": schema}}


def parameters(operation: Operation) -> list[Json]:
    return [
        *_path_parameters(operation.path),
        *_query_parameters(operation.query),
        *_header_parameters(operation),
    ]


def headers(operation: Operation) -> Json:
    named = {
        "ETag": is_validated(operation),
        "Link": any(query.is_from_link for query in operation.query.values()),
        "Deprecation": operation.deprecated is not None,
        "Sunset": operation.deprecated is not None,
    }
    return {
        name: {"$ref": f"#/components/headers/{name}"} for name, is_sent in named.items() if is_sent
    }


def is_validated(operation: Operation) -> bool:
    return get_origin(returned(operation)) is Prerendered


def returned(operation: Operation) -> Any:
    return get_type_hints(operation.view)["return"]


def _path_parameters(path: str) -> list[Json]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": whole_schema(LARGEST_ID) if name in _NUMBERS else {"type": "string"},
        }
        for name in re.findall(r"{(\w+)}", path)
    ]


def _query_parameters(query: Mapping[str, Query]) -> list[Json]:
    return [
        {"name": name, "in": "query", "description": of.description, "schema": _query_schema(of)}
        for name, of in query.items()
    ]


def _query_schema(query: Query) -> Json:
    if query.largest:
        return whole_schema(query.largest)
    return {"type": "string", **({"enum": [*query.options]} if query.options else {})}


def _header_parameters(operation: Operation) -> list[Json]:
    is_by_cookies = operation.access not in (Access.PUBLIC, Access.RENEWAL, Access.BY_TOKEN)
    named = {
        "AcceptLanguage": True,
        "IfNoneMatch": is_validated(operation),
        "IfMatch": operation.audit_key in CONDITIONAL,
        "CsrfToken": is_by_cookies and operation.method != "GET",
        "ProfileToken": "profile" in operation.query or operation.path.startswith("/profiles"),
    }
    return [
        {"$ref": f"#/components/parameters/{name}"} for name, is_read in named.items() if is_read
    ]
