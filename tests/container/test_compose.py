"""Compose's own reading of the file, with either emulator."""

import json
import os
from typing import Any

import pytest

from tests.container.composed import COMPOSE_FILE, output_of

SERVICES = {"aws", "prepare", "api", "pump", "edge", "mailbox", "transcoder", "sample"}
IMAGES = {"localstack": "localstack/localstack:4.14.0", "ministack": "videoflix-local"}


def read(**settings: str) -> Any:
    command = ("docker", "compose", "--file", str(COMPOSE_FILE), "config", "--format", "json")
    variables = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return json.loads(output_of(*command, env={**variables, **settings}))


@pytest.mark.parametrize("emulator", IMAGES)
def test_one_variable_chooses_the_emulator(emulator: str) -> None:
    services = read(AWS_EMULATOR=emulator)["services"]
    assert services.keys() == SERVICES
    assert services["aws"]["image"] == IMAGES[emulator]


def test_the_default_is_localstack_on_the_usual_ports_of_this_machine() -> None:
    services = read()["services"]
    assert services["aws"]["image"] == IMAGES["localstack"]
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert {port["published"] for port in ports} == {"4566", "8000", "8025", "8080"}
    assert {port["host_ip"] for port in ports} == {"127.0.0.1"}


def test_a_configured_port_is_the_emulators_inside_and_outside() -> None:
    services = read(AWS_PORT="5566")["services"]
    aws, transcoder = services["aws"], services["transcoder"]["environment"]
    assert {(port["published"], port["target"]) for port in aws["ports"]} == {("5566", 5566)}
    assert transcoder["AWS_ENDPOINT_URL"] == "http://aws.localhost:5566"
    assert transcoder["WORK_QUEUE_URL"].startswith("http://aws.localhost:5566/")
