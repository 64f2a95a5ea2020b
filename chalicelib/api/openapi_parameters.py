"""Parameters and headers of the API document, generated from the routes."""

import re
from collections.abc import Mapping
from typing import Any, get_origin, get_type_hints

from chalicelib.api.body import whole_schema
from chalicelib.api.dialect import Json
from chalicelib.api.endpoint import Operation, Query
from chalicelib.api.identity import Access
from chalicelib.api.reply import Prerendered
from chalicelib.identifiers import LARGEST_ID

# Path parameters that are numbers; any other value is answered with 404.
_NUMBERS = frozenset({"account_id", "category_id", "video_id"})


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
    is_by_cookies = operation.access not in (Access.PUBLIC, Access.RENEWAL)
    named = {
        "AcceptLanguage": True,
        "IfNoneMatch": is_validated(operation),
        "CsrfToken": is_by_cookies and operation.method != "GET",
    }
    return [
        {"$ref": f"#/components/parameters/{name}"} for name, is_read in named.items() if is_read
    ]
