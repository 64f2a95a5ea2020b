"""Fixtures: the whole app over moto, with browsers and a mail queue that tests deliver."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from typing import Any

import boto3
import pytest

from chalicelib.wiring import accounts, stage
from infra import mail_settings
from infra.local.emulator import fresh_pair
from infra.local.gateway import Gateway
from tests.api.encoder import Encoder
from tests.browser import Answer, Browser
from tests.conftest import forget_wiring
from tests.fakes.clock import HandClock
from tests.permissions import Guard, guarding

PASSWORD = "correct horse battery"
ADDRESS = "ada@example.com"


@dataclass
class Post:
    """Delivers the messages of the mail queue through the real handler."""

    app: Any

    def newest(self, to: str = ADDRESS) -> EmailMessage | None:
        self.deliver()
        return next((mail for mail in reversed(self.sent()) if mail["To"] == to), None)

    def link(self, to: str = ADDRESS) -> tuple[str, str]:
        """Return uid and token of the newest mail."""
        mail = self.newest(to)
        assert mail is not None
        body = mail.get_body(("plain",))
        assert body is not None
        match = re.search(r"(?:uid=|#/\w+/)([\w.~-]+)(?:&token=|/)([\w.~-]+)", body.get_content())
        assert match, body.get_content()
        return match[1], match[2]

    def deliver(self) -> None:
        sqs = boto3.client("sqs")
        url = stage.settings().mail_queue_url
        while messages := sqs.receive_message(
            QueueUrl=url, MessageAttributeNames=["All"], MaxNumberOfMessages=10
        ).get("Messages", []):
            for message in messages:
                self.app.on_mail(sqs_event(message), None)
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def sent(self) -> list[EmailMessage]:
        from moto.ses.models import ses_backends

        backend = ses_backends["123456789012"]["eu-central-1"]
        return [
            message_from_string(each.raw_data, policy=default) for each in backend.sent_messages
        ]


def sqs_event(message: Any) -> dict[str, Any]:
    attributes = {
        name: {"stringValue": value["StringValue"], "dataType": value["DataType"]}
        for name, value in message.get("MessageAttributes", {}).items()
    }
    record = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "messageAttributes": attributes,
    }
    return {"Records": [record]}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> HandClock:
    clock = HandClock()
    monkeypatch.setattr(stage, "clock", lambda: clock)
    return clock


@pytest.fixture(autouse=True)
def guard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Guard]:
    """Fail if a function makes a call that its policy does not allow."""
    guard = guarding(monkeypatch)
    yield guard
    assert guard.refused == []


@pytest.fixture
def gateway(cloud: None, clock: HandClock) -> Gateway:  # noqa: ARG001
    from app import app

    return Gateway(app)


@pytest.fixture
def links_of_make_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_LINKS", mail_settings.links_of_angular_pages())
    forget_wiring()


@pytest.fixture
def browser(gateway: Gateway) -> Browser:
    return Browser(gateway)


@pytest.fixture
def post(gateway: Gateway) -> Post:  # noqa: ARG001
    import app

    return Post(app)


def sign_up(browser: Browser, email: str = ADDRESS, password: str = PASSWORD) -> Answer:
    sent = {"email": email, "password": password, "confirmed_password": password}
    return browser.post("/register/", sent)


def sign_in(browser: Browser, email: str = ADDRESS, password: str = PASSWORD) -> Answer:
    return browser.post("/login/", {"email": email, "password": password})


def copied_session(browser: Browser) -> Browser:
    """A browser with the same cookies, as a thief has it."""
    return Browser(browser.server, cookies=dict(browser.cookies))


@pytest.fixture
def member(browser: Browser, post: Post) -> Browser:
    """A browser of the active account of Ada, not signed in."""
    assert sign_up(browser).status == 201
    uid, token = post.link()
    assert browser.get(f"/activate/{uid}/{token}/").status == 200
    return browser


@pytest.fixture
def signed_in(member: Browser) -> Browser:
    assert sign_in(member).status == 200
    return member


@pytest.fixture
def admin(gateway: Gateway) -> Browser:
    accounts.administration().ensure_admin(email="root@example.com", password=PASSWORD)
    browser = Browser(gateway)
    assert sign_in(browser, "root@example.com").status == 200
    return browser


@pytest.fixture
def encoder(gateway: Gateway, clock: HandClock) -> Encoder:  # noqa: ARG001
    boto3.client("secretsmanager").create_secret(
        Name=os.environ["MEDIA_KEYS_SECRET"], SecretString=fresh_pair()
    )
    return Encoder(clock)
