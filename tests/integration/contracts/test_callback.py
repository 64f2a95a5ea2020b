"""The contract of `tests/contracts/test_callback.py`, with Step Functions of the emulator."""

import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from chalicelib.adapters.state_machine import StepFunctionsCallback
from tests.contracts.test_callback import *  # noqa: F403
from tests.contracts.test_callback import WAITING, CallbackHarness
from tests.integration.supervised import Run

_HANDED_OUT_SECONDS = 20
# How soon an execution is over once its only task was answered.
_OVER_SECONDS = 10


@dataclass
class Executions:
    """Executions of one task each, whose token comes by a queue."""

    sqs: Any
    states: Any
    queue_url: str
    machine: str
    begun: dict[str, str] = field(default_factory=dict)

    @property
    def callback(self) -> StepFunctionsCallback:
        return StepFunctionsCallback(lambda: self.states)

    def hand_out(self) -> str:
        begun = self.states.start_execution(stateMachineArn=self.machine, input="{}")
        received = self.sqs.receive_message(
            QueueUrl=self.queue_url, WaitTimeSeconds=_HANDED_OUT_SECONDS
        )
        [message] = received["Messages"]
        self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"])
        token = str(json.loads(message["Body"])["token"])
        self.begun[token] = begun["executionArn"]
        return token

    def heard(self, token: str) -> Any:
        deadline = time.monotonic() + _OVER_SECONDS
        while (described := self._described(token))["status"] == "RUNNING":
            if self.callback.heartbeat(token):
                return WAITING
            assert time.monotonic() < deadline, "answered, and not over"
            time.sleep(0.05)
        if described["status"] == "SUCCEEDED":
            return json.loads(described["output"])
        return described.get("error", ""), described.get("cause", "")

    def end(self) -> None:
        for token, execution in self.begun.items():
            if self._described(token)["status"] == "RUNNING":
                self.states.stop_execution(executionArn=execution)
        self.states.delete_state_machine(stateMachineArn=self.machine)

    def _described(self, token: str) -> Any:
        return self.states.describe_execution(executionArn=self.begun[token])


@pytest.fixture  # type: ignore[no-redef]
def harness(running: Run) -> Iterator[CallbackHarness]:
    sqs, states = running.client("sqs"), running.client("stepfunctions")
    name = f"t{uuid.uuid4().hex[:12]}"
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": url, "MessageBody": {"token.$": "$$.Task.Token"}},
        "TimeoutSeconds": 300,
        "End": True,
    }
    machine = states.create_state_machine(
        name=name,
        definition=json.dumps({"StartAt": "Task", "States": {"Task": task}}),
        roleArn="arn:aws:iam::000000000000:role/pipeline",
    )
    executions = Executions(sqs, states, url, machine["stateMachineArn"])
    yield CallbackHarness(executions.callback, executions.hand_out, executions.heard)
    executions.end()
