"""The API document, made from the routes themselves: forms, answers, and who may call."""

import re
import types
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn, Union, get_args, get_origin, get_type_hints, is_typeddict

from chalicelib.api.body import NoBody, rules_of
from chalicelib.api.content import FORM, JSON
from chalicelib.api.dialect import Dialect, Json
from chalicelib.api.endpoint import Api, Operation
from chalicelib.api.identity import Access
from chalicelib.api.reply import MEDIA_TYPES, Prerendered, Reply

VERSION = "0.1.0"

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
    Access.ADMIN: [{"accessCookie": []}, {"bearer": []}, {"apiToken": []}],
}
_SCHEMES = {
    "accessCookie": {"type": "apiKey", "in": "cookie", "name": "access_token"},
    "refreshCookie": {"type": "apiKey", "in": "cookie", "name": "refresh_token"},
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "apiToken": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`Token` and a long-lived token from `/api/user/tokens/`.",
    },
}
_ERROR = {
    "description": "What is wrong: by field, or in one sentence as `detail`.",
    "type": "object",
    "additionalProperties": {
        "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]
    },
}


def document(apis: Iterable[Api]) -> Json:
    schemas: Json = {"Error": _ERROR}
    paths: Json = {}
    for api in apis:
        for operation in api.operations:
            # With the slash at the end, as all clients write it; both ways are answered.
            path = f"{api.dialect.url_prefix}{operation.path}/"
            methods = paths.setdefault(path.replace(".json/", ".json"), {})
            methods[operation.method.lower()] = _operation(operation, api.dialect, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Videoflix",
            "version": VERSION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": _SCHEMES,
        },
    }


def _operation(operation: Operation, dialect: Dialect, schemas: Json) -> Json:
    tag = operation.view.__module__.rpartition(".")[2]
    summary, _, description = (operation.view.__doc__ or "").partition("\n")
    described: Json = {
        "operationId": f"{dialect.name}_{tag}_{operation.view.__name__}",
        "tags": [tag],
        "summary": summary.strip(),
        "description": " ".join(description.split()),
        "parameters": [*_path_parameters(operation.path), *_query_parameters(operation.query)],
        "security": _SECURITY[operation.access],
        "responses": _responses(operation, schemas),
    }
    if operation.form is not NoBody:
        described["requestBody"] = {
            "required": True,
            "content": _content(operation.form, schemas),
        }
    return {name: value for name, value in described.items() if value or name == "security"}


def _path_parameters(path: str) -> list[Json]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
    ]


def _query_parameters(query: Mapping[str, str]) -> list[Json]:
    return [
        {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}
        for name, text in query.items()
    ]


def _responses(operation: Operation, schemas: Json) -> Json:
    hint = get_type_hints(operation.view)["return"]
    known = {"304": {"description": "You have it."}} if get_origin(hint) is Prerendered else {}
    done = {} if hint is NoReturn else {str(operation.success): _answer(hint, schemas)}
    return {
        **done,
        **known,
        "default": {
            "description": "Refused.",
            "content": _json({"$ref": "#/components/schemas/Error"}),
        },
    }


def _answer(hint: Any, schemas: Json) -> Json:
    body = get_args(hint)[0] if get_origin(hint) is Reply else hint
    if body in MEDIA_TYPES:
        content = {MEDIA_TYPES[body]: {"schema": {"type": "string"}}}
        return {"description": "Done.", "content": content}
    return {"description": "Done.", "content": _json(_schema(hint, schemas))}


def _content(form: type, schemas: Json) -> Json:
    content = _json(_reference(form, _form_schema(form), schemas))
    is_flat = all(rule.schema["type"] != "object" for rule in rules_of(form).values())
    # A page's form cannot hold what lies inside of something else.
    return content | ({FORM: content[JSON]} if is_flat else {})


def _form_schema(form: type) -> Json:
    rules = rules_of(form)
    properties: Json = {}
    for name, rule in rules.items():
        also = f"Also read as {' or '.join(f'`{other}`' for other in rule.also)}."
        properties[name] = {**rule.schema, **({"description": also} if rule.also else {})}
    # Without the fields that go by other names too: no one of their names is required.
    required = [name for name, rule in rules.items() if rule.required and not rule.also]
    return {"type": "object", "properties": properties, "required": required}


def _schema(hint: Any, schemas: Json) -> Json:
    if hint in _PRIMITIVES:
        return {"type": _PRIMITIVES[hint]}
    if is_typeddict(hint):
        properties = {name: _schema(of, schemas) for name, of in get_type_hints(hint).items()}
        required = [name for name in properties if name in hint.__required_keys__]
        schema = {"type": "object", "properties": properties, "required": required}
        return _reference(hint, schema, schemas)
    return _generic_schema(hint, schemas)


def _generic_schema(hint: Any, schemas: Json) -> Json:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Reply, Prerendered):
        return _schema(arguments[0], schemas)
    if origin in (Sequence, list):
        return {"type": "array", "items": _schema(arguments[0], schemas)}
    if origin in (Union, types.UnionType):
        return {"oneOf": [_schema(each, schemas) for each in arguments]}
    if origin is dict:
        return {"type": "object"}
    raise TypeError(f"the API document has no word for {hint}")


def _reference(named: type, schema: Json, schemas: Json) -> Json:
    name = named.__name__
    if schemas.setdefault(name, schema) != schema:
        raise TypeError(f"two different shapes are called {name}")
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: Json) -> Json:
    return {JSON: {"schema": schema}}
