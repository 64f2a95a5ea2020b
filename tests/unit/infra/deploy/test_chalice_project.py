"""Chalice's record survives an interrupted deploy, and the log of the API has a retention."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
from moto import mock_aws

from infra.deploy.chalice_project import DISK_MB, ensure_disk, ensure_log_of_api, merged

REPOSITORY = Path(__file__).parents[4]
ADDRESS = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/videoflix-dev"


def test_the_record_of_an_interrupted_deploy_holds_old_and_new_resources() -> None:
    before = [{"name": "api", "id": "1"}, {"name": "mail", "id": "2"}]
    created = [{"name": "mail", "arn": "3"}, {"name": "work", "id": "4"}]
    assert merged(before, created) == [
        {"name": "api", "id": "1"},
        {"name": "mail", "id": "2", "arn": "3"},
        {"name": "work", "id": "4"},
    ]


def test_the_log_of_the_api_is_created_beside_logs_with_longer_names() -> None:
    with mock_aws():
        logs = boto3.client("logs", region_name="eu-central-1")
        logs.create_log_group(logGroupName="/aws/lambda/videoflix-dev-on_mail")
        for days in (14, 30):
            ensure_log_of_api(logs, "videoflix-dev", days)
        [group] = [
            each
            for each in logs.describe_log_groups()["logGroups"]
            if each["logGroupName"] == "/aws/lambda/videoflix-dev"
        ]
    assert group["retentionInDays"] == 30


class Functions:
    """Functions of Lambda with 512 MB of disk, and how often each was updated."""

    def __init__(self, *names: str) -> None:
        self.disk = dict.fromkeys(names, 512)
        self.updates: list[str] = []

    def get_function_configuration(self, *, FunctionName: str) -> Any:  # noqa: N803
        return {"EphemeralStorage": {"Size": self.disk[FunctionName]}}

    def update_function_configuration(
        self,
        *,
        FunctionName: str,  # noqa: N803
        EphemeralStorage: Mapping[str, int],  # noqa: N803
    ) -> None:
        self.disk[FunctionName] = EphemeralStorage["Size"]
        self.updates.append(FunctionName)

    def get_waiter(self, name: str) -> Any:
        assert name == "function_updated_v2"
        return self

    def wait(self, *, FunctionName: str) -> None:  # noqa: N803
        assert FunctionName in self.disk


def test_functions_with_a_copy_of_the_catalogue_get_their_disk_once() -> None:
    readers = [f"videoflix-dev{ending}" for ending in DISK_MB]
    functions = Functions(*readers, "videoflix-dev-on_mail")
    for _ in range(2):
        ensure_disk(functions, "videoflix-dev")
    assert functions.updates == readers
    assert functions.disk == {
        **dict.fromkeys(readers[:-1], 4096),
        "videoflix-dev-on_sweep": 8192,
        "videoflix-dev-on_mail": 512,
    }
