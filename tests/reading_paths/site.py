"""The whole app in this process, over moto, for stories to call."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType

import boto3
from moto import mock_aws

from infra.local.emulator import fresh_pair
from infra.local.gateway import Gateway
from tests import conftest
from tests.api.conftest import PASSWORD, Post, sign_in, sign_up
from tests.browser import Answer, Browser


@dataclass(frozen=True)
class Site:
    """An app without accounts and videos."""

    app: ModuleType
    gateway: Gateway

    @classmethod
    @contextmanager
    def started(cls) -> Iterator["Site"]:
        import app

        with mock_aws():
            conftest.make_resources()
            conftest.make_state_machine()
            boto3.client("secretsmanager").create_secret(
                Name=conftest.MEDIA_SECRET, SecretString=fresh_pair()
            )
            try:
                yield cls(app, Gateway(app.app))
            finally:
                conftest.forget_wiring()

    def browser(self) -> Browser:
        return Browser(self.gateway)

    def administrator(self) -> Browser:
        from chalicelib.wiring import accounts

        accounts.administration().ensure_admin(email="root@example.com", password=PASSWORD)
        browser = self.browser()
        good(sign_in(browser, "root@example.com"))
        return browser

    def viewer(self) -> Browser:
        browser = self.browser()
        good(sign_up(browser))
        uid, token = Post(self.app).link()
        good(browser.get(f"/activate/{uid}/{token}/"))
        good(sign_in(browser))
        return browser


def good(answer: Answer) -> Answer:
    if answer.status not in range(200, 300):
        raise RuntimeError(f"{answer.status}: {answer.body!r}")
    return answer
