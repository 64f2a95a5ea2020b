"""Scale checks: from the state machine, and from the schedule."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from chalicelib.encoding.ports import Capacity
from chalicelib.wiring import stage
from infra.local.gateway import Gateway
from tests.ecs import CLUSTER, Ecs
from tests.fakes.clock import HandClock
from tests.formats.every import FORMATS
from tests.queues import task_queues
from tests.unit.infra.templates.test_pipeline import scale_check

SCHEDULED = {
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
        "WORK_QUEUE_URL": task_queues(sqs),
    }.items():
        monkeypatch.setenv(variable, value)
    stage.settings.cache_clear()
    client = stage.client("ecs")
    ecs.watch(client)
    yield ecs
    ecs.watch_no_more(client)
    stage.settings.cache_clear()


def put_work(tasks: int) -> None:
    url = stage.settings().scaling.work_queue_url  # type: ignore[union-attr]
    for number in range(tasks):
        boto3.client("sqs").send_message(QueueUrl=url, MessageBody=str(number))


def stamp(at: datetime) -> str:
    """The time of a state, as Step Functions writes it."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.001Z"


def deliver(app: Any, at: datetime | None = None) -> None:
    """Call the function as the state machine does for a new encode."""
    app.on_work_waiting(scale_check("CheckForPlan", stamp(at or datetime.now(UTC))), None)


def test_a_new_encode_starts_a_transcoder(app: Any, ecs: Ecs) -> None:
    deliver(app)
    assert len(ecs.running()) == 1


def test_a_plan_starts_a_transcoder_for_each_of_its_chunks(
    app: Any, ecs: Ecs, clock: HandClock
) -> None:
    app.on_work_waiting(scale_check("CheckForChunks", stamp(clock.now()), chunks=2), None)
    assert len(ecs.running()) == 2


def test_an_event_that_lambda_repeats_later_starts_transcoders_for_what_waits(
    app: Any, ecs: Ecs, clock: HandClock
) -> None:
    begun = clock.now()
    clock.advance(minutes=1)
    deliver(app, begun)
    assert ecs.running() == []
    put_work(1)
    deliver(app, begun)
    assert len(ecs.running()) == 1


def test_an_encode_that_began_with_an_earlier_version_starts_a_transcoder(
    app: Any, ecs: Ecs
) -> None:
    app.on_work_waiting(FORMATS["pipeline_orders"].golden(2)["CheckForPlan"], None)
    assert len(ecs.running()) == 1


def test_the_schedule_starts_transcoders_for_what_waits(app: Any, ecs: Ecs) -> None:
    app.on_work_waiting(SCHEDULED, None)
    assert ecs.running() == []
    put_work(2)
    app.on_work_waiting(SCHEDULED, None)
    assert len(ecs.running()) == 2


def test_an_idle_stage_writes_no_line_a_minute(
    app: Any, ecs: Ecs, caplog: pytest.LogCaptureFixture
) -> None:
    app.on_work_waiting(SCHEDULED, None)
    assert ecs.running() == []
    assert "scale check" not in caplog.text
    deliver(app)
    assert "scale check" in caplog.text


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
    clock.advance(seconds=60)
    app.on_work_waiting(SCHEDULED, None)
    assert len(ecs.running()) == 3


def test_without_spot_capacity_transcoders_start_on_demand_and_refusals_are_counted(
    app: Any, ecs: Ecs, capsys: pytest.CaptureFixture[str], clock: HandClock
) -> None:
    ecs.lack(Capacity.SPOT)
    deliver(app)
    assert len(ecs.running()) == 1
    ecs.lack(Capacity.ON_DEMAND)
    put_work(9)
    clock.advance(seconds=60)
    deliver(app, clock.now())
    assert len(ecs.running()) == 1
    assert "CrewRefused" in capsys.readouterr().out


def test_transcoders_that_never_start_are_counted(
    app: Any, ecs: Ecs, capsys: pytest.CaptureFixture[str], clock: HandClock
) -> None:
    put_work(9)
    deliver(app)
    ecs.fail_all()
    assert "CrewMissing" not in capsys.readouterr().out
    clock.advance(seconds=60)
    app.on_work_waiting(SCHEDULED, None)
    assert "CrewMissing" in capsys.readouterr().out
    assert len(ecs.running()) == 1


def test_a_stage_whose_every_start_is_refused_has_no_transcoders(
    app: Any, ecs: Ecs, capsys: pytest.CaptureFixture[str]
) -> None:
    ecs.lack(Capacity.SPOT)
    ecs.lack(Capacity.ON_DEMAND)
    deliver(app)
    assert "CrewMissing" in capsys.readouterr().out


def test_a_missing_permission_fails_the_scale_check_for_a_retry(app: Any, ecs: Ecs) -> None:
    ecs.code = "AccessDeniedException"
    with pytest.raises(Exception, match="AccessDenied"):
        deliver(app)
    ecs.code = ""
    deliver(app)
    assert len(ecs.running()) == 1


def test_without_a_cluster_scale_checks_do_nothing(
    app: Any, state_machine: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert state_machine
    deliver(app)
    app.on_work_waiting(SCHEDULED, None)
    assert "scale check" not in caplog.text
