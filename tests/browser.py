"""A browser as far as our API sees one: origin, cookies, CSRF header; it talks to a gateway."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from infra.local.gateway import HttpRequest, HttpResponse

PAGE = "http://127.0.0.1:5500"


class Server(Protocol):
    def handle(self, request: HttpRequest) -> HttpResponse: ...


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    set_cookies: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Browser:
    server: Server
    origin: str = PAGE
    address: str = "198.51.100.7"
    language: str = "en"
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, headers=headers)

    def post(self, path: str, sent: Any = None, **headers: str) -> Answer:
        return self.send("POST", path, sent, headers=headers)

    def patch(self, path: str, sent: Any = None) -> Answer:
        return self.send("PATCH", path, sent)

    def delete(self, path: str, sent: Any = None) -> Answer:
        return self.send("DELETE", path, sent)

    def send(
        self, method: str, path: str, sent: Any = None, *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send JSON, or bytes as they are; header names are written with underscores."""
        body = sent if isinstance(sent, bytes) else json.dumps(sent).encode() if sent else b""
        own = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        named = {**self._usual_headers(method), **self.headers, **own}
        wire = [(name, value) for name, value in named.items() if value]
        raw = self.server.handle(HttpRequest(method, f"/api{path}", wire, body, self.address))
        return self._read(raw)

    def _usual_headers(self, method: str) -> dict[str, str]:
        usual = {
            "content-type": "application/json",
            "origin": self.origin,
            "accept-language": self.language,
            "user-agent": "Firefox",
            "cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if method != "GET":
            usual["x-csrftoken"] = self.cookies.get("csrftoken", "")
        return usual

    def _read(self, raw: HttpResponse) -> Answer:
        set_cookies: dict[str, str] = {}
        for name, value in raw.headers:
            if name.lower() == "set-cookie":
                set_cookies[value.partition("=")[0]] = value
        for name, text in set_cookies.items():
            value = text.partition("=")[2].partition(";")[0]
            if "Max-Age=0" in text:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        headers = {name.lower(): value for name, value in raw.headers}
        return Answer(raw.status, headers, set_cookies, raw.body)
