"""The header `If-Match`: a change is made only of a version that its caller knows (RFC 9110)."""

import re
from dataclasses import replace
from typing import Any, TypeVar

from chalicelib.api.audit_rules import Key
from chalicelib.api.reply import Prerendered
from chalicelib.api.request import Call
from chalicelib.catalogue.versions import KnownVersions
from chalicelib.errors import InvalidInput

R = TypeVar("R")

# The operations that read it.
CONDITIONAL: frozenset[Key] = frozenset(
    {
        ("PATCH", "/video/{video_id}"),
        ("PUT", "/video/{video_id}"),
        ("DELETE", "/video/{video_id}"),
        ("PATCH", "/categories/{category_id}"),
        ("DELETE", "/categories/{category_id}"),
    }
)
_HEADER = "if-match"
_NAME = "If-Match"
_MALFORMED = 'Send "*", or entity tags with quotes and commas between them.'
_ANY = "*"
_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_TAGS = re.compile(rf"[ \t,]*{_TAG}(?:[ \t]*,[ \t,]*{_TAG})*[ \t,]*")
_EACH = re.compile(rf"({_TAG})")
# A tag is a version, and behind this sign a hash of what else its answer says.
_BEFORE_REST = ":"


def known_versions(call: Call[Any]) -> KnownVersions | None:
    """Return what the caller knows; None if a change is to be made in any case.

    What does not exist is 404 before. Weak tags are never equal to a version.
    """
    if _HEADER not in call.request.headers:
        return None
    text = str(call.request.headers[_HEADER]).strip(" \t")
    if text == _ANY:
        return None
    if not _TAGS.fullmatch(text):
        raise InvalidInput(fields={_NAME: [_MALFORMED]})
    strong = [tag[1:-1] for tag in _EACH.findall(text) if tag.startswith('"')]
    return KnownVersions([tag.partition(_BEFORE_REST)[0] for tag in strong], call.sent)


def tagged(answer: Prerendered[R], version: str) -> Prerendered[R]:
    """Return the answer with a strong tag that names the version in it."""
    rest = answer.etag.strip('"')
    return replace(answer, etag=f'"{version}{_BEFORE_REST}{rest}"')
