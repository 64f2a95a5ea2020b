"""Plays a request after its steps, and reduces the answer to what is compared."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.dialects.request import Preparation, Request, Step

_REMEMBERED = ("token", "access", "refresh", "id")
_CODE = re.compile(r"[?&]code=([\w.~-]+)")
_LINK = re.compile(r"/(?:activate|reset-password|reset-email)/([\w.~-]+)/([\w.~-]+)")
_TAG = re.compile(r"<[^<>]*>")
_NUMBERS = {"id": "<id>", "video": "<id>", "height": "<height>"}
_TOKENS = frozenset({"token", "access", "refresh"})
_TIMES = frozenset({"created_at", "updated"})
_URLS = frozenset({"file", "thumbnail", "thumb", "hero_frame", "video_file", "source_url", "path"})


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it goes over the wire."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    content_type: str
    body: Any
    www_authenticate: str = ""
    location: str = ""

    def as_json(self) -> dict[str, Any]:
        optional = {"www_authenticate": self.www_authenticate, "location": self.location}
        named = {"status": self.status, "content_type": self.content_type, "body": self.body}
        return named | {key: value for key, value in optional.items() if value}


class Player(Protocol):
    """One backend under test, empty at the beginning."""

    def send(self, sent: Sent) -> Answer: ...

    def prepare(self, preparation: Preparation, known: Mapping[str, str]) -> Mapping[str, str]:
        """Bring it about, and return values to remember."""

    def mails(self) -> Sequence[str]:
        """The texts of all mails that were sent, the newest last."""


@dataclass(slots=True)
class Play:
    """A request of a table on a backend, with all that is known so far."""

    player: Player
    table: Mapping[str, Request]
    # Of ours, a step may be refused on purpose: its own comparison says so.
    may_steps_fail: bool = False
    known: dict[str, str] = field(default_factory=dict)
    taken: set[Step] = field(default_factory=set)

    def play(self, request: Request) -> Answer:
        for step in request.before:
            self.take(step)
        return self._send(request)

    def take(self, step: Step) -> None:
        """Take a step, after its own steps unless these were taken already."""
        self.taken.add(step)
        if isinstance(step, Preparation):
            self.known |= self.player.prepare(step, self.known)
            return
        for earlier in self.table[step].before:
            if earlier not in self.taken:
                self.take(earlier)
        answer = self._send(self.table[step])
        assert self.may_steps_fail or answer.status < 400, f"step {step!r}: {answer}"

    def _send(self, request: Request) -> Answer:
        answer = self.player.send(self.filled(request))
        self._remember(answer.body)
        return answer

    def filled(self, request: Request) -> Sent:
        sent = request.raw
        if sent is None:
            sent = "" if request.body is None else json.dumps(self._fill(request.body))
        headers = {"Accept": "application/json, text/plain, */*", **request.headers}
        if sent or request.raw is not None:
            headers["Content-Type"] = request.content_type
        filled = {name: self._fill(value) for name, value in headers.items()}
        return Sent(request.method, self._fill(request.path), filled, sent.encode())

    def _fill(self, value: Any) -> Any:
        match value:
            case str():
                return re.sub(r"\{(\w+)\}", self._value, value)
            case dict():
                return {key: self._fill(each) for key, each in value.items()}
            case list():
                return [self._fill(each) for each in value]
        return value

    def _value(self, name: re.Match[str]) -> str:
        return self.known.get(name[1], "unknown") if self.may_steps_fail else self.known[name[1]]

    def _remember(self, body: Any) -> None:
        if isinstance(body, dict):
            scalars = (str, int)
            names = [name for name in _REMEMBERED if isinstance(body.get(name), scalars)]
            self.known |= {name: str(body[name]) for name in names}
        self.known |= dict(pair for mail in self.player.mails() for pair in _links_of(mail))


def _links_of(mail: str) -> Iterator[tuple[str, str]]:
    if code := _CODE.search(mail):
        yield "code", code[1]
    if link := _LINK.search(mail):
        yield "uid", link[1]
        yield "link", link[2]


def reduced(answer: Answer) -> Answer:
    """Replace the values that differ from run to run by their kind."""
    return Answer(
        answer.status,
        answer.content_type,
        _kinds(answer.body),
        answer.www_authenticate,
        _LINK.sub(_named_link, answer.location),
    )


def _named_link(link: re.Match[str]) -> str:
    return f"{link[0][: link.start(1) - link.start()]}<uid>/<token>"


def _kinds(body: Any) -> Any:
    match body:
        case list():
            return [_kinds(each) for each in body]
        case dict():
            return {key: _kind(key, value) for key, value in body.items()}
    return body


def _kind(key: str, value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and key in _NUMBERS:
        return _NUMBERS[key]
    if key == "source_variants" and isinstance(value, list):
        return _distinct(_kinds(value))
    if isinstance(value, str):
        kinds = ((_TOKENS, "<token>"), (_TIMES, "<time>"), (_URLS, "<URL>"))
        return next((kind for keys, kind in kinds if key in keys), value)
    return _kinds(value)


def _distinct(shapes: list[Any]) -> list[Any]:
    """Each shape once: how many sizes a video has is no matter of its dialect."""
    return [shape for at, shape in enumerate(shapes) if shape not in shapes[:at]]


def read(content_type: str, body: bytes) -> Any:
    """Return a body as JSON if it says so, otherwise as text without markup, or nothing."""
    if not body:
        return None
    return json.loads(body) if content_type == "application/json" else _words(body.decode())


def _words(text: str) -> str:
    return " ".join(_TAG.sub(" ", text).split())
