"""Rules for every table, queue, bucket and name in all templates."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from chalicelib.encoding.task_queues import TaskQueue
from infra.deploy import settings
from infra.deploy.stages import STAGES
from tests.unit.infra.templates.reading import TEMPLATES, filled, listed, resources, statements

QUEUES = list(resources("SQS::Queue"))
BUCKETS = list(resources("S3::Bucket"))
TABLES = list(resources("DynamoDB::Table"))
DEAD = [each for each in QUEUES if filled(each[2]["QueueName"]).endswith("-dead")]
LIVE = [each for each in QUEUES if each not in DEAD]
NAMING = {
    "CloudWatch::Alarm": "AlarmName",
    "DynamoDB::Table": "TableName",
    "ECR::Repository": "RepositoryName",
    "ECS::Cluster": "ClusterName",
    "ECS::TaskDefinition": "Family",
    "IAM::Role": "RoleName",
    "Logs::LogGroup": "LogGroupName",
    "S3::Bucket": "BucketName",
    "SNS::Topic": "TopicName",
    "SQS::Queue": "QueueName",
    "SecretsManager::Secret": "Name",
    "StepFunctions::StateMachine": "StateMachineName",
    "WAFv2::WebACL": "Name",
}


def named(each: tuple[str, str, Any]) -> str:
    return f"{each[0]}-{each[1]}"


def denied_without_tls(template: str, kind: str, target: str) -> list[Any]:
    """Return the statements of such policies that deny requests without TLS to a resource."""
    return [
        statement
        for name, _, policy in resources(kind)
        if name == template
        and {"Ref": target} in listed(policy.get("Queues", policy.get("Bucket")))
        for statement in statements(policy["PolicyDocument"])
        if statement["Effect"] == "Deny"
        and statement["Principal"] == "*"
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    ]


def test_there_are_three_tables_and_the_expected_queues() -> None:
    assert len(TABLES) == 3
    assert len(DEAD) == 5
    names = {filled(queue["QueueName"]) for _, _, queue in LIVE}
    of_tasks = {f"videoflix-dev-{each}" for each in TaskQueue}
    assert names - of_tasks == {
        "videoflix-dev-mail",
        "videoflix-dev-uploads",
        "videoflix-dev-changes",
        "videoflix-dev-crew",
    }
    assert of_tasks <= names


@pytest.mark.parametrize("queue", LIVE, ids=named)
def test_every_queue_has_a_dead_letter_queue(queue: Any) -> None:
    template, _, properties = queue
    redrive = properties["RedrivePolicy"]
    dead = redrive["deadLetterTargetArn"]["Fn::GetAtt"][0]
    dead_queue = TEMPLATES[template]["Resources"][dead]["Properties"]
    name = filled(properties["QueueName"]).removeprefix("videoflix-dev-")
    # All task queues share one dead-letter queue; a redriven task starts in the first queue.
    owner = TaskQueue.UNSORTED if name in {*TaskQueue} else name
    assert filled(dead_queue["QueueName"]) == f"videoflix-dev-{owner}-dead"
    assert redrive["maxReceiveCount"]
    assert properties["VisibilityTimeout"]


@pytest.mark.parametrize("queue", DEAD, ids=named)
def test_dead_letters_are_kept_for_14_days(queue: Any) -> None:
    assert queue[2]["MessageRetentionPeriod"] == 14 * 24 * 3600


@pytest.mark.parametrize("queue", QUEUES, ids=named)
def test_a_queue_is_encrypted_and_requires_tls(queue: Any) -> None:
    template, logical_id, properties = queue
    assert properties["SqsManagedSseEnabled"] is True
    [denied] = denied_without_tls(template, "SQS::QueuePolicy", logical_id)
    assert denied["Action"] == "sqs:*"
    assert denied["Resource"] == {"Fn::GetAtt": [logical_id, "Arn"]}


@pytest.mark.parametrize("bucket", BUCKETS, ids=named)
def test_a_bucket_is_private_and_encrypted_and_requires_tls(bucket: Any) -> None:
    template, logical_id, properties = bucket
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(properties["PublicAccessBlockConfiguration"]) == 4
    assert properties["BucketEncryption"]
    [denied] = denied_without_tls(template, "S3::BucketPolicy", logical_id)
    assert denied["Action"] == "s3:*"
    assert denied["Resource"] == [
        {"Fn::GetAtt": [logical_id, "Arn"]},
        {"Fn::Sub": f"${{{logical_id}.Arn}}/*"},
    ]


def test_policies_of_buckets_and_queues_allow_only_services_of_aws() -> None:
    policies = [*resources("S3::BucketPolicy"), *resources("SQS::QueuePolicy")]
    allowed = [
        (statement["Principal"], set(statement["Condition"]))
        for _, _, properties in policies
        for statement in statements(properties["PolicyDocument"])
        if statement["Effect"] == "Allow"
    ]
    assert all(set(principal) == {"Service"} for principal, _ in allowed)
    assert all({"ArnLike", "ArnEquals"} & conditions for _, conditions in allowed)
    assert len(allowed) == 3


@pytest.mark.parametrize("table", TABLES, ids=named)
def test_a_table_is_on_demand_and_can_be_restored(table: Any) -> None:
    properties = table[2]
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert properties["SSESpecification"] == {"SSEEnabled": True}
    assert properties["DeletionProtectionEnabled"] == {"Fn::If": ["IsProtected", True, False]}


def test_data_survive_the_deletion_of_their_stack() -> None:
    kept = [
        *TABLES,
        *(each for each in BUCKETS if each[1] != "Web"),
        *resources("SecretsManager::Secret"),
    ]
    for template, logical_id, _ in kept:
        resource = TEMPLATES[template]["Resources"][logical_id]
        assert resource["DeletionPolicy"] == "RetainExceptOnCreate", logical_id
        assert resource["UpdateReplacePolicy"] == "Retain", logical_id


def test_every_name_begins_with_the_prefix_so_that_stages_share_an_account() -> None:
    names = [
        filled(properties[naming])
        for kind, naming in NAMING.items()
        for _, _, properties in resources(kind)
        if naming in properties
    ]
    stems = [name.removeprefix("/").removeprefix("aws-waf-logs-") for name in names]
    assert len(stems) > 40
    assert [stem for stem in stems if not stem.startswith("videoflix-dev")] == []


def test_the_name_of_an_output_is_unique() -> None:
    outputs = Counter(name for each in TEMPLATES.values() for name in each.get("Outputs", {}))
    assert [name for name, times in outputs.items() if times > 1] == []


def test_a_parameter_of_one_name_means_the_same_everywhere() -> None:
    allowed: dict[str, Any] = {}
    for content in TEMPLATES.values():
        for name, parameter in content["Parameters"].items():
            known = allowed.setdefault(name, (parameter["Type"], parameter.get("AllowedValues")))
            assert known == (parameter["Type"], parameter.get("AllowedValues")), name


def test_values_of_stages_are_allowed_by_the_templates() -> None:
    days = TEMPLATES["transcoder"]["Parameters"]["LogDays"]["AllowedValues"]
    assert {stage.log_days for stage in STAGES.values()} <= set(days)
    for name in ("accounts", "catalogue", "viewing", "registry"):
        switch = TEMPLATES[name]["Parameters"]["Protection"]["AllowedValues"]
        assert {stage.protection for stage in STAGES.values()} <= set(switch)


def test_every_parameter_of_a_deploy_is_declared() -> None:
    # An undeclared parameter is not passed on, so that a misspelt name would not be noticed.
    modules = ("settings", "up", "media_signing_keys")
    code = "".join(Path(f"infra/deploy/{name}.py").read_text("utf-8") for name in modules)
    passed = set(
        re.findall(r'(?:parameters\[|^        )"([A-Z][A-Za-z]+)"(?:\]|:)', code, re.MULTILINE)
    )
    declared = {name for content in TEMPLATES.values() for name in content["Parameters"]}
    assert len(passed) > 10
    assert passed - declared == set()


def test_no_mail_leaves_unencrypted() -> None:
    """On AWS only: an emulator has no configuration sets, and sends nothing."""
    [(_, _, properties)] = list(resources("SES::ConfigurationSet"))
    assert properties["DeliveryOptions"] == {"TlsPolicy": "REQUIRE"}
    output = TEMPLATES["mail"]["Outputs"]["MailConfigurationSet"]
    assert output["Value"] == {"Ref": "Deliveries"}
    assert output["Condition"] == TEMPLATES["mail"]["Resources"]["Deliveries"]["Condition"]
    assert "MAIL_CONFIGURATION_SET" in settings._OUTPUTS, "the identity may be of another stage"
