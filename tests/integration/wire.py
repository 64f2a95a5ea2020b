"""A browser's way to the API over real HTTP."""

import http.client
import re
import time
from dataclasses import dataclass
from typing import Protocol

import httpx

from infra.local.gateway import HttpRequest, HttpResponse
from tests.integration.supervised import Run

_PATIENCE_SECONDS = 30
# The query of a page of the official frontend, or the fragment of our own.
LINK = re.compile(r"(?:uid=|#/\w+/)([\w.~-]+)(?:&token=|/)([\w.~-]+)")


@dataclass(frozen=True)
class Address:
    """A server, and how the API is reached there: by what stands before its paths."""

    port: int
    before: str = ""

    def handle(self, request: HttpRequest) -> HttpResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            target = f"{self.before}{request.target}"
            connection.request(request.method, target, request.body or None, dict(request.headers))
            answer = connection.getresponse()
            return HttpResponse(answer.status, answer.getheaders(), answer.read())
        finally:
            connection.close()


@dataclass(frozen=True)
class Wire:
    run: Run

    def handle(self, request: HttpRequest) -> HttpResponse:
        return Address(self.run.settings.api_port).handle(request)


class Mailbox(Protocol):
    """Where mails arrive, and what is said about it when they do not."""

    @property
    def mailbox_url(self) -> str: ...

    @property
    def output(self) -> str: ...


def mails(mailbox: Mailbox, to: str, *, at_least: int = 1) -> list[str]:
    """Wait until the mailbox holds so many mails; return their texts, the newest first."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        listed = httpx.get(f"{mailbox.mailbox_url}/api/mails", params={"to": to}, timeout=30).json()
        if len(listed) >= at_least:
            return [mail["text"] for mail in listed]
        time.sleep(0.1)
    raise AssertionError(f"no mail to {to}:\n{mailbox.output}")


def wait_for_empty_queue(run: Run) -> None:
    """Wait until every ordered mail was written, or was not needed."""
    sqs = run.client("sqs")
    url = sqs.get_queue_url(QueueName="videoflix-mail")["QueueUrl"]
    counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        left = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=counts)["Attributes"]
        if not any(int(left[count]) for count in counts):
            return
        time.sleep(0.1)
    raise AssertionError(f"mails are still waiting:\n{run.output}")


def link(text: str) -> tuple[str, str]:
    """Return the uid and token of the link in a mail."""
    match = LINK.search(text)
    assert match, text
    return match[1], match[2]
