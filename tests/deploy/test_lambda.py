"""A function has only the packages of its zip, and may write only to the temporary folder."""

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.deploy.conftest import Packaged
from tests.deploy.emulated_account import PREFIX, EmulatedAccount

EVENT = {
    "version": "0",
    "account": "000000000000",
    "region": "eu-central-1",
    "detail": {},
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "time": "2026-11-21T12:00:00Z",
    "id": "0",
    "resources": [],
}

CODE = """
import importlib.util
import sys
import tempfile

def problem_at(path):
    try:
        open(path, "w").close()
    except OSError as error:
        return error.strerror
    return ""

def handler(event, context):
    ours = ("moto", "httpx", "pytest")
    return {
        "packages": [name for name in ours if importlib.util.find_spec(name)],
        "beside": problem_at(__file__ + ".new"),
        "temporary": problem_at(tempfile.gettempdir() + "/scratch"),
    }
"""


@pytest.fixture
def answer(account: EmulatedAccount) -> Iterator[Any]:
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as file:
        file.writestr("app.py", CODE)
    with closing(account.client("lambda")) as client:
        client.create_function(
            FunctionName="looks-around",
            Runtime="python3.11",
            Role="arn:aws:iam::000000000000:role/none",
            Handler="app.handler",
            Code={"ZipFile": zipped.getvalue()},
        )
        yield json.load(client.invoke(FunctionName="looks-around")["Payload"])
        client.delete_function(FunctionName="looks-around")


def test_a_function_is_isolated_as_in_lambda(answer: Any) -> None:
    assert answer == {
        "packages": [],
        "beside": "Read-only file system, as in Lambda",
        "temporary": "",
    }


@pytest.mark.parametrize("handler", ["on_sweep", "on_key_age_check"])
def test_a_scheduled_function_succeeds(packaged: Packaged, handler: str) -> None:
    with closing(packaged.emulated.client("lambda")) as client:
        [name] = [
            each["FunctionName"]
            for each in client.list_functions()["Functions"]
            if each["Handler"] == f"app.{handler}" and f"{PREFIX}-api-" in each["FunctionName"]
        ]
        answer = client.invoke(FunctionName=name, Payload=json.dumps(EVENT))
    assert "FunctionError" not in answer, answer["Payload"].read()
