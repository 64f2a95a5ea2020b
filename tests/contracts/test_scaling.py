"""One contract for transcoders and work depth, in memory and on moto's ECS and SQS."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters.fargate import FargateTranscoders
from chalicelib.adapters.task_queues import SqsTaskDepth
from chalicelib.encoding.ports import Capacity, TaskDepth, Transcoders, TranscoderSlot
from chalicelib.encoding.scaling import WINDOW_SECONDS
from chalicelib.encoding.task_queues import TaskQueue
from tests.ecs import Ecs
from tests.fakes.scaling import CountedWork, InMemoryTranscoders
from tests.queues import task_queues

pytestmark = pytest.mark.contract(of=(Transcoders, TaskDepth))

FIRST = TranscoderSlot(1, 7, Capacity.SPOT)


@dataclass
class Cluster:
    transcoders: Transcoders
    lack: Callable[[Capacity], None]
    dismiss: Callable[[], None]
    # Starts one that never runs.
    fail: Callable[[], None]
    ecs: Ecs | None = None


@pytest.fixture
def fargate(cloud: None) -> Cluster:  # noqa: ARG001
    ecs = Ecs.with_a_cluster()
    transcoders = ecs.tasks("videoflix-transcoder")

    def fail() -> None:
        transcoders.start_transcoder(TranscoderSlot(9, 7, Capacity.SPOT))
        ecs.fail_all()

    return Cluster(transcoders, ecs.lack, ecs.stop_one, fail, ecs)


@pytest.fixture(params=["memory", "fargate"])
def cluster(request: pytest.FixtureRequest) -> Cluster:
    if request.param == "fargate":
        return request.getfixturevalue("fargate")  # type: ignore[no-any-return]
    transcoders = InMemoryTranscoders(scarce=set())

    def dismiss() -> None:
        transcoders.running -= 1

    def fail() -> None:
        window = int(datetime.now(UTC).timestamp() // WINDOW_SECONDS)
        transcoders.is_broken = True
        transcoders.start_transcoder(TranscoderSlot(9, window, Capacity.SPOT))
        transcoders.is_broken = False

    assert isinstance(transcoders.scarce, set)
    return Cluster(transcoders, transcoders.scarce.add, dismiss, fail)


def test_at_first_there_is_no_worker(cluster: Cluster) -> None:
    assert cluster.transcoders.count() == 0


def test_a_started_worker_counts_at_once_until_it_stops(cluster: Cluster) -> None:
    assert cluster.transcoders.start_transcoder(FIRST)
    assert cluster.transcoders.start_transcoder(TranscoderSlot(2, 7, Capacity.SPOT))
    assert cluster.transcoders.count() == 2
    cluster.dismiss()
    assert cluster.transcoders.count() == 1


def test_a_slot_is_filled_once_however_often_it_is_used(cluster: Cluster) -> None:
    assert [cluster.transcoders.start_transcoder(FIRST) for _ in range(3)] == [True, True, True]
    assert cluster.transcoders.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        TranscoderSlot(2, 7, Capacity.SPOT),
        TranscoderSlot(1, 8, Capacity.SPOT),
        TranscoderSlot(1, 7, Capacity.ON_DEMAND),
    ],
)
def test_another_number_window_or_capacity_is_another_slot(
    cluster: Cluster, other: TranscoderSlot
) -> None:
    cluster.transcoders.start_transcoder(FIRST)
    cluster.transcoders.start_transcoder(other)
    assert cluster.transcoders.count() == 2


def test_a_lack_of_capacity_is_no_error(cluster: Cluster) -> None:
    cluster.lack(Capacity.SPOT)
    assert not cluster.transcoders.start_transcoder(FIRST)
    assert cluster.transcoders.count() == 0
    assert cluster.transcoders.start_transcoder(TranscoderSlot(1, 7, Capacity.ON_DEMAND))


def test_a_worker_that_never_runs_is_a_failure_until_another_works(cluster: Cluster) -> None:
    now = datetime.now(UTC)
    assert cluster.transcoders.failures(now) == []
    cluster.fail()
    [requested] = cluster.transcoders.failures(now)
    assert abs(requested - now) <= timedelta(seconds=WINDOW_SECONDS)
    assert cluster.transcoders.count() == 0
    cluster.transcoders.start_transcoder(FIRST)
    assert cluster.transcoders.failures(now + timedelta(minutes=2)) == []


NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("started", "execution_stopped", "stopped", "has_failed"),
    [
        pytest.param(None, None, 60, True, id="never started"),
        pytest.param(None, None, None, True, id="never started, still stopping"),
        # As ECS has it: the container is cleared away for half a minute.
        pytest.param(60, 61, 95, True, id="ended at once"),
        pytest.param(60, 61, None, True, id="ended at once, still stopping"),
        pytest.param(60, None, 80, True, id="ended at once, without the time of that"),
        pytest.param(60, 90, 125, False, id="ended idle or interrupted, after a while"),
        pytest.param(60, None, None, False, id="interrupted, still stopping"),
    ],
)
def test_on_ecs_a_task_has_failed_that_ended_within_half_a_minute_of_its_start(
    fargate: Cluster,
    started: int | None,
    execution_stopped: int | None,
    stopped: int | None,
    has_failed: bool,
) -> None:
    assert fargate.ecs
    fargate.transcoders.start_transcoder(FIRST)
    [task] = fargate.ecs.running()
    fargate.ecs.stop_one()
    times = {"startedAt": started, "executionStoppedAt": execution_stopped, "stoppedAt": stopped}
    fargate.ecs.times[task] = {"createdAt": NOON} | {
        name: NOON + timedelta(seconds=each) for name, each in times.items() if each is not None
    }
    failures = fargate.transcoders.failures(NOON + timedelta(seconds=130))
    assert failures == ([NOON] if has_failed else [])


@pytest.mark.parametrize(("seconds", "failures"), [(29, 1), (30, 0)])
def test_on_ecs_a_task_that_runs_has_worked_after_half_a_minute(
    fargate: Cluster, seconds: int, failures: int
) -> None:
    assert fargate.ecs
    fargate.fail()
    fargate.transcoders.start_transcoder(FIRST)
    [task] = fargate.ecs.running()
    fargate.ecs.times[task] = {"createdAt": NOON, "startedAt": NOON}
    assert len(fargate.transcoders.failures(NOON + timedelta(seconds=seconds))) == failures


@pytest.mark.parametrize(("minute", "failures"), [(1, 0), (3, 1)])
def test_on_ecs_only_tasks_that_failed_after_the_last_one_that_worked_count(
    fargate: Cluster, minute: int, failures: int
) -> None:
    assert fargate.ecs
    fargate.fail()
    [failed] = fargate.ecs.times
    ended = NOON + timedelta(minutes=minute)
    fargate.ecs.times[failed] = {"createdAt": ended, "stoppedAt": ended}
    fargate.transcoders.start_transcoder(FIRST)
    [task] = fargate.ecs.running()
    fargate.ecs.stop_one()
    fargate.ecs.times[task] = {
        "createdAt": NOON,
        "startedAt": NOON,
        "executionStoppedAt": NOON + timedelta(minutes=2),
        "stoppedAt": NOON + timedelta(minutes=2),
    }
    assert len(fargate.transcoders.failures(NOON + timedelta(minutes=4))) == failures


def test_on_ecs_a_task_gets_a_public_address_in_one_of_the_subnets(fargate: Cluster) -> None:
    assert fargate.ecs
    assert isinstance(fargate.transcoders, FargateTranscoders)
    fargate.transcoders.start_transcoder(FIRST)
    [asked] = fargate.ecs.asked
    assert asked["networkConfiguration"]["awsvpcConfiguration"] == {
        "subnets": fargate.transcoders.subnets,
        "securityGroups": [fargate.transcoders.security_group],
        "assignPublicIp": "ENABLED",
    }
    assert asked["clientToken"] == "7-1-spot"
    assert asked["count"] == 1


def test_on_ecs_tasks_of_another_family_do_not_count(fargate: Cluster) -> None:
    assert fargate.ecs
    fargate.ecs.tasks("another").start_transcoder(FIRST)
    assert fargate.transcoders.count() == 0


@pytest.mark.parametrize(
    ("code", "is_filled"),
    [("ClientException", False), ("LimitExceededException", False), ("ConflictException", True)],
)
def test_on_ecs_a_quota_is_a_refusal_and_a_used_token_a_filled_slot(
    fargate: Cluster, code: str, is_filled: bool
) -> None:
    assert fargate.ecs
    fargate.ecs.code = code
    assert fargate.transcoders.start_transcoder(FIRST) is is_filled


def test_on_ecs_what_is_wrong_in_itself_is_not_hidden(fargate: Cluster) -> None:
    assert fargate.ecs
    fargate.ecs.code = "AccessDeniedException"
    with pytest.raises(ClientError, match="AccessDenied"):
        fargate.transcoders.start_transcoder(FIRST)


@dataclass
class Work:
    depth: TaskDepth
    # Into any of the queues.
    put: Callable[[TaskQueue], object]
    take: Callable[[], object]


@pytest.fixture(params=["memory", "sqs"])
def work(request: pytest.FixtureRequest) -> Work:
    if request.param == "memory":
        counted = CountedWork()

        def put(_: TaskQueue) -> None:
            counted.waiting += 1

        return Work(counted, put, take=lambda: None)
    request.getfixturevalue("cloud")
    sqs = boto3.client("sqs")
    url = task_queues(sqs)
    return Work(
        SqsTaskDepth(lambda: sqs, url),
        put=lambda queue: sqs.send_message(QueueUrl=queue.url(url), MessageBody="task"),
        take=lambda: sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1),
    )


def test_tasks_count_whether_they_wait_or_are_being_processed(work: Work) -> None:
    assert work.depth.depth() == 0
    for queue in TaskQueue:
        work.put(queue)
    work.take()
    assert work.depth.depth() == len(TaskQueue)
