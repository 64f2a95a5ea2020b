"""Transcoders on AWS: tasks of Fargate."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.encoding.ports import Capacity, TranscoderSlot
from chalicelib.telemetry import log

_PROVIDERS = {Capacity.SPOT: "FARGATE_SPOT", Capacity.ON_DEMAND: "FARGATE"}
# No capacity, or a quota is reached. Other errors would be the same with other capacity.
_NO_CAPACITY = frozenset({"ClientException", "LimitExceededException"})
# Another process has used the slot, with other parameters.
_FILLED = "ConflictException"
# Transcoders wait longer for their first task: one that ends sooner is broken or was interrupted.
_TRIAL = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class FargateTranscoders:
    client: Callable[[], Any]
    cluster: str
    task_definition: str
    subnets: Sequence[str]
    security_group: str

    def count(self) -> int:
        # Includes tasks that start, and leaves out tasks that stop.
        return sum(len(page) for page in self._listed("RUNNING"))

    def failures(self, now: datetime) -> Sequence[datetime]:
        running, stopped = (list(self._described(status)) for status in ("RUNNING", "STOPPED"))
        if any(_has_worked(task, now) for task in running):
            return []
        # A task that is still stopping has no time for that yet.
        stopped.sort(key=lambda task: task.get("stoppedAt", now), reverse=True)
        return [
            task["createdAt"]
            for task in takewhile(lambda task: not _has_worked(task, now), stopped)
        ]

    def start_transcoder(self, slot: TranscoderSlot) -> bool:
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

    def _listed(self, status: str) -> Iterator[list[str]]:
        # `…:task-definition/name:3` and `name:3` are of the family `name`.
        family = self.task_definition.rpartition("/")[2].partition(":")[0]
        pages = self.client().get_paginator("list_tasks")
        for page in pages.paginate(cluster=self.cluster, family=family, desiredStatus=status):
            yield page["taskArns"]

    def _described(self, status: str) -> Iterator[dict[str, Any]]:
        for tasks in filter(None, self._listed(status)):
            yield from self.client().describe_tasks(cluster=self.cluster, tasks=tasks)["tasks"]


def _has_worked(task: dict[str, Any], now: datetime) -> bool:
    # `stoppedAt` comes half a minute after the end of its program.
    ended = task.get("executionStoppedAt") or task.get("stoppedAt", now)
    return "startedAt" in task and ended - task["startedAt"] >= _TRIAL


def _refused(slot: TranscoderSlot, reason: str) -> bool:
    log.warning("transcoder refused", extra={"terms": slot.capacity.value, "reason": reason})
    return False
