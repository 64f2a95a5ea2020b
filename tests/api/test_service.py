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
