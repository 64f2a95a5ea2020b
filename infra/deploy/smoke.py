"""Ask what was deployed whether it works, from outside, as anybody would."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx

from infra.refusal import Refusal

# A new distribution's name takes a while to be known everywhere.
_PATIENCE_SECONDS = 120
_PAUSE_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Address:
    base: str
    # Path of the API beneath it.
    api: str = "/api"
    patience_seconds: float = _PATIENCE_SECONDS
    transport: httpx.BaseTransport | None = None

    def require_healthy(self) -> None:
        self._insist("the API answers", self._health)

    def require_all(self, *, origin: str, has_edge: bool) -> tuple[str, ...]:
        """Raise `Refusal` at the first thing that does not work; return what does."""
        checks = {
            "the API answers": self._health,
            "the API describes itself": self._document,
            "pages may call": lambda asked: self._preflight(asked, origin),
        }
        if has_edge:
            checks["the page is there"] = self._page
            checks["media are locked"] = self._locked
        for name, check in checks.items():
            self._insist(name, check)
        return tuple(checks)

    def _insist(self, name: str, check: Callable[[httpx.Client], str]) -> None:
        wrong = ""
        for client in self._tries():
            try:
                wrong = check(client)
            except httpx.HTTPError as error:
                wrong = str(error)
            if not wrong:
                return
        raise Refusal(f"Not so at {self.base}: {name}: {wrong}")

    def _tries(self) -> Iterator[httpx.Client]:
        deadline = time.monotonic() + self.patience_seconds
        # A proxy of the person's is for the outside, never for an emulator.
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
        return "" if answer.status_code == httpx.codes.OK else _told(answer)

    def _document(self, client: httpx.Client) -> str:
        answer = client.get(f"{self.api}/openapi.json")
        return "" if answer.is_success and answer.json().get("paths") else _told(answer)

    def _preflight(self, client: httpx.Client, origin: str) -> str:
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        answer = client.options(f"{self.api}/login/", headers=headers)
        allowed = answer.headers.get("Access-Control-Allow-Origin")
        return "" if answer.is_success and allowed == origin else _told(answer)

    def _page(self, client: httpx.Client) -> str:
        answer = client.get("/")
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        return "" if answer.is_success and is_page else _told(answer)

    def _locked(self, client: httpx.Client) -> str:
        answer = client.get("/media/1/1/any")
        return "" if answer.status_code == httpx.codes.FORBIDDEN else _told(answer)


def _told(answer: httpx.Response) -> str:
    return f"{answer.request.method} {answer.request.url} gave {answer.status_code}"
