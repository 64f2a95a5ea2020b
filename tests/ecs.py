"""ECS as moto has it, and what it lacks: remembered tokens, a lack of capacity, times of tasks."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import boto3

from chalicelib.adapters.fargate import FargateTranscoders
from chalicelib.encoding.ports import Capacity

CLUSTER = "videoflix-transcoders"
FAMILIES = ("videoflix-transcoder", "another")
NO_CAPACITY = "Capacity is unavailable at this time. Please try again later."
_PROVIDERS = {Capacity.SPOT: "FARGATE_SPOT", Capacity.ON_DEMAND: "FARGATE"}


@dataclass
class Ecs:
    client: Any
    subnets: list[str]
    security_group: str
    # Answers every order for a task with this error, if there is one.
    code: str = ""
    scarce: set[str] = field(default_factory=set)
    asked: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    # Of every task: what DescribeTasks says about its life.
    times: dict[str, dict[str, datetime]] = field(default_factory=dict)

    @classmethod
    def with_a_cluster(cls) -> "Ecs":
        client, ec2 = boto3.Session().client("ecs"), boto3.client("ec2")
        client.create_cluster(clusterName=CLUSTER, capacityProviders=list(_PROVIDERS.values()))
        for family in FAMILIES:
            client.register_task_definition(
                family=family,
                networkMode="awsvpc",
                containerDefinitions=[{"name": family, "image": family, "memory": 2048}],
            )
        subnets = [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"]]
        [group] = [each["GroupId"] for each in ec2.describe_security_groups()["SecurityGroups"]]
        ecs = cls(client, subnets, group)
        ecs.watch(client)
        return ecs

    def watch(self, client: Any) -> None:
        for event, hear in self._watched().items():
            client.meta.events.register(event, hear)

    def watch_no_more(self, client: Any) -> None:
        for event, hear in self._watched().items():
            client.meta.events.unregister(event, hear)

    def _watched(self) -> Mapping[str, Callable[..., Any]]:
        return {
            "before-call.ecs.RunTask": self._before,
            "after-call.ecs.RunTask": self._after,
            "after-call.ecs.DescribeTasks": self._date,
        }

    def tasks(self, family: str) -> FargateTranscoders:
        arn = f"arn:aws:ecs:eu-central-1:123456789012:task-definition/{family}:1"
        return FargateTranscoders(
            lambda: self.client, CLUSTER, arn, self.subnets, self.security_group
        )

    def running(self) -> list[str]:
        listed = self.client.list_tasks(cluster=CLUSTER, desiredStatus="RUNNING")["taskArns"]
        return [str(each) for each in listed]

    def stop_one(self) -> None:
        self.client.stop_task(cluster=CLUSTER, task=self.running()[0])

    def fail_all(self) -> None:
        """Stop all tasks before any of them has started."""
        for task in self.running():
            self.client.stop_task(cluster=CLUSTER, task=task)
            del self.times[task]["startedAt"]

    def lack(self, terms: Capacity) -> None:
        self.scarce.add(_PROVIDERS[terms])

    def _before(self, params: Any, **_: Any) -> Any:
        asked = json.loads(params["body"])
        self.asked.append(asked)
        if self.code:
            error = {"Code": self.code, "Message": NO_CAPACITY}
            return SimpleNamespace(status_code=400), {"Error": error}
        answer = self.answers.get(asked["clientToken"])
        if asked["capacityProviderStrategy"][0]["capacityProvider"] in self.scarce:
            answer = {"tasks": [], "failures": [{"reason": NO_CAPACITY}]}
        return answer and (SimpleNamespace(status_code=200), answer)

    def _after(self, parsed: Any, **_: Any) -> None:
        if parsed.get("tasks"):
            self.answers[self.asked[-1]["clientToken"]] = parsed
        now = datetime.now(UTC)
        for task in parsed.get("tasks", []):
            self.times.setdefault(task["taskArn"], {"createdAt": now, "startedAt": now})

    def _date(self, parsed: Any, **_: Any) -> None:
        for task in parsed["tasks"]:
            task.update(self.times[task["taskArn"]])
