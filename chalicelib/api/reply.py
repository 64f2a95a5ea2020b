"""Return types of views that are more than a JSON body."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NewType, Self, TypedDict, TypeVar

from chalicelib.accounts.tokens import Identity
from chalicelib.api.cookies import Cookie

R = TypeVar("R")

_ETAG_BYTES = 12


# Bodies that are not JSON are sent unchanged.
Playlist = NewType("Playlist", str)
Cues = NewType("Cues", str)
Page = NewType("Page", str)

MEDIA_TYPES: Mapping[Any, str] = {
    Playlist: "application/vnd.apple.mpegurl",
    Cues: "text/vtt; charset=utf-8",
    Page: "text/html; charset=utf-8",
}


class Detail(TypedDict):
    """One sentence for the user."""

    detail: str


@dataclass(frozen=True, slots=True)
class Reply(Generic[R]):
    body: R
    cookies: Iterable[Cookie] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    # The identity that the answer signs in, if any.
    identity: Identity | None = None
    # The sessions that the request ended.
    ended: Sequence[Identity] = ()
    # Whether sentences in the body, besides the usual fields, are in the caller's language.
    is_translated: bool = False


@dataclass(frozen=True, slots=True)
class Prerendered(Generic[R]):
    """A body rendered before and cached, with its ETag."""

    text: str
    etag: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, body: R, headers: Mapping[str, str] | None = None) -> Self:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        return cls.written(text, headers)

    @classmethod
    def written(cls, text: str, headers: Mapping[str, str] | None = None) -> Self:
        digest = hashlib.blake2b(text.encode(), digest_size=_ETAG_BYTES)
        for value in (headers or {}).values():
            digest.update(value.encode())
        return cls(text, f'"{digest.hexdigest()}"', headers or {})

    def is_known(self, if_none_match: str) -> bool:
        """Return whether the client has this text; a proxy may have made the ETag weak."""
        known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
        return self.etag in known or "*" in known
