"""The state machine in Step Functions: its executions, and the results of its tasks."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.adapters.aws_errors import expected
from chalicelib.encoding.model import Encode
from chalicelib.encoding.ports import Execution

LONGEST_CODE = 256
LONGEST_TEXT = 2048
_TOKEN_EXPIRED = frozenset({"TaskDoesNotExist", "TaskTimedOut", "InvalidToken"})
_NOT_RUNNING = frozenset({"ExecutionDoesNotExist", "ValidationException"})


@dataclass(frozen=True, slots=True)
class StepFunctionsPipeline:
    client: Callable[[], Any]
    arn: str

    def start(self, encode: Encode) -> None:
        # As text, because the state machine builds keys of the table from it.
        sent = {
            "video_id": str(encode.video_id),
            "revision": str(encode.revision),
            "attempt": str(encode.attempt),
        }
        with expected({"ExecutionAlreadyExists"}):
            self.client().start_execution(
                stateMachineArn=self.arn, name=_name(encode), input=json.dumps(sent)
            )

    def stop(self, encode: Encode, *, code: str, text: str) -> None:
        with expected(_NOT_RUNNING):
            self.client().stop_execution(
                executionArn=self._execution(encode),
                error=code[:LONGEST_CODE],
                cause=text[:LONGEST_TEXT],
            )

    def state(self, encode: Encode) -> Execution:
        with expected({"ExecutionDoesNotExist"}):
            execution = self.client().describe_execution(executionArn=self._execution(encode))
            return Execution.RUNNING if execution["status"] == "RUNNING" else Execution.ENDED
        return Execution.NONE

    def _execution(self, encode: Encode) -> str:
        return f"{self.arn.replace(':stateMachine:', ':execution:')}:{_name(encode)}"


@dataclass(frozen=True, slots=True)
class StepFunctionsCallback:
    client: Callable[[], Any]

    def heartbeat(self, token: str) -> bool:
        return self._answered(token, lambda client: client.send_task_heartbeat(taskToken=token))

    def succeed(self, token: str, output: Mapping[str, object]) -> None:
        text = json.dumps(output)
        self._answered(token, lambda client: client.send_task_success(taskToken=token, output=text))

    def fail(self, token: str, *, code: str, text: str) -> None:
        self._answered(
            token,
            lambda client: client.send_task_failure(
                taskToken=token, error=code[:LONGEST_CODE], cause=text[:LONGEST_TEXT]
            ),
        )

    def _answered(self, token: str, answer: Callable[[Any], object]) -> bool:
        if not token:  # no execution waits for the result, and none cancels the task
            return True
        with expected(_TOKEN_EXPIRED):
            answer(self.client())
            return True
        return False


def _name(encode: Encode) -> str:
    """Return the name of the execution; two starts with one name are one execution."""
    return f"v{encode.video_id}-r{encode.revision}-a{encode.attempt}"
