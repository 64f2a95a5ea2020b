"""A named request of a dialect, with the steps that come before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any
from urllib.parse import urlencode

PASSWORD = "correct horse battery"
OTHER_PASSWORD = "staple lamp window"
ADA = "ada@example.com"
BOB = "bob@example.com"
ROOT = "root@example.com"


class Preparation(Enum):
    """What no request of a dialect can bring about; each player has its own way."""

    ADMINISTRATOR = "an active administrator with the address ROOT"
    VIDEO = "a published video and its category"
    TRAILER = "a published video that is a trailer"
    EXPIRY = "so much time that all tokens are over"
    DEACTIVATION = "an administrator deactivates the account of ADA"


Step = str | Preparation


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `{token}` and the like stand for values of earlier answers and mails."""

    name: str
    method: str
    path: str
    # JSON, unless it is raw: then it is sent as it is, with this content type.
    body: Any = None
    raw: str | None = None
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    before: Sequence[Step] = ()

    def as_json(self) -> dict[str, Any]:
        """Return what a recording says of the request."""
        named = {"method": self.method, "path": self.path}
        sent = {"headers": dict(self.headers), "body": self.body, "raw": self.raw}
        steps = [str(getattr(step, "value", step)) for step in self.before]
        is_json = self.content_type == "application/json"
        extra = {"before": steps, "content_type": "" if is_json else self.content_type}
        return named | {key: value for key, value in (sent | extra).items() if value}

    def but(self, case: str, **changes: Any) -> "Request":
        return replace(self, name=f"{self.name}, {case}", **changes)


def with_token(request: Request, authorization: str) -> Request:
    return replace(request, headers={**request.headers, "Authorization": authorization})


def as_form(request: Request) -> Request:
    """The request with its fields URL-encoded, as a form without scripts sends them."""
    form = "application/x-www-form-urlencoded"
    return request.but("as a form", body=None, raw=urlencode(request.body), content_type=form)


def wrong_methods(path: str, *methods: str) -> Sequence[Request]:
    return [Request(f"{path} by {method}", method, path) for method in methods]


def wrong_bodies(request: Request) -> Sequence[Request]:
    """The request with each kind of body that its form does not accept."""
    fields = list(request.body)
    wrong: dict[str, Any] = {
        "no fields": {},
        "blank fields": dict.fromkeys(fields, ""),
        "null fields": dict.fromkeys(fields),
        "lists as fields": {name: ["a", "b"] for name in fields},
        "objects as fields": {name: {"a": 1} for name in fields},
        "numbers as fields": dict.fromkeys(fields, 7),
        "true as fields": dict.fromkeys(fields, True),
        "a list": [1],
        "a text": "text",
    }
    without = {
        f"no {name}": {key: value for key, value in request.body.items() if key != name}
        for name in fields
        if len(fields) > 1
    }
    return [
        *(request.but(case, body=body) for case, body in (wrong | without).items()),
        request.but("not JSON", body=None, raw="{"),
        request.but("nothing", body=None, raw=""),
        request.but("plain text", body=None, raw="text", content_type="text/plain"),
    ]
