"""Chalice's record survives an interrupted deploy, and the log of the API has a retention."""

from pathlib import Path

import boto3
from moto import mock_aws

from infra.deploy.chalice_project import ensure_log_of_api, merged

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
