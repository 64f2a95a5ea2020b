"""Scale checks: from the state machine, from the hourly clean-up, and repeated ones."""

import json
from collections.abc import Iterator
from typing import Any, Literal

import boto3
import pytest

from chalicelib.encoding.scaling import CHECK_SECONDS, Capacity, ScaleCheck, UnreadableScaleCheck
from chalicelib.wiring import stage
from infra.local.gateway import Gateway
from tests.ecs import CLUSTER, Ecs
from tests.fakes.clock import HandClock
from tests.queues import work_queues

BEGUN = '{"version": 1, "expected": 1}'
HOURLY = {
    "time": "2026-11-21T06:00:00Z", "region": "eu-central-1", "account": "1", "version": "0",
    "id": "1", "detail-type": "Scheduled Event", "source": "aws.events", "resources": [],
    "detail": {},
}  # fmt: skip


@pytest.fixture
def app(gateway: Gateway) -> Any:  # noqa: ARG001
    import app

    return app


@pytest.fixture
def ecs(cloud: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ecs]:  # noqa: ARG001
    ecs, sqs = Ecs.with_a_cluster(), boto3.client("sqs")
    for variable, value in {
        "CREW_CLUSTER": CLUSTER,
        "CREW_TASK_DEFINITION": "videoflix-transcoder:1",
        "CREW_SUBNETS": ",".join(ecs.subnets),
        "CREW_SECURITY_GROUP": ecs.security_group,
        "CREW_MOST": "3",
        "CREW_QUEUE_URL": sqs.create_queue(QueueName="videoflix-crew")["QueueUrl"],
        "WORK_QUEUE_URL": work_queues(sqs),
    }.items():
        monkeypatch.setenv(variable, value)
    stage.settings.cache_clear()
    ecs.watch(stage.client("ecs"))
    yield ecs
    stage.settings.cache_clear()


def put_work(tasks: int) -> None:
    url = stage.settings().scaling.work_queue_url  # type: ignore[union-attr]
    for number in range(tasks):
        boto3.client("sqs").send_message(QueueUrl=url, MessageBody=str(number))


def deliver(app: Any, body: str = BEGUN) -> None:
    record = {"messageId": "m-1", "receiptHandle": "r", "body": body}
    app.on_work_waiting({"Records": [record]}, None)


def waiting_calls(
    name: Literal["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"],
) -> int:
    url = boto3.client("sqs").get_queue_url(QueueName="videoflix-crew")["QueueUrl"]
    answer = boto3.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    return int(answer["Attributes"][name])


def test_a_new_encode_starts_a_transcoder_and_another_scale_check(app: Any, ecs: Ecs) -> None:
    deliver(app)
    assert len(ecs.running()) == 1
    assert waiting_calls("ApproximateNumberOfMessagesDelayed") == 1


def test_waiting_tasks_start_the_maximum_of_transcoders_once(app: Any, ecs: Ecs) -> None:
    put_work(9)
    for _ in range(3):
        deliver(app)
    assert len(ecs.running()) == 3


def test_an_interrupted_transcoder_is_replaced_at_the_next_scale_check(
    app: Any, ecs: Ecs, clock: HandClock
) -> None:
    put_work(9)
    deliver(app)
    ecs.stop_one()
    clock.advance(seconds=2 * CHECK_SECONDS)
    deliver(app, ScaleCheck(wanted=3).to_json())
    assert len(ecs.running()) == 3


def test_without_spot_capacity_transcoders_start_on_demand_and_refusals_are_counted(
    app: Any, ecs: Ecs, capsys: pytest.CaptureFixture[str], clock: HandClock
) -> None:
    ecs.lack(Capacity.SPOT)
    deliver(app)
    assert len(ecs.running()) == 1
    ecs.lack(Capacity.ON_DEMAND)
    put_work(9)
    clock.advance(seconds=2 * CHECK_SECONDS)
    deliver(app)
    assert len(ecs.running()) == 1
    assert "CrewRefused" in capsys.readouterr().out
    assert waiting_calls("ApproximateNumberOfMessagesDelayed") == 2


def test_transcoders_that_never_start_are_counted(
    app: Any, ecs: Ecs, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ecs.running() == []
    deliver(app, ScaleCheck(wanted=3, expected=1).to_json())
    assert "CrewMissing" in capsys.readouterr().out


@pytest.mark.parametrize("body", ["", "{}", "no json", '{"version": 2}'])
def test_an_unknown_scale_check_goes_to_the_dead_letter_queue(
    app: Any, ecs: Ecs, body: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UnreadableScaleCheck):
        deliver(app, body)
    assert ecs.running() == []
    assert "CrewFailed" in capsys.readouterr().out


def test_a_missing_permission_fails_the_scale_check_for_a_retry(app: Any, ecs: Ecs) -> None:
    ecs.code = "AccessDeniedException"
    with pytest.raises(Exception, match="AccessDenied"):
        deliver(app)
    ecs.code = ""
    deliver(app)
    assert len(ecs.running()) == 1


@pytest.mark.usefixtures("ecs")
def test_the_hourly_sweep_repeats_a_lost_scale_check(app: Any, state_machine: str) -> None:
    assert state_machine
    app.on_sweep(HOURLY, None)
    assert waiting_calls("ApproximateNumberOfMessages") == 1


def test_without_a_cluster_scale_checks_do_nothing(
    app: Any, state_machine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert state_machine
    deliver(app)
    deliver(app, "anything")
    app.on_sweep(HOURLY, None)
    assert "scale check" not in json.dumps(capsys.readouterr().out)
