"""Which pages may read media: CloudFront is given the same rules."""

from collections.abc import Mapping

_EXPOSED = "Content-Length, Content-Range, Content-Type, Date, ETag"


def headers(origin: str, allowed: frozenset[str]) -> Mapping[str, str]:
    # A redirect from the API leads here as `null`. That gives nothing away: what opens an object
    # is its address, never a cookie.
    if not (origin in allowed or origin == "null"):
        return {"Vary": "Origin"}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": _EXPOSED,
        "Vary": "Origin",
    }


def preflight(origin: str, allowed: frozenset[str]) -> Mapping[str, str]:
    granted = headers(origin, allowed)
    if "Access-Control-Allow-Origin" not in granted:
        return granted
    return {
        **granted,
        "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
        "Access-Control-Allow-Headers": "range, if-range, if-none-match, content-type",
        "Access-Control-Max-Age": "7200",
    }
