"""The health check and the API document."""

import boto3
from openapi_spec_validator import validate

from chalicelib.wiring import stage
from tests.browser import Browser


def test_health_reports_a_working_service(browser: Browser) -> None:
    answer = browser.get("/health/")
    assert (answer.status, answer.json["status"]) == (200, "ok")


def test_health_includes_the_database(browser: Browser) -> None:
    browser.get("/health/")
    boto3.client("dynamodb").delete_table(TableName=stage.settings().accounts_table)
    answer = browser.get("/health/")
    assert (answer.status, answer.json) == (
        503,
        {"detail": "The service is not available right now."},
    )


def test_the_api_document_is_served_and_valid(browser: Browser) -> None:
    document = browser.get("/openapi.json").json
    validate(document)
    assert "/api/login/" in document["paths"]


def test_an_internal_error_is_answered_without_detail(browser: Browser) -> None:
    boto3.client("dynamodb").delete_table(TableName=stage.settings().accounts_table)
    answer = browser.post("/login/", {"email": "ada@example.com", "password": "whatever it is"})
    assert (answer.status, answer.json) == (
        500,
        {"detail": "Something went wrong on our side. Please try again."},
    )
    assert answer.headers["access-control-allow-origin"] == browser.origin


def test_the_reference_page_is_public_and_complete(browser: Browser) -> None:
    answer = browser.get("/docs/")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    text = answer.body.decode()
    for methods in browser.get("/openapi.json").json["paths"].values():
        assert all(f'id="{each["operationId"]}"' in text for each in methods.values())


def test_a_known_reference_page_is_not_sent_again(browser: Browser) -> None:
    etag = browser.get("/docs/").headers["etag"]
    again = browser.get("/docs/", if_none_match=etag)
    assert (again.status, again.body) == (304, b"")
