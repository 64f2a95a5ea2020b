"""CORS headers of media, by the same rules as CloudFront's."""

from collections.abc import Mapping

from chalicelib.api.cors import PREFLIGHT_SECONDS

_EXPOSED = "Content-Length, Content-Range, Content-Type, Date, ETag"


def headers(origin: str, allowed: frozenset[str]) -> Mapping[str, str]:
    # After a redirect from the API the origin is `null`. Allowing it is safe: access to an object
    # depends on its signed URL, never on a cookie.
    if not (origin in allowed or origin == "null"):
        return {"Vary": "Origin"}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": _EXPOSED,
        "Vary": "Origin",
    }


def preflight(origin: str, allowed: frozenset[str]) -> Mapping[str, str]:
    fields = headers(origin, allowed)
    if "Access-Control-Allow-Origin" not in fields:
        return fields
    return {
        **fields,
        "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
        "Access-Control-Allow-Headers": "range, if-range, if-none-match, content-type",
        "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
    }
