"""One contract for the crew's queue and hiring, in memory and on moto's ECS and SQS."""

from collections.abc import Callable
from dataclasses import dataclass

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters.fargate import FargateTasks, SqsSummons, SqsWorkDepth
from chalicelib.encoding.scaling import Call, Hiring, Place, Summons, Terms, WorkDepth
from chalicelib.encoding.task_queues import TaskQueue
from tests.ecs import Ecs
from tests.fakes.clock import HandClock
from tests.fakes.scaling import CountedWork, InMemoryHiring, InMemorySummons
from tests.queues import work_queues

pytestmark = pytest.mark.contract(of=(Hiring, WorkDepth, Summons))

FIRST = Place(1, 7, Terms.SPOT)


@dataclass
class Harbour:
    hiring: Hiring
    lack: Callable[[Terms], None]
    dismiss: Callable[[], None]
    ecs: Ecs | None = None


@pytest.fixture
def fargate(cloud: None) -> Harbour:  # noqa: ARG001
    ecs = Ecs.with_a_cluster()
    return Harbour(ecs.tasks("videoflix-transcoder"), ecs.lack, ecs.stop_one, ecs)


@pytest.fixture(params=["memory", "fargate"])
def harbour(request: pytest.FixtureRequest) -> Harbour:
    if request.param == "fargate":
        return request.getfixturevalue("fargate")  # type: ignore[no-any-return]
    hiring = InMemoryHiring(scarce=set())

    def dismiss() -> None:
        hiring.working -= 1

    assert isinstance(hiring.scarce, set)
    return Harbour(hiring, hiring.scarce.add, dismiss)


def test_at_first_nobody_works(harbour: Harbour) -> None:
    assert harbour.hiring.size() == 0


def test_whoever_is_hired_counts_at_once_until_leaving(harbour: Harbour) -> None:
    assert harbour.hiring.hire(FIRST)
    assert harbour.hiring.hire(Place(2, 7, Terms.SPOT))
    assert harbour.hiring.size() == 2
    harbour.dismiss()
    assert harbour.hiring.size() == 1


def test_a_place_is_filled_once_however_often_it_is_asked_for(harbour: Harbour) -> None:
    assert [harbour.hiring.hire(FIRST) for _ in range(3)] == [True, True, True]
    assert harbour.hiring.size() == 1


@pytest.mark.parametrize(
    "other", [Place(2, 7, Terms.SPOT), Place(1, 8, Terms.SPOT), Place(1, 7, Terms.ON_DEMAND)]
)
def test_another_place_another_time_and_other_terms_are_another_one(
    harbour: Harbour, other: Place
) -> None:
    harbour.hiring.hire(FIRST)
    harbour.hiring.hire(other)
    assert harbour.hiring.size() == 2


def test_nobody_to_be_had_on_these_terms_is_no_error(harbour: Harbour) -> None:
    harbour.lack(Terms.SPOT)
    assert not harbour.hiring.hire(FIRST)
    assert harbour.hiring.size() == 0
    assert harbour.hiring.hire(Place(1, 7, Terms.ON_DEMAND))


def test_on_ecs_a_task_gets_a_public_address_in_one_of_the_subnets(fargate: Harbour) -> None:
    assert fargate.ecs
    assert isinstance(fargate.hiring, FargateTasks)
    fargate.hiring.hire(FIRST)
    [asked] = fargate.ecs.asked
    assert asked["networkConfiguration"]["awsvpcConfiguration"] == {
        "subnets": fargate.hiring.subnets,
        "securityGroups": [fargate.hiring.security_group],
        "assignPublicIp": "ENABLED",
    }
    assert asked["clientToken"] == "7-1-spot"
    assert asked["count"] == 1


def test_on_ecs_tasks_of_another_family_do_not_count(fargate: Harbour) -> None:
    assert fargate.ecs
    fargate.ecs.tasks("another").hire(FIRST)
    assert fargate.hiring.size() == 0


@pytest.mark.parametrize(
    ("code", "is_filled"),
    [("ClientException", False), ("LimitExceededException", False), ("ConflictException", True)],
)
def test_on_ecs_a_quota_is_a_refusal_and_a_used_token_a_filled_place(
    fargate: Harbour, code: str, is_filled: bool
) -> None:
    assert fargate.ecs
    fargate.ecs.code = code
    assert fargate.hiring.hire(FIRST) is is_filled


def test_on_ecs_what_is_wrong_in_itself_is_not_hidden(fargate: Harbour) -> None:
    assert fargate.ecs
    fargate.ecs.code = "AccessDeniedException"
    with pytest.raises(ClientError, match="AccessDenied"):
        fargate.hiring.hire(FIRST)


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


def test_work_counts_whether_it_waits_or_is_in_somebodys_hands(work: Work) -> None:
    assert work.depth.depth() == 0
    for queue in TaskQueue:
        work.put(queue)
    work.take()
    assert work.depth.depth() == len(TaskQueue)


@dataclass
class Bell:
    summons: Summons
    heard: Callable[[], list[Call]]
    # How many calls wait for their time.
    waiting: Callable[[], int]


@pytest.fixture(params=["memory", "sqs"])
def bell(request: pytest.FixtureRequest, clock: HandClock) -> Bell:
    if request.param == "memory":
        memory = InMemorySummons(clock)
        return Bell(memory, memory.due, lambda: len(memory.calls))
    request.getfixturevalue("cloud")
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="videoflix-crew")["QueueUrl"]

    def heard() -> list[Call]:
        told = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [Call.from_json(each["Body"]) for each in told]

    def waiting() -> int:
        told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return int(told["ApproximateNumberOfMessagesDelayed"])

    return Bell(SqsSummons(lambda: sqs, url), heard, waiting)


def test_a_call_arrives_as_it_was_sent(bell: Bell) -> None:
    call = Call(expected=1, due=1.5, quiet=2, wanted=3, misses=4)
    bell.summons.send(call)
    assert bell.heard() == [call]


def test_a_call_does_not_arrive_before_its_time(bell: Bell) -> None:
    bell.summons.send(Call(), after_seconds=30)
    bell.summons.send(Call(expected=1))
    assert bell.heard() == [Call(expected=1)]
    assert bell.waiting() == 1
