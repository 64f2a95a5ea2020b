"""CORS headers for the allowed origins."""

from collections.abc import Mapping

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

HEADERS = (
    "accept, accept-language, authorization, content-type, if-match, if-none-match, "
    "x-csrftoken, x-profile-token"
)
_EXPOSED = "allow, deprecation, etag, link, retry-after, sunset, x-request-id"
PREFLIGHT_SECONDS = 7200


def headers(origin: str, allowed: frozenset[str], exposed: str = _EXPOSED) -> Mapping[str, str]:
    """Return the CORS headers: the origin itself if it is allowed, and `Vary` in any case."""
    if origin not in allowed:
        return {"Vary": "Origin"}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": exposed,
        "Vary": "Origin",
    }


def preflight_headers(origin: str, allowed: frozenset[str]) -> Mapping[str, str]:
    """Allow every method, so that a wrong one yields a readable 405 and not a CORS error."""
    granted = headers(origin, allowed)
    if origin not in allowed:
        return granted
    return {
        **granted,
        "Access-Control-Allow-Methods": ", ".join(METHODS),
        "Access-Control-Allow-Headers": HEADERS,
        "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
    }
