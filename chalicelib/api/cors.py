"""Which pages may call us from a browser, and how they are told."""

from collections.abc import Mapping

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

_HEADERS = "accept, accept-language, authorization, content-type, if-none-match, x-csrftoken"
_EXPOSED = "allow, etag, link, retry-after, x-request-id"
_PREFLIGHT_SECONDS = 7200


def headers(origin: str, allowed: frozenset[str]) -> Mapping[str, str]:
    """Echo the exact origin if it is ours; caches must keep the answers apart either way."""
    if origin not in allowed:
        return {"Vary": "Origin"}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": _EXPOSED,
        "Vary": "Origin",
    }


def preflight_headers(origin: str, allowed: frozenset[str]) -> Mapping[str, str]:
    """Allow every method: a page that calls by a wrong one is to read our 405, not of CORS."""
    granted = headers(origin, allowed)
    if origin not in allowed:
        return granted
    return {
        **granted,
        "Access-Control-Allow-Methods": ", ".join(METHODS),
        "Access-Control-Allow-Headers": _HEADERS,
        "Access-Control-Max-Age": str(_PREFLIGHT_SECONDS),
    }
