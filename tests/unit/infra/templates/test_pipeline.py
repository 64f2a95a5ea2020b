"""The definition of the state machine: its messages are those that workers read."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chalice.app import CloudWatchEvent, SQSEvent

from chalicelib.catalogue.cache import OVERLAP
from chalicelib.catalogue.object_keys import KINDS
from chalicelib.encoding.failures import SENTENCES, Reason
from chalicelib.encoding.messages import Task, TaskKind
from infra.deploy.policies import function_name
from tests.unit.infra.templates.reading import TEMPLATES
from tests.unit.infra.templates.reading import filled as evaluated

_TEMPLATE = Path("infra/templates/pipeline.yaml").read_text(encoding="utf-8")
_SCALE_CHECKS = "Crew"
_NOON = "2026-11-21T12:00:00.001Z"
# Kinds that workers of this version handle, and that a later version sends.
NOT_SENT_YET: frozenset[TaskKind] = frozenset()
# Kinds that a function sends, and no state.
WITHOUT_STATE = frozenset({TaskKind.POSTER})


def definition(**values: str) -> Any:
    """Return the definition that Step Functions gets, by default values of the parameters."""
    pipeline = TEMPLATES["pipeline"]
    defaults = {name: str(each["Default"]) for name, each in pipeline["Parameters"].items()}
    text = pipeline["Resources"]["Pipeline"]["Properties"]["DefinitionString"]
    return json.loads(evaluated(text, **{**defaults, **values}))


def states(machine: Any) -> Iterator[tuple[str, Any]]:
    for name, state in machine["States"].items():
        yield name, state
        inner = [*state.get("Branches", []), state.get("ItemProcessor", {"States": {}})]
        for each in inner:
            yield from states(each)


WORK = [
    (name, state)
    for name, state in states(definition())
    if state.get("Resource", "").endswith(".waitForTaskToken")
]


def filled(body: dict[str, Any]) -> str:
    """Fill in values as the state machine would, in its own types."""
    values = {"video_id": "7", "revision": "2", "number": 3, "token": "token"}
    known = {name: value for name, value in body.items() if not name.endswith(".$")}
    inputs = {name[:-2]: values[name[:-2]] for name in body if name.endswith(".$")}
    return json.dumps({**known, **inputs})


def scale_check(state: str, time: str, chunks: int = 3) -> dict[str, Any]:
    """The event of a state, filled in as the state machine would."""
    event: dict[str, Any] = dict(definition()["States"][state]["Parameters"]["Payload"])
    assert event.pop("time.$") == "$$.State.EnteredTime"
    if event["detail"] == {"expected.$": "States.ArrayLength($.plan.chunks)"}:
        event["detail"] = {"expected": chunks}
    return {**event, "time": time}


def test_the_state_of_a_task_is_written_once() -> None:
    assert len(WORK) == len(TaskKind) - len(NOT_SENT_YET | WITHOUT_STATE)
    assert [_TEMPLATE.count(once) for once in (".waitForTaskToken", "$$.Task.Token")] == [1, 1]
    own = {"Parameters", "ResultPath", "Catch", "Next", "End"}
    shared = [{name: state[name] for name in state.keys() - own} for _, state in WORK]
    assert shared == [shared[0]] * len(WORK)
    assert shared[0].keys() == {"Type", "Resource", "HeartbeatSeconds", "TimeoutSeconds"}


def test_there_is_a_task_of_every_kind_that_is_sent() -> None:
    tasks = [Task.from_json(filled(state["Parameters"]["MessageBody"])) for _, state in WORK]
    assert sorted(task.kind for task in tasks) == sorted(
        set(TaskKind) - NOT_SENT_YET - WITHOUT_STATE
    )
    assert {(task.video_id, task.revision, task.token) for task in tasks} == {(7, 2, "token")}


@pytest.mark.parametrize(("name", "state"), WORK, ids=[name for name, _ in WORK])
def test_a_task_has_time_limits_and_no_retry(name: str, state: Any) -> None:
    assert name
    assert state["HeartbeatSeconds"]
    assert state["TimeoutSeconds"]
    assert "Retry" not in state


def test_a_failure_before_publishing_is_recorded() -> None:
    top = definition()["States"]
    for name in ("Plan", "Make", "Publish"):
        [catch] = top[name]["Catch"]
        assert (catch["ErrorEquals"], catch["Next"]) == (["States.ALL"], "WhoFailed")


def test_a_failure_is_written_within_the_overlap_of_queries_for_changes() -> None:
    retry = definition()["States"]["MarkTitle"]["Retry"][-1]
    pauses = [
        retry["IntervalSeconds"] * retry["BackoffRate"] ** n for n in range(retry["MaxAttempts"])
    ]
    assert sum(pauses) < OVERLAP.total_seconds()


def test_the_scale_check_is_first_and_its_failure_fails_no_encode() -> None:
    machine = definition()
    first = machine["States"][machine["StartAt"]]
    assert first["Resource"].endswith(":states:::lambda:invoke")
    event = CloudWatchEvent(scale_check(machine["StartAt"], _NOON), None)
    assert (event.detail, event.time) == ({"expected": 1}, _NOON)
    assert first["ResultPath"] is None
    assert first["Catch"] == [{"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": "Plan"}]
    assert first["Next"] == "Plan"


def test_the_scale_check_delays_an_encode_by_a_minute_at_most() -> None:
    state = definition()["States"]["CheckForPlan"]
    [retry] = state["Retry"]
    tries = 1 + retry["MaxAttempts"]
    pauses = sum(retry["IntervalSeconds"] * retry["BackoffRate"] ** n for n in range(tries - 1))
    assert tries * state["TimeoutSeconds"] + pauses <= 64


def test_a_plan_has_its_transcoders_started_before_its_chunks() -> None:
    top = definition()["States"]
    assert top["Plan"]["Next"] == "CheckForChunks"
    own = {"Parameters", "Catch", "Next"}
    first, second = (
        {name: value for name, value in top[state].items() if name not in own}
        for state in ("CheckForPlan", "CheckForChunks")
    )
    assert first == second
    [catch] = top["CheckForChunks"]["Catch"]
    assert (catch["Next"], top["CheckForChunks"]["Next"]) == ("Make", "Make")


def test_a_scale_check_is_not_waited_for_and_calls_a_function_that_may_be_missing() -> None:
    state = definition()["States"]["CheckForPlan"]
    assert state["Parameters"]["InvocationType"] == "Event"
    assert state["Parameters"]["FunctionName"] == function_name("videoflix", "on_work_waiting")
    [retry] = state["Retry"]
    # A laptop and a stage that is being deployed have no such function: encodes do not wait.
    assert not {"States.ALL", "States.TaskFailed"} & {*retry["ErrorEquals"]}
    assert "Lambda.ResourceNotFoundException" not in retry["ErrorEquals"]


@pytest.mark.parametrize("name", ["CheckForPlan", "CheckForChunks"])
def test_functions_of_the_version_before_read_a_scale_check_as_well(name: str) -> None:
    [record] = SQSEvent(definition()["States"][name]["Parameters"]["Payload"], None)
    assert json.loads(record.body) == {"version": 1, "expected": 1}
    assert record.to_dict()["messageId"]


def test_the_state_machine_has_no_time_limit_as_a_whole() -> None:
    assert "TimeoutSeconds" not in definition()


@pytest.mark.parametrize(
    ("name", "reason"), [("NoWorker", Reason.NO_WORKER), ("Internal", Reason.INTERNAL)]
)
def test_reasons_have_the_texts_of_the_api(name: str, reason: Reason) -> None:
    result = definition()["States"][name]["Result"]
    assert result == {"Error": reason.value, "Cause": SENTENCES[reason]}


def test_our_own_errors_have_no_dot() -> None:
    assert all("." not in reason for reason in Reason)


def test_only_work_objects_expire_by_a_lifecycle_rule() -> None:
    template = Path("infra/templates/media.yaml").read_text(encoding="utf-8")
    prefixes = re.findall(r"Prefix: (\w+)/$", template, re.MULTILINE)
    assert prefixes == ["work"]
    assert set(prefixes) < set(KINDS)
