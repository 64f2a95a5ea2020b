"""One contract for workers, work depth and scale checks, in memory and on moto's ECS and SQS."""

from collections.abc import Callable
from dataclasses import dataclass

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters.fargate import FargateWorkers, SqsScaleCheckQueue, SqsWorkDepth
from chalicelib.encoding.scaling import (
    Capacity,
    ScaleCheck,
    ScaleCheckQueue,
    WorkDepth,
    Workers,
    WorkerSlot,
)
from chalicelib.encoding.task_queues import TaskQueue
from tests.ecs import Ecs
from tests.fakes.clock import HandClock
from tests.fakes.scaling import CountedWork, InMemoryScaleCheckQueue, InMemoryWorkers
from tests.queues import work_queues

pytestmark = pytest.mark.contract(of=(Workers, WorkDepth, ScaleCheckQueue))

FIRST = WorkerSlot(1, 7, Capacity.SPOT)


@dataclass
class Cluster:
    workers: Workers
    lack: Callable[[Capacity], None]
    dismiss: Callable[[], None]
    ecs: Ecs | None = None


@pytest.fixture
def fargate(cloud: None) -> Cluster:  # noqa: ARG001
    ecs = Ecs.with_a_cluster()
    return Cluster(ecs.tasks("videoflix-transcoder"), ecs.lack, ecs.stop_one, ecs)


@pytest.fixture(params=["memory", "fargate"])
def cluster(request: pytest.FixtureRequest) -> Cluster:
    if request.param == "fargate":
        return request.getfixturevalue("fargate")  # type: ignore[no-any-return]
    workers = InMemoryWorkers(scarce=set())

    def dismiss() -> None:
        workers.working -= 1

    assert isinstance(workers.scarce, set)
    return Cluster(workers, workers.scarce.add, dismiss)


def test_at_first_there_is_no_worker(cluster: Cluster) -> None:
    assert cluster.workers.count() == 0


def test_a_started_worker_counts_at_once_until_it_stops(cluster: Cluster) -> None:
    assert cluster.workers.start_worker(FIRST)
    assert cluster.workers.start_worker(WorkerSlot(2, 7, Capacity.SPOT))
    assert cluster.workers.count() == 2
    cluster.dismiss()
    assert cluster.workers.count() == 1


def test_a_slot_is_filled_once_however_often_it_is_used(cluster: Cluster) -> None:
    assert [cluster.workers.start_worker(FIRST) for _ in range(3)] == [True, True, True]
    assert cluster.workers.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        WorkerSlot(2, 7, Capacity.SPOT),
        WorkerSlot(1, 8, Capacity.SPOT),
        WorkerSlot(1, 7, Capacity.ON_DEMAND),
    ],
)
def test_another_number_window_or_capacity_is_another_slot(
    cluster: Cluster, other: WorkerSlot
) -> None:
    cluster.workers.start_worker(FIRST)
    cluster.workers.start_worker(other)
    assert cluster.workers.count() == 2


def test_a_lack_of_capacity_is_no_error(cluster: Cluster) -> None:
    cluster.lack(Capacity.SPOT)
    assert not cluster.workers.start_worker(FIRST)
    assert cluster.workers.count() == 0
    assert cluster.workers.start_worker(WorkerSlot(1, 7, Capacity.ON_DEMAND))


def test_on_ecs_a_task_gets_a_public_address_in_one_of_the_subnets(fargate: Cluster) -> None:
    assert fargate.ecs
    assert isinstance(fargate.workers, FargateWorkers)
    fargate.workers.start_worker(FIRST)
    [asked] = fargate.ecs.asked
    assert asked["networkConfiguration"]["awsvpcConfiguration"] == {
        "subnets": fargate.workers.subnets,
        "securityGroups": [fargate.workers.security_group],
        "assignPublicIp": "ENABLED",
    }
    assert asked["clientToken"] == "7-1-spot"
    assert asked["count"] == 1


def test_on_ecs_tasks_of_another_family_do_not_count(fargate: Cluster) -> None:
    assert fargate.ecs
    fargate.ecs.tasks("another").start_worker(FIRST)
    assert fargate.workers.count() == 0


@pytest.mark.parametrize(
    ("code", "is_filled"),
    [("ClientException", False), ("LimitExceededException", False), ("ConflictException", True)],
)
def test_on_ecs_a_quota_is_a_refusal_and_a_used_token_a_filled_slot(
    fargate: Cluster, code: str, is_filled: bool
) -> None:
    assert fargate.ecs
    fargate.ecs.code = code
    assert fargate.workers.start_worker(FIRST) is is_filled


def test_on_ecs_what_is_wrong_in_itself_is_not_hidden(fargate: Cluster) -> None:
    assert fargate.ecs
    fargate.ecs.code = "AccessDeniedException"
    with pytest.raises(ClientError, match="AccessDenied"):
        fargate.workers.start_worker(FIRST)


@dataclass
class Work:
    depth: WorkDepth
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
    url = work_queues(sqs)
    return Work(
        SqsWorkDepth(lambda: sqs, url),
        put=lambda queue: sqs.send_message(QueueUrl=queue.url(url), MessageBody="task"),
        take=lambda: sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1),
    )


def test_tasks_count_whether_they_wait_or_are_being_processed(work: Work) -> None:
    assert work.depth.depth() == 0
    for queue in TaskQueue:
        work.put(queue)
    work.take()
    assert work.depth.depth() == len(TaskQueue)


@dataclass
class Bell:
    queue: ScaleCheckQueue
    heard: Callable[[], list[ScaleCheck]]
    # How many checks wait for their time.
    waiting: Callable[[], int]


@pytest.fixture(params=["memory", "sqs"])
def bell(request: pytest.FixtureRequest, clock: HandClock) -> Bell:
    if request.param == "memory":
        memory = InMemoryScaleCheckQueue(clock)
        return Bell(memory, memory.due, lambda: len(memory.checks))
    request.getfixturevalue("cloud")
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="videoflix-crew")["QueueUrl"]

    def heard() -> list[ScaleCheck]:
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [ScaleCheck.from_json(each["Body"]) for each in messages]

    def waiting() -> int:
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return int(attributes["ApproximateNumberOfMessagesDelayed"])

    return Bell(SqsScaleCheckQueue(lambda: sqs, url), heard, waiting)


def test_a_check_arrives_as_it_was_sent(bell: Bell) -> None:
    check = ScaleCheck(expected=1, due=1.5, quiet=2, wanted=3, misses=4)
    bell.queue.send(check)
    assert bell.heard() == [check]


def test_a_check_does_not_arrive_before_its_time(bell: Bell) -> None:
    bell.queue.send(ScaleCheck(), after_seconds=30)
    bell.queue.send(ScaleCheck(expected=1))
    assert bell.heard() == [ScaleCheck(expected=1)]
    assert bell.waiting() == 1
