"""The crew on AWS: tasks of Fargate, the depth of the work queues, the queue of calls."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import ClientError

from chalicelib.clock import Clock
from chalicelib.encoding.scaling import Call, Crew, Place, Terms
from chalicelib.encoding.task_queues import TaskQueue
from chalicelib.telemetry import log

_PROVIDERS = {Terms.SPOT: "FARGATE_SPOT", Terms.ON_DEMAND: "FARGATE"}
# No capacity, or a quota is reached. What is wrong in itself is wrong on other terms as well.
_NONE_TO_BE_HAD = frozenset({"ClientException", "LimitExceededException"})
# The place was filled by somebody else who asked a little differently.
_FILLED = "ConflictException"


@dataclass(frozen=True, slots=True)
class FargateTasks:
    client: Callable[[], Any]
    cluster: str
    task_definition: str
    subnets: Sequence[str]
    security_group: str

    def size(self) -> int:
        pages = (
            self.client()
            .get_paginator("list_tasks")
            # Those that are being prepared are wanted running; those that end are not.
            .paginate(cluster=self.cluster, family=self._family, desiredStatus="RUNNING")
        )
        return sum(len(page["taskArns"]) for page in pages)

    def hire(self, place: Place) -> bool:
        try:
            answer = self.client().run_task(
                cluster=self.cluster,
                taskDefinition=self.task_definition,
                count=1,
                capacityProviderStrategy=[{"capacityProvider": _PROVIDERS[place.terms]}],
                networkConfiguration={
                    "awsvpcConfiguration": {
                        "subnets": list(self.subnets),
                        "securityGroups": [self.security_group],
                        # There is no NAT: this is the way to the queue and the buckets.
                        "assignPublicIp": "ENABLED",
                    }
                },
                clientToken=f"{place.window}-{place.number}-{place.terms}",
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == _FILLED:
                return True
            if code not in _NONE_TO_BE_HAD:
                raise
            return _refused(place, str(error))
        reasons = ", ".join(str(each.get("reason")) for each in answer.get("failures", []))
        return bool(answer["tasks"]) or _refused(place, reasons)

    @property
    def _family(self) -> str:
        """`…:task-definition/name:3` and `name:3` are of the family `name`."""
        return self.task_definition.rpartition("/")[2].partition(":")[0]


def _refused(place: Place, reason: str) -> bool:
    log.warning("transcoder refused", extra={"terms": place.terms.value, "reason": reason})
    return False


@dataclass(frozen=True, slots=True)
class SqsWorkDepth:
    client: Callable[[], Any]
    # Of the queue where tasks arrive.
    url: str

    def depth(self) -> int:
        return sum(self._depth_of(queue) for queue in TaskQueue)

    def _depth_of(self, queue: TaskQueue) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        url = queue.url(self.url)
        answer = self.client().get_queue_attributes(QueueUrl=url, AttributeNames=names)
        return sum(int(answer["Attributes"][name]) for name in names)


@dataclass(frozen=True, slots=True)
class SqsSummons:
    client: Callable[[], Any]
    url: str

    def send(self, call: Call, *, after_seconds: int = 0) -> None:
        self.client().send_message(
            QueueUrl=self.url, MessageBody=call.to_json(), DelaySeconds=after_seconds
        )


class Harbour(Protocol):
    """Where transcoders are started when work waits, and how many."""

    @property
    def cluster(self) -> str: ...
    @property
    def task_definition(self) -> str: ...
    @property
    def subnets(self) -> Sequence[str]: ...
    @property
    def security_group(self) -> str: ...
    @property
    def queue_url(self) -> str: ...
    @property
    def work_queue_url(self) -> str: ...
    @property
    def most(self) -> int: ...
    @property
    def may_hire_on_demand(self) -> bool: ...


def crew_at(
    harbour: Harbour | None, client: Callable[[str], Callable[[], Any]], clock: Clock
) -> Crew | None:
    if harbour is None:
        return None
    return Crew(
        work=SqsWorkDepth(client("sqs"), harbour.work_queue_url),
        hiring=FargateTasks(
            client("ecs"),
            harbour.cluster,
            harbour.task_definition,
            harbour.subnets,
            harbour.security_group,
        ),
        summons=SqsSummons(client("sqs"), harbour.queue_url),
        clock=clock,
        most=harbour.most,
        may_hire_on_demand=harbour.may_hire_on_demand,
    )
