"""The state machine as it is written: what it orders is what workers read."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.catalogue.cache import OVERLAP
from chalicelib.catalogue.media_keys import KINDS
from chalicelib.transcoding.crew import Call
from chalicelib.transcoding.messages import Kind, Task
from chalicelib.transcoding.model import SENTENCES, Reason

_TEMPLATE = Path("infra/pipeline.yaml").read_text(encoding="utf-8")


def definition() -> Any:
    text = _TEMPLATE.partition("DefinitionString: !Sub |\n")[2].partition("\nOutputs:")[0]
    return json.loads(re.sub(r"\$\{[\w:]+\}", "7", text))


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
    """Fill in what the state machine would, in its own types."""
    values = {"video_id": "7", "revision": "2", "number": 3, "token": "token"}
    known = {name: value for name, value in body.items() if not name.endswith(".$")}
    told = {name[:-2]: values[name[:-2]] for name in body if name.endswith(".$")}
    return json.dumps({**known, **told})


def test_there_is_work_of_every_kind() -> None:
    orders = [Task.from_json(filled(state["Parameters"]["MessageBody"])) for _, state in WORK]
    assert sorted(order.kind for order in orders) == sorted(Kind)
    assert {(order.video_id, order.revision, order.token) for order in orders} == {(7, 2, "token")}


@pytest.mark.parametrize(("name", "state"), WORK, ids=[name for name, _ in WORK])
def test_work_is_waited_for_within_limits_and_never_ordered_twice(name: str, state: Any) -> None:
    assert name
    assert state["HeartbeatSeconds"]
    assert state["TimeoutSeconds"]
    assert "Retry" not in state


def test_whatever_fails_before_it_is_shown_is_written_down() -> None:
    top = definition()["States"]
    for name in ("Plan", "Make", "Publish"):
        [catch] = top[name]["Catch"]
        assert (catch["ErrorEquals"], catch["Next"]) == (["States.ALL"], "WhoFailed")


def test_a_failure_is_written_while_readers_of_changes_still_look_back_so_far() -> None:
    retry = definition()["States"]["MarkTitle"]["Retry"][-1]
    pauses = [
        retry["IntervalSeconds"] * retry["BackoffRate"] ** n for n in range(retry["MaxAttempts"])
    ]
    assert sum(pauses) < OVERLAP.total_seconds()


def test_the_crew_is_called_first_and_no_film_fails_for_want_of_it() -> None:
    machine = definition()
    crew = machine["States"][machine["StartAt"]]
    assert crew["Resource"].endswith(":states:::sqs:sendMessage")
    assert Call.from_json(json.dumps(crew["Parameters"]["MessageBody"])) == Call(expected=1)
    assert crew["ResultPath"] is None
    assert crew["Catch"] == [{"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": "Plan"}]
    assert crew["Next"] == "Plan"


def test_telling_the_crew_keeps_a_film_waiting_for_a_minute_at_most() -> None:
    crew = definition()["States"]["Crew"]
    [retry] = crew["Retry"]
    tries = 1 + retry["MaxAttempts"]
    pauses = sum(retry["IntervalSeconds"] * retry["BackoffRate"] ** n for n in range(tries - 1))
    assert tries * crew["TimeoutSeconds"] + pauses <= 64


def test_a_call_is_not_hidden_longer_than_it_is_kept() -> None:
    queue = _TEMPLATE.partition("\n  Crew:\n")[2].partition("\n\n")[0]
    kept = re.search(r"MessageRetentionPeriod: (\d+)", queue)
    receives = re.search(r"maxReceiveCount: (\d+)", queue)
    assert kept
    assert receives
    assert int(kept[1]) > int(receives[1]) * 180


def test_no_limit_on_the_whole_can_end_it_without_a_word() -> None:
    assert "TimeoutSeconds" not in definition()


@pytest.mark.parametrize(
    ("name", "reason"), [("NoWorker", Reason.NO_WORKER), ("Internal", Reason.INTERNAL)]
)
def test_reasons_are_told_in_our_own_words(name: str, reason: Reason) -> None:
    result = definition()["States"][name]["Result"]
    assert result == {"Error": reason.value, "Cause": SENTENCES[reason]}


def test_the_platforms_errors_have_a_dot_and_ours_have_none() -> None:
    assert all("." not in reason for reason in Reason)


def test_only_the_workshop_is_cleared_by_the_bucket_itself() -> None:
    template = Path("infra/media.yaml").read_text(encoding="utf-8")
    prefixes = re.findall(r"Prefix: (\w+)/$", template, re.MULTILINE)
    assert prefixes == ["work"]
    assert set(prefixes) < set(KINDS)
