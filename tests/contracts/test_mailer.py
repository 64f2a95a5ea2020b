"""Contract of `Mailer`, and tests of the one for SES."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends
from mypy_boto3_ses import SESClient

from chalicelib.accounts.mail import Mail, MailTemplate
from chalicelib.accounts.ports import Mailer
from chalicelib.adapters.ses import SesMailer
from chalicelib.language import Language
from tests.fakes.mailer import InMemoryMailer, MailRefused

pytestmark = pytest.mark.contract(of=Mailer)

REGION = "eu-central-1"
SENDER = "no-reply@videoflix.example"
MAIL = Mail(
    MailTemplate.PASSWORD_RESET,
    to="ada@example.com",
    language=Language.GERMAN,
    link="https://videoflix.example/reset?uid=7&token=" + "a1B2." * 40,
    name="Ada",
)


@dataclass(frozen=True)
class MailerHarness:
    mailer: Mailer
    recipients: Callable[[], list[str]]
    close: Callable[[], object]
    refusal: type[Exception]


@pytest.fixture
def ses() -> Iterator[SESClient]:
    with mock_aws():
        client = boto3.Session().client("ses", region_name=REGION)
        client.verify_email_identity(EmailAddress=SENDER)
        yield client


def in_memory() -> MailerHarness:
    mailer = InMemoryMailer()
    return MailerHarness(
        mailer,
        recipients=lambda: [mail.to for mail in mailer.mails],
        close=lambda: setattr(mailer, "is_accepting", False),
        refusal=MailRefused,
    )


def through(ses: SESClient) -> MailerHarness:
    return MailerHarness(
        SesMailer(ses, SENDER),
        recipients=lambda: [message["To"] for message in sent_through_ses()],
        close=lambda: ses.delete_identity(Identity=SENDER),
        refusal=ClientError,
    )


@pytest.fixture(params=["memory", "ses"])
def harness(request: pytest.FixtureRequest) -> MailerHarness:
    if request.param == "memory":
        return in_memory()
    return through(request.getfixturevalue("ses"))


def raw_through_ses() -> list[str]:
    backend = ses_backends[DEFAULT_ACCOUNT_ID][REGION]
    return [message.raw_data for message in backend.sent_messages]


def sent_through_ses() -> list[EmailMessage]:
    return [message_from_string(raw, EmailMessage, policy=default) for raw in raw_through_ses()]


def test_mails_reach_their_recipients_in_order(harness: MailerHarness) -> None:
    harness.mailer.send(MAIL)
    harness.mailer.send(replace(MAIL, to="grace@example.com"))
    assert harness.recipients() == ["ada@example.com", "grace@example.com"]


@pytest.mark.parametrize("template", MailTemplate)
@pytest.mark.parametrize("language", Language)
def test_every_kind_of_mail_is_accepted(
    harness: MailerHarness, template: MailTemplate, language: Language
) -> None:
    harness.mailer.send(replace(MAIL, template=template, language=language))
    assert harness.recipients() == [MAIL.to]


def test_a_refused_mail_raises_so_that_the_queue_retries(
    harness: MailerHarness,
) -> None:
    harness.close()
    with pytest.raises(harness.refusal):
        harness.mailer.send(MAIL)
    assert harness.recipients() == []


def test_through_ses_a_mail_has_the_same_content_as_text_and_as_html(
    ses: SESClient,
) -> None:
    SesMailer(ses, SENDER).send(MAIL)
    [message] = sent_through_ses()
    assert message.get_content_type() == "multipart/alternative"
    parts = list(message.iter_parts())
    # Clients prefer the last part.
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    text, page = (part.get_content() for part in parts)
    assert text.startswith("Hallo Ada,")
    assert "du möchtest ein neues Passwort" in text
    assert MAIL.link in text.splitlines()
    assert "du möchtest ein neues Passwort" in page
    assert MAIL.link.replace("&", "&amp;") in page


def test_through_ses_a_mail_has_sender_date_and_language(
    ses: SESClient,
) -> None:
    SesMailer(ses, SENDER).send(MAIL)
    [message] = sent_through_ses()
    assert message["From"] == f"Videoflix <{SENDER}>"
    assert message["Subject"] == "Wähle ein neues Passwort"
    assert message["Content-Language"] == "de"
    assert abs(message["Date"].datetime - datetime.now(UTC)) < timedelta(minutes=1)


def test_through_ses_a_mail_asks_for_no_automatic_replies(ses: SESClient) -> None:
    SesMailer(ses, SENDER).send(MAIL)
    [message] = sent_through_ses()
    assert message["Auto-Submitted"] == "auto-generated"


def test_ses_gets_one_recipient_and_reads_none_from_the_message(ses: SESClient) -> None:
    calls: list[dict[str, object]] = []
    ses.meta.events.register(
        "provide-client-params.ses.SendRawEmail", lambda params, **_: calls.append(params)
    )
    SesMailer(ses, SENDER).send(MAIL)
    assert [call["Destinations"] for call in calls] == [[MAIL.to]]


def test_the_message_id_is_left_to_ses(ses: SESClient) -> None:
    SesMailer(ses, SENDER).send(MAIL)
    [message] = sent_through_ses()
    assert message["Message-ID"] is None


def test_the_sender_may_have_a_display_name(ses: SESClient) -> None:
    SesMailer(ses, f"Küche & Kino <{SENDER}>").send(MAIL)
    [message] = sent_through_ses()
    assert message["From"].addresses[0].display_name == "Küche & Kino"
    assert message["From"].addresses[0].addr_spec == SENDER


def test_an_encoded_mail_is_ascii_in_short_lines(ses: SESClient) -> None:
    SesMailer(ses, SENDER).send(MAIL)
    [raw] = raw_through_ses()
    lines = raw.split("\r\n")
    assert raw.isascii()
    assert "\n" not in "".join(lines)
    assert max(map(len, lines)) <= 78


@pytest.mark.parametrize(
    "hostile",
    [
        "ada@example.com\r\nBcc: eve@evil.example",
        "ada@example.com\nBcc: eve@evil.example",
        "ada@example.com, eve@evil.example",
        "Ada <ada@example.com>",
        "ada",
    ],
)
def test_through_ses_a_recipient_must_be_exactly_one_address(ses: SESClient, hostile: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        SesMailer(ses, SENDER).send(replace(MAIL, to=hostile))
    assert raw_through_ses() == []


def test_a_sender_cannot_add_a_header(ses: SESClient) -> None:
    with pytest.raises(ValueError, match=r".+"):
        SesMailer(ses, f"Videoflix\r\nBcc: eve@evil.example <{SENDER}>").send(MAIL)
    assert raw_through_ses() == []


def test_mails_use_the_configuration_set_of_the_stage(
    ses: "SESClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    ses.create_configuration_set(ConfigurationSet={"Name": "videoflix-mail"})
    sent: list[str] = []
    send = ses.send_raw_email

    def sending(**options: Any) -> Any:
        sent.append(options.get("ConfigurationSetName", ""))
        return send(**options)

    monkeypatch.setattr(ses, "send_raw_email", sending)
    SesMailer(ses, SENDER, "videoflix-mail").send(MAIL)
    SesMailer(ses, SENDER).send(MAIL)
    assert sent == ["videoflix-mail", ""]
