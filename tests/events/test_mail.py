"""The handler of the mail queue."""

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.accounts.mail import UnreadableMailRequest
from chalicelib.wiring import stage
from tests.api.conftest import Post, sign_up
from tests.browser import Browser
from tests.fakes.clock import HandClock
from tests.queues import event_of


def waiting() -> list[str]:
    url = stage.settings().mail_queue_url
    got = boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return [message["Body"] for message in got.get("Messages", [])]


def test_an_outage_of_ses_fails_the_message_for_a_retry(browser: Browser, post: Post) -> None:
    sign_up(browser)
    (request,) = waiting()
    ses = boto3.client("ses")
    ses.delete_identity(Identity="noreply@videoflix.test")
    with pytest.raises(ClientError):
        post.app.on_mail(event_of(request), None)
    ses.verify_email_identity(EmailAddress="noreply@videoflix.test")
    post.app.on_mail(event_of(request), None)
    assert [mail["To"] for mail in post.sent()] == ["ada@example.com"]


def test_an_outage_of_ses_does_not_stop_a_registration(browser: Browser) -> None:
    boto3.client("ses").delete_identity(Identity="noreply@videoflix.test")
    assert sign_up(browser).status == 201


def test_a_duplicate_message_sends_two_links_of_which_one_can_be_redeemed(
    browser: Browser, post: Post
) -> None:
    sign_up(browser)
    (request,) = waiting()
    post.app.on_mail(event_of(request), None)
    first = post.link()
    post.app.on_mail(event_of(request), None)
    second = post.link()
    assert browser.get(f"/activate/{first[0]}/{first[1]}/").status == 200
    assert browser.get(f"/activate/{second[0]}/{second[1]}/").status == 400


def test_a_late_message_follows_the_current_state_of_the_account(
    browser: Browser, post: Post, clock: HandClock
) -> None:
    sign_up(browser)
    (request,) = waiting()
    clock.advance(days=5)
    post.app.on_mail(event_of(request), None)
    assert post.sent() == []


@pytest.mark.parametrize("body", ["", "{}", "[]", "null", '{"kind": "sign_up"}', "no json"])
def test_an_unknown_message_goes_to_the_dead_letter_queue(post: Post, body: str) -> None:
    with pytest.raises(UnreadableMailRequest):
        post.app.on_mail(event_of(body), None)


def test_a_queued_request_holds_no_secret(browser: Browser, post: Post) -> None:
    sign_up(browser)
    (request,) = waiting()
    post.app.on_mail(event_of(request), None)
    assert post.link()[1] not in request
    assert "argon2" not in request
