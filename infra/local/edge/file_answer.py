"""Answer with a file: all of it or a range, or 304 if the client has it already."""

import asyncio
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import BinaryIO

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
# Large, because each chunk costs a hop to a thread and back.
_CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Span:
    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class Unsatisfiable(Exception):
    """The range begins after the end of the file."""


def parse(header: str, size: int) -> Span | None:
    """Return the requested bytes; None for the whole file; raise `Unsatisfiable`.

    An invalid header is ignored, as the standard says; so are several ranges at once.
    """
    match = _RANGE.fullmatch(header.strip().replace(" ", ""))
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        length = min(int(match[2]), size)
        if not length:
            raise Unsatisfiable
        return Span(size - length, size - 1)
    first = int(match[1])
    last = min(int(match[2]), size - 1) if match[2] else size - 1
    if match[2] and int(match[2]) < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return Span(first, last)


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """An ASGI application for one request; it closes the file."""

    file: BinaryIO
    size: int
    etag: str
    headers: Mapping[str, str] = field(default_factory=dict)

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        with self.file:
            request_headers = Headers(scope=scope)
            if _holds(request_headers.get("if-none-match", ""), self.etag):
                await self._start(send, HTTPStatus.NOT_MODIFIED, {})
                await send({"type": "http.response.body"})
                return
            try:
                span = self._span(request_headers)
            except Unsatisfiable:
                await self._refuse_range(send)
                return
            await self._send(send, span, with_body=scope["method"] != "HEAD")

    def _span(self, request_headers: Headers) -> Span | None:
        condition = request_headers.get("if-range")
        if condition is not None and condition.strip() != self.etag:
            return None  # the client's part is of another object
        return parse(request_headers.get("range", ""), self.size)

    async def _send(self, send: Send, span: Span | None, *, with_body: bool) -> None:
        whole = Span(0, self.size - 1)
        sent = span or whole
        fields = {"content-length": str(sent.length)}
        if span:
            fields["content-range"] = f"bytes {span.first}-{span.last}/{self.size}"
        status = HTTPStatus.PARTIAL_CONTENT if span else HTTPStatus.OK
        await self._start(send, status, fields)
        if with_body:
            await self._send_bytes(send, sent)
        else:
            await send({"type": "http.response.body"})

    async def _send_bytes(self, send: Send, sent: Span) -> None:
        number, position, end = self.file.fileno(), sent.first, sent.last + 1
        while True:
            length = min(_CHUNK_BYTES, end - position)
            body = await asyncio.to_thread(os.pread, number, length, position) if length else b""
            position += len(body)
            if len(body) < length:
                raise EOFError("the file is shorter than it was")
            more = position < end
            await send({"type": "http.response.body", "body": body, "more_body": more})
            if not more:
                return

    async def _refuse_range(self, send: Send) -> None:
        fields = {"content-range": f"bytes */{self.size}", "content-length": "0"}
        fields["cache-control"] = "no-store"
        await self._start(send, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, fields)
        await send({"type": "http.response.body"})

    async def _start(self, send: Send, status: int, fields: Mapping[str, str]) -> None:
        headers = {**self.headers, "etag": self.etag, "accept-ranges": "bytes", **fields}
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [
                    (name.lower().encode(), value.encode()) for name, value in headers.items()
                ],
            }
        )


def _holds(listed: str, etag: str) -> bool:
    named = [each.strip().removeprefix("W/") for each in listed.split(",")]
    return etag in named or "*" in named
