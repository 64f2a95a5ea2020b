"""What crosses a queue or begins an execution: written by one version, read by another."""

import json
import os
from dataclasses import replace
from typing import Any

import boto3
from chalice.app import CloudWatchEvent
from moto import mock_aws

from chalicelib.accounts.mail import MailKind, MailRequest
from chalicelib.adapters.state_machine import StepFunctionsPipeline
from chalicelib.bulk.message import SliceMessage
from chalicelib.catalogue.model import BulkChangeId, Revision, VideoId
from chalicelib.encoding.messages import Task, TaskKind
from chalicelib.encoding.model import Encode
from chalicelib.language import Language
from tests.formats import media
from tests.formats.form import Format
from tests.unit.infra.templates.test_pipeline import (
    WORK,
    definition,
    filled,
    scale_check,
    states,
)
from transcoder.tasks import plan as plan_task

REQUEST = MailRequest(
    MailKind.SIGN_UP,
    "ada@example.com",
    Language.GERMAN,
    "official",
    state="a1" * 16,
    origin="http://localhost:4200",
    version=1,
)
TASK = Task(TaskKind.CHUNK, media.VIDEO, media.REVISION, number=7, token="a token")
SLICE = SliceMessage(BulkChangeId(375_663_542_275_791), 3, (media.VIDEO, VideoId(11)))
_ENTERED = "2026-11-21T12:00:00.001Z"
ENCODE = Encode(media.VIDEO, media.REVISION, media.SOURCE, attempt=2)


def _input() -> Any:
    """What an execution is begun with."""
    with mock_aws():
        client = boto3.client("stepfunctions")
        client.create_state_machine(
            name="videoflix-pipeline",
            definition='{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}',
            roleArn="arn:aws:iam::123456789012:role/pipeline",
        )
        arn = os.environ["PIPELINE_ARN"]
        StepFunctionsPipeline(lambda: client, arn).start(ENCODE)
        [begun] = client.list_executions(stateMachineArn=arn)["executions"]
        execution = client.describe_execution(executionArn=begun["executionArn"])
        return {"name": begun["name"], "input": json.loads(execution["input"])}


def _names_taken_from(plain: Any) -> frozenset[str]:
    """Of what an execution was begun with, the part that the state machine asks for."""
    text = json.dumps(definition())
    return frozenset(
        name for name in plain["input"] if f'"$.{name}"' in text or f"$.{name})" in text
    )


def _ordered() -> dict[str, Any]:
    """What the state machine itself sends: scale checks to a function, tasks to a queue."""
    checks = {
        name: scale_check(name, _ENTERED)
        for name, state in states(definition())
        if state.get("Resource", "").endswith(":lambda:invoke")
    }
    tasks = {name: json.loads(filled(state["Parameters"]["MessageBody"])) for name, state in WORK}
    return {**checks, **tasks}


def _read_orders(plain: Any) -> dict[str, object]:
    # What version 1 sends to the queue of scale checks is not read: a schedule checks as well.
    return {
        name: _read_scale_check(body) if "detail" in body else Task.from_json(json.dumps(body))
        for name, body in plain.items()
        if name != "Crew"
    }


def _read_scale_check(body: Any) -> tuple[int, str]:
    event = CloudWatchEvent(body, None)
    return event.detail["expected"], event.time


def _planned() -> Any:
    """What a task answers that the state machine goes on with."""
    return plan_task._left(media.FIRST_PLAN, frozenset({"chunk-00000"}))


def _lists_taken_from(plain: Any) -> dict[str, list[int]]:
    asked = {state["ItemsPath"] for _, state in states(definition()) if "ItemsPath" in state}
    return {name: items for name, items in plain.items() if f"$.plan.{name}" in asked}


def _order(kind: TaskKind, number: int = 0) -> Task:
    return Task(kind, VideoId(7), Revision(2), number, "token")


ORDERS = {
    "Plan": _order(TaskKind.PLAN),
    "Audio": _order(TaskKind.AUDIO, 3),
    "Chunk": _order(TaskKind.CHUNK, 3),
    "Pictures": _order(TaskKind.PICTURES, 3),
    "Subtitles": _order(TaskKind.SUBTITLES, 3),
    "Publish": _order(TaskKind.PUBLISH),
    "Mp4": _order(TaskKind.MP4, 3),
}
FORMATS = (
    Format("mail_order", lambda: json.loads(REQUEST.to_json()),
           lambda plain: MailRequest.from_json(json.dumps(plain)), REQUEST,
           older={1: replace(REQUEST, origin="")}),
    Format("task", lambda: json.loads(TASK.to_json()),
           lambda plain: Task.from_json(json.dumps(plain)), TASK),
    Format("slice", lambda: json.loads(SLICE.to_json()),
           lambda plain: SliceMessage.from_json(json.dumps(plain)), SLICE),
    Format("execution", _input, _names_taken_from, frozenset({"video_id", "revision", "attempt"})),
    Format(
        "pipeline_orders",
        _ordered,
        _read_orders,
        {"CheckForPlan": (1, _ENTERED), "CheckForChunks": (3, _ENTERED), **ORDERS},
        older={1: ORDERS, 2: {"CheckForPlan": (1, ""), "CheckForChunks": (3, ""), **ORDERS}},
    ),
    Format(
        "plan_answer",
        _planned,
        _lists_taken_from,
        {"chunks": [1, 2, 3, 4, 5, 6], "audio": [1], "subtitles": [1], "pictures": [0]},
    ),
)  # fmt: skip
