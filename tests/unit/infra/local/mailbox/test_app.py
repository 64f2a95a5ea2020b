"""The mailbox shows mails without trusting their content."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pytest
from starlette.applications import Starlette

from infra.local.mailbox import mails
from infra.local.mailbox.app import mailbox
from infra.local.mailbox.mails import NoEmulator, ReceivedMail

EVIL = '<script>alert("1")</script>'
HTML = "<p>Hello <a href='https://videoflix.example/activate'>Activate</a></p>"
ADA = ReceivedMail(
    id="m1",
    sender=f"Videoflix {EVIL} <noreply@videoflix.test>",
    to=("Ada <ada@example.com>",),
    subject=f"Confirm {EVIL}",
    text=f"Hello {EVIL}",
    html=HTML,
    sent=datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
)
BOB = ReceivedMail("m2", "x@videoflix.test", ("bob@example.com",), "", "Hi", "", ADA.sent)


@dataclass(frozen=True)
class Browser:
    app: Starlette

    def get(
        self, path: str, *, host: str = "127.0.0.1:8025", query: Mapping[str, str] | None = None
    ) -> httpx.Response:
        async def answer() -> httpx.Response:
            wire = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=wire, base_url="http://mailbox") as client:
                return await client.get(path, params=query, headers={"Host": host})

        return asyncio.run(answer())


def browser(sent: Sequence[ReceivedMail] = (ADA, BOB)) -> Browser:
    return Browser(mailbox(lambda: sent))


@pytest.mark.parametrize("page", ["/", "/?to=ada@example.com", "/mails/m1"])
def test_values_of_a_mail_are_escaped(page: str) -> None:
    answer = browser().get(page)
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "Confirm &lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;" in answer.text


def test_a_search_term_is_escaped() -> None:
    assert "<script" not in browser().get("/", query={"to": EVIL}).text


@pytest.mark.parametrize("page", ["/", "/mails/m1", "/mails/none"])
def test_a_page_may_not_run_or_load_foreign_content(page: str) -> None:
    policy = browser().get(page).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; frame-src 'self';")
    assert "script-src" not in policy


def test_the_html_of_a_mail_is_in_a_sandbox() -> None:
    page = browser().get("/mails/m1").text
    assert '<iframe sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    framed = browser().get("/mails/m1/html")
    assert framed.text == f'<!doctype html><base target="_blank">{HTML}'
    assert framed.headers["content-security-policy"].startswith("sandbox allow-popups ")
    assert "allow-scripts" not in framed.headers["content-security-policy"]


def test_a_mail_without_html_has_no_frame_and_without_a_subject_still_a_link() -> None:
    assert "<iframe" not in browser().get("/mails/m2").text
    assert '<a href="/mails/m2">(no subject)</a>' in browser().get("/").text


def test_mails_are_listed_as_json_and_by_address() -> None:
    mails = browser().get("/api/mails", query={"to": "ADA@example.com"}).json()
    assert [mail["id"] for mail in mails] == ["m1"]
    assert mails[0] == {
        "id": "m1",
        "sender": ADA.sender,
        "to": ["Ada <ada@example.com>"],
        "subject": ADA.subject,
        "text": ADA.text,
        "html": HTML,
        "sent": "2026-11-21T12:00:00+00:00",
    }
    assert browser().get("/api/mails", query={"to": "da@example.com"}).json() == []


@pytest.mark.parametrize("host", ["evil.example:8025", "127.0.0.1.evil.example", "", "[::1"])
def test_a_foreign_host_name_is_refused(host: str) -> None:
    answer = browser().get("/api/mails", host=host)
    assert answer.status_code == 421
    assert "m1" not in answer.text


@pytest.mark.parametrize("host", ["localhost:8025", "127.0.0.1", "[::1]:8025"])
def test_every_name_of_this_machine_is_accepted(host: str) -> None:
    assert browser().get("/api/mails", host=host).status_code == 200


def test_an_empty_mailbox_and_a_missing_mail_are_explained() -> None:
    assert "No mail yet" in browser([]).get("/").text
    assert browser().get("/mails/none").status_code == 404


def test_an_unreachable_emulator_is_explained() -> None:
    def read() -> Sequence[ReceivedMail]:
        raise NoEmulator

    answer = Browser(mailbox(read)).get("/")
    assert answer.status_code == 503
    assert "does not answer" in answer.text


def test_a_mail_of_localstack_is_parsed() -> None:
    raw = (
        "From: Videoflix <noreply@videoflix.test>\r\nTo: ada@example.com\r\n"
        "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello\r\nAda\r\n"
        "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hello\r\n--b--\r\n"
    )
    stored = {"Id": "m3", "RawData": raw, "Timestamp": "2026-11-21T12:00:00", "Source": "x"}
    [mail] = mails.received({"/_aws/ses": {"messages": [stored]}}.get)
    assert (mail.subject, mail.to) == ("Grüße", ("ada@example.com",))
    assert (mail.text, mail.html.strip()) == ("Hello\nAda", "<p>Hello")
    assert mail.sent == datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
