"""Mails through the SES of LocalStack, which has version 1 of its API only."""

from collections.abc import Iterator
from email import message_from_string
from email.policy import default

import httpx
import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters.ses import SesMailer
from tests.contracts.test_mailer import (
    MailerHarness,
    test_a_refused_mail_raises_so_that_the_queue_retries,
    test_every_kind_of_mail_is_accepted,
    test_mails_reach_their_recipients_in_order,
)
from tests.localstack.conftest import SENDER, Cloud

__all__ = [
    "test_a_refused_mail_raises_so_that_the_queue_retries",
    "test_every_kind_of_mail_is_accepted",
    "test_mails_reach_their_recipients_in_order",
]


@pytest.fixture
def harness(running: Cloud) -> Iterator[MailerHarness]:
    ses = running.client("ses")
    ses.verify_email_identity(EmailAddress=SENDER)
    address = f"{running.url}/_aws/ses"

    def recipients() -> list[str]:
        sent = httpx.get(address).json()["messages"]
        return [message_from_string(each["RawData"], policy=default)["To"] for each in sent]

    httpx.delete(address)
    yield MailerHarness(
        SesMailer(ses, SENDER),
        recipients=recipients,
        close=lambda: ses.delete_identity(Identity=SENDER),
        refusal=ClientError,
    )
    httpx.delete(address)
