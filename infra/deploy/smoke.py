"""Check a deployed stage from outside, over HTTP."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx

from infra.terminal import Refusal

# The DNS name of a new distribution takes a while to be known everywhere.
_PATIENCE_SECONDS = 120
_PAUSE_SECONDS = 3


@dataclass(frozen=True, slots=True)
class SmokeTest:
    base: str
    # Path of the API beneath it.
    api: str = "/api"
    patience_seconds: float = _PATIENCE_SECONDS
    transport: httpx.BaseTransport | None = None

    def require_healthy(self) -> None:
        self._require("the API answers", self._health)

    def require_all(self, *, origin: str, has_edge: bool) -> tuple[str, ...]:
        """Raise `Refusal` at the first check that fails; return the names of all checks."""
        checks = {
            "the API answers": self._health,
            "the API describes itself": self._document,
            "pages may call": lambda client: self._preflight(client, origin),
        }
        if has_edge:
            checks["the page is there"] = self._page
            checks["media are locked"] = self._locked
        for name, check in checks.items():
            self._require(name, check)
        return tuple(checks)

    def _require(self, name: str, check: Callable[[httpx.Client], str]) -> None:
        problem = ""
        for client in self._clients():
            try:
                problem = check(client)
            except httpx.HTTPError as error:
                problem = str(error)
            if not problem:
                return
        raise Refusal(f"Check failed at {self.base}: {name}: {problem}")

    def _clients(self) -> Iterator[httpx.Client]:
        deadline = time.monotonic() + self.patience_seconds
        # The user's proxy is for the internet, never for an emulator.
        is_outside = self.base.startswith("https:")
        with httpx.Client(
            base_url=self.base, timeout=40, trust_env=is_outside, transport=self.transport
        ) as client:
            yield client
            while time.monotonic() < deadline:
                time.sleep(min(_PAUSE_SECONDS, self.patience_seconds / 4))
                yield client

    def _health(self, client: httpx.Client) -> str:
        answer = client.get(f"{self.api}/health/")
        return "" if answer.status_code == httpx.codes.OK else _summary(answer)

    def _document(self, client: httpx.Client) -> str:
        answer = client.get(f"{self.api}/openapi.json")
        return "" if answer.is_success and answer.json().get("paths") else _summary(answer)

    def _preflight(self, client: httpx.Client, origin: str) -> str:
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        answer = client.options(f"{self.api}/login/", headers=headers)
        allowed = answer.headers.get("Access-Control-Allow-Origin")
        return "" if answer.is_success and allowed == origin else _summary(answer)

    def _page(self, client: httpx.Client) -> str:
        answer = client.get("/")
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        return "" if answer.is_success and is_page else _summary(answer)

    def _locked(self, client: httpx.Client) -> str:
        answer = client.get("/media/1/1/any")
        return "" if answer.status_code == httpx.codes.FORBIDDEN else _summary(answer)


def _summary(answer: httpx.Response) -> str:
    return f"{answer.request.method} {answer.request.url} gave {answer.status_code}"
