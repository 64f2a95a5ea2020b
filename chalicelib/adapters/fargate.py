"""Scaling on AWS: tasks of Fargate, the depth of the work queues, the queue of scale checks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.encoding.scaling import Capacity, ScaleCheck, WorkerSlot
from chalicelib.encoding.task_queues import TaskQueue
from chalicelib.telemetry import log

_PROVIDERS = {Capacity.SPOT: "FARGATE_SPOT", Capacity.ON_DEMAND: "FARGATE"}
# No capacity, or a quota is reached. Other errors would be the same with other capacity.
_NO_CAPACITY = frozenset({"ClientException", "LimitExceededException"})
# Another process has used the slot, with other parameters.
_FILLED = "ConflictException"


@dataclass(frozen=True, slots=True)
class FargateWorkers:
    client: Callable[[], Any]
    cluster: str
    task_definition: str
    subnets: Sequence[str]
    security_group: str

    def count(self) -> int:
        pages = (
            self.client()
            .get_paginator("list_tasks")
            # Includes tasks that start, and leaves out tasks that stop.
            .paginate(cluster=self.cluster, family=self._family, desiredStatus="RUNNING")
        )
        return sum(len(page["taskArns"]) for page in pages)

    def start_worker(self, slot: WorkerSlot) -> bool:
        try:
            answer = self.client().run_task(
                cluster=self.cluster,
                taskDefinition=self.task_definition,
                count=1,
                capacityProviderStrategy=[{"capacityProvider": _PROVIDERS[slot.capacity]}],
                networkConfiguration={
                    "awsvpcConfiguration": {
                        "subnets": list(self.subnets),
                        "securityGroups": [self.security_group],
                        # There is no NAT: this is the way to the queue and the buckets.
                        "assignPublicIp": "ENABLED",
                    }
                },
                clientToken=f"{slot.window}-{slot.number}-{slot.capacity}",
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == _FILLED:
                return True
            if code not in _NO_CAPACITY:
                raise
            return _refused(slot, str(error))
        reasons = ", ".join(str(each.get("reason")) for each in answer.get("failures", []))
        return bool(answer["tasks"]) or _refused(slot, reasons)

    @property
    def _family(self) -> str:
        """`…:task-definition/name:3` and `name:3` are of the family `name`."""
        return self.task_definition.rpartition("/")[2].partition(":")[0]


def _refused(slot: WorkerSlot, reason: str) -> bool:
    log.warning("transcoder refused", extra={"terms": slot.capacity.value, "reason": reason})
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
class SqsScaleCheckQueue:
    client: Callable[[], Any]
    url: str

    def send(self, check: ScaleCheck, *, after_seconds: int = 0) -> None:
        self.client().send_message(
            QueueUrl=self.url, MessageBody=check.to_json(), DelaySeconds=after_seconds
        )
