"""A LocalStack that runs on this machine already: where it is, and whether it lasts."""

import asyncio
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from infra.refusal import Refusal

# What `localstack-client` reads, and how a person names a LocalStack for all programs.
_VARIABLES = ("AWS_ENDPOINT_URL", "LOCALSTACK_HOST", "USE_SSL")
_HOW_TO_START = (
    "start it, say where it is (LOCALSTACK_HOST=host:port), "
    "or leave AWS_EMULATOR out: then MiniStack is started"
)
_PATIENCE_SECONDS = 5
_PAUSE_SECONDS = 2
_MOST_SILENT_LOOKS = 5


@dataclass(frozen=True, slots=True)
class LocalStack:
    url: str
    version: str
    edition: str
    # Another one after every start.
    session_id: str

    @property
    def name(self) -> str:
        return f"LocalStack at {self.url}"

    async def ended(self) -> str:
        """Wait until it is gone, or has forgotten everything in a restart; return which."""
        silent = 0
        while silent < _MOST_SILENT_LOOKS:
            await asyncio.sleep(_PAUSE_SECONDS)
            info = await asyncio.to_thread(info_of, self.url)
            silent = 0 if info else silent + 1
            if info and info.get("session_id") != self.session_id:
                return f"{self.name} was started anew and has forgotten everything: start again."
        return f"{self.name} does not answer any more, and so everything else ends."


def url_of(given: Mapping[str, str]) -> str:
    """Return where LocalStack is, by its own variables; `LocalSettings` may come from a file."""
    from localstack_client import config

    with _environment({name: given[name] for name in _VARIABLES if name in given}):
        try:
            endpoint = urlsplit(config.get_service_endpoint("s3"))
        except RuntimeError as error:
            raise Refusal(f"LOCALSTACK_HOST must be host:port ({error}).") from error
    try:
        host, port = endpoint.hostname, endpoint.port or config.DEFAULT_EDGE_PORT
    except ValueError as error:
        raise Refusal(f"AWS_ENDPOINT_URL is no URL ({error}).") from error
    if not host:
        raise Refusal("AWS_ENDPOINT_URL must be of the form http://host:port.")
    # Its port takes both, and not all of our programs could check its certificate.
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def find(url: str) -> LocalStack:
    """Return the LocalStack that answers there; raise `Refusal` if none does."""
    info = info_of(url)
    if info is None:
        raise Refusal(f"No LocalStack answers at {url}: {_HOW_TO_START}.")
    if "session_id" not in info:
        raise Refusal(f"What answers at {url} is not LocalStack: {_HOW_TO_START}.")
    return LocalStack(url, info["version"], info.get("edition", ""), info["session_id"])


def info_of(url: str) -> Mapping[str, Any] | None:
    """Return what a LocalStack says about itself, `{}` if something else answers, or None."""
    return told(url, "/_localstack/info")


def told(url: str, path: str) -> Mapping[str, Any] | None:
    """Return the JSON object at a path, `{}` if there is none, or None if nothing answers."""
    at = urlsplit(url)
    with closing(HTTPConnection(at.hostname or "", at.port, timeout=_PATIENCE_SECONDS)) as asked:
        try:
            asked.request("GET", path)
            answer = asked.getresponse()
            body = answer.read()
        except (OSError, HTTPException):
            return None
    try:
        read = json.loads(body) if answer.status == HTTPStatus.OK else {}
    except ValueError:
        read = {}
    return read if isinstance(read, dict) else {}


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Show `localstack-client`, which reads the environment, what a `.env` file may say."""
    before = {name: os.environ.pop(name, None) for name in _VARIABLES}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
