"""Content of the logs, and secrets that they must not contain."""

import io
import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from chalicelib.errors import Unavailable
from chalicelib.telemetry import log
from chalicelib.wiring import accounts, stage
from tests.api.conftest import ADDRESS, PASSWORD, Post, sign_in, sign_up
from tests.browser import Browser

NEW = "a much better horse"
ReadLog = Callable[[], str]


@pytest.fixture
def read_log(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> ReadLog:
    stream = io.StringIO()
    monkeypatch.setattr(log.registered_handler, "stream", stream)

    def read() -> str:
        metrics = capsys.readouterr()
        return stream.getvalue() + metrics.out + metrics.err

    return read


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if '"message"' in line]


def test_no_secret_is_logged_from_sign_up_to_deletion(
    browser: Browser, post: Post, read_log: ReadLog
) -> None:
    secrets = {PASSWORD, NEW, "a wrong guess"}
    sign_up(browser)
    activation = post.link()
    browser.get(f"/activate/{activation[0]}/{activation[1]}/")
    sign_in(browser, password="a wrong guess")
    sign_in(browser)
    secrets |= set(browser.cookies.values())
    browser.post("/token/refresh/")
    secrets |= set(browser.cookies.values())
    browser.post("/user/tokens/", {"label": "x", "password": PASSWORD})
    browser.post("/password_reset/", {"email": ADDRESS})
    reset = post.link()
    browser.post(f"/password_confirm/{reset[0]}/{reset[1]}/", {"password": NEW})
    secrets |= {activation[1], reset[1]}
    logged = read_log()
    assert len(lines(logged)) > 8
    assert [secret for secret in secrets if secret in logged] == []


def test_a_failure_is_logged_with_its_traceback_and_without_secrets(
    browser: Browser, read_log: ReadLog
) -> None:
    boto3.client("dynamodb").delete_table(TableName=stage.settings().accounts_table)
    sign_in(browser)
    logged = read_log()
    (failure,) = [line for line in lines(logged) if line["level"] == "ERROR"]
    assert "Traceback" in failure["exception"]
    assert PASSWORD not in logged


def test_a_request_and_the_mail_it_caused_share_a_correlation_id(
    browser: Browser, post: Post, read_log: ReadLog
) -> None:
    request_id = sign_up(browser).headers["x-request-id"]
    post.deliver()
    correlation_ids = {line["message"]: line["correlation_id"] for line in lines(read_log())}
    assert correlation_ids == {"request": request_id, "mail sent": request_id}


def test_refusals_and_mails_are_counted(browser: Browser, post: Post, read_log: ReadLog) -> None:
    sign_up(browser)
    post.deliver()
    sign_in(browser, password="a wrong guess")
    metrics = [json.loads(line) for line in read_log().splitlines() if '"_aws"' in line]
    assert [metric.get("template") for metric in metrics if "MailSent" in metric] == ["activation"]
    assert [metric["code"] for metric in metrics if "Refused" in metric] == ["wrong_credentials"]


def test_a_route_is_logged_as_its_pattern(browser: Browser, read_log: ReadLog) -> None:
    browser.get("/activate/12345/secret-token/")
    (line,) = lines(read_log())
    assert line["route"] == "/activate/{uid}/{token}"
    assert line["status"] == 400


def test_a_health_check_is_logged_only_if_something_is_wrong(
    browser: Browser, read_log: ReadLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert browser.get("/health/").status == 200
    assert lines(read_log()) == []

    def fail() -> None:
        raise Unavailable("No database.")

    monkeypatch.setattr(accounts, "require_dependencies", fail)
    assert browser.get("/health/").status == 503
    (request_line,) = (line for line in lines(read_log()) if line["message"] == "request")
    assert (request_line["route"], request_line["status"]) == ("/health", 503)
