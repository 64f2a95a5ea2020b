"""A page of a client, which sends what its source code sends and nothing else."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.gateway import Gateway, HttpRequest
from tests.dialects.playing import read

ORIGIN = "http://localhost:4200"


@dataclass(frozen=True, slots=True)
class Received:
    status: int
    headers: Mapping[str, str]
    body: Any


@dataclass(slots=True)
class Page:
    gateway: Gateway
    # Added to each request, as an interceptor does.
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Received:
        return self.send("GET", path, None, headers)

    def post(self, path: str, body: object) -> Received:
        return self.send("POST", path, body, {"Content-Type": "application/json"})

    def send(self, method: str, path: str, body: object, headers: Mapping[str, str]) -> Received:
        sent = {"Origin": ORIGIN, "User-Agent": "Firefox", **self.headers, **headers}
        raw = b"" if body is None else json.dumps(body).encode()
        answer = self.gateway.handle(HttpRequest(method, path, [*sent.items()], raw))
        answered = {name.lower(): value for name, value in answer.headers}
        content_type = answered.get("content-type", "")
        if method != "OPTIONS":
            assert not answer.body or content_type == "application/json", "bodies are empty or JSON"
        return Received(answer.status, answered, read(content_type, answer.body))
