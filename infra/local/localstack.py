"""A LocalStack that runs already: its URL, and whether it still runs."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from infra.terminal import Refusal

_HOW_TO_START = (
    "start it, say where it is (LOCALSTACK_HOST=host:port), "
    "or leave AWS_EMULATOR out: then MiniStack is started"
)
_PATIENCE_SECONDS = 5
_PAUSE_SECONDS = 2
_MOST_FAILURES = 5


@dataclass(frozen=True, slots=True)
class LocalStack:
    url: str
    version: str
    edition: str
    # It changes with every start.
    session_id: str

    @property
    def name(self) -> str:
        return f"LocalStack at {self.url}"

    async def ended(self) -> str:
        """Wait until it stops, or loses its data in a restart; return a message."""
        failures = 0
        while failures < _MOST_FAILURES:
            await asyncio.sleep(_PAUSE_SECONDS)
            info = await asyncio.to_thread(info_of, self.url)
            failures = 0 if info else failures + 1
            if info and info.get("session_id") != self.session_id:
                return f"{self.name} was started anew and has forgotten everything: start again."
        return f"{self.name} does not answer any more, and so everything else ends."


def url_of(variables: Mapping[str, str]) -> str:
    """Return the URL of LocalStack by its client's variables, which may be of a `.env` file."""
    from localstack_client import config

    try:
        if endpoint := variables.get("AWS_ENDPOINT_URL", "").strip():
            at = urlsplit(endpoint)
            host, port = at.hostname, at.port or config.DEFAULT_EDGE_PORT
        else:
            host, port = config.parse_localstack_host(variables.get("LOCALSTACK_HOST", ""))
    except RuntimeError as error:
        raise Refusal(f"LOCALSTACK_HOST must be host:port ({error}).") from error
    except ValueError as error:
        raise Refusal(f"AWS_ENDPOINT_URL is no URL ({error}).") from error
    if not host:
        raise Refusal("AWS_ENDPOINT_URL must be of the form http://host:port.")
    # Its port takes HTTP and HTTPS, and not all programs could check its certificate.
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def find(url: str) -> LocalStack:
    """Return the LocalStack at a URL; raise `Refusal` if there is none."""
    info = info_of(url)
    if info is None:
        raise Refusal(f"No LocalStack answers at {url}: {_HOW_TO_START}.")
    if "session_id" not in info:
        raise Refusal(f"What answers at {url} is not LocalStack: {_HOW_TO_START}.")
    return LocalStack(url, info["version"], info.get("edition", ""), info["session_id"])


def info_of(url: str) -> Mapping[str, Any] | None:
    """Return LocalStack's information, `{}` if something else answers, None if nothing does."""
    return json_at(url, "/_localstack/info")


def json_at(url: str, path: str) -> Mapping[str, Any] | None:
    """Return the JSON object at a path, `{}` if there is none, None if nothing answers."""
    try:
        answer = httpx.get(f"{url}{path}", timeout=_PATIENCE_SECONDS, trust_env=False)
        read = answer.json() if answer.status_code == httpx.codes.OK else {}
    except httpx.HTTPError:
        return None
    except ValueError:
        read = {}
    return read if isinstance(read, dict) else {}
