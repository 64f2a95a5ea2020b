"""What holds for every table, queue, bucket and name, whichever template it stands in."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from chalicelib.transcoding.task_queues import TaskQueue
from infra.deploy import settings
from infra.deploy.stages import STAGES
from tests.unit.infra.templates import TEMPLATES, filled, listed, resources, statements

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
    """Return what a policy of that kind forbids, for this resource, to who comes without TLS."""
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


def test_there_are_as_many_of_each_as_the_architecture_says() -> None:
    assert len(TABLES) == 2
    assert len(DEAD) == 4
    names = {filled(queue["QueueName"]).removeprefix("videoflix-dev-") for _, _, queue in LIVE}
    assert names == {"mail", "uploads", "crew", *TaskQueue}


@pytest.mark.parametrize("queue", LIVE, ids=named)
def test_what_a_queue_cannot_get_rid_of_goes_to_its_dead_letters(queue: Any) -> None:
    template, _, properties = queue
    redrive = properties["RedrivePolicy"]
    dead = redrive["deadLetterTargetArn"]["Fn::GetAtt"][0]
    letters = TEMPLATES[template]["Resources"][dead]["Properties"]
    name = filled(properties["QueueName"]).removeprefix("videoflix-dev-")
    # A task that was given up is one, whichever queue it was in; tried again, it arrives anew.
    owner = TaskQueue.ARRIVING if name in {*TaskQueue} else name
    assert filled(letters["QueueName"]) == f"videoflix-dev-{owner}-dead"
    assert redrive["maxReceiveCount"]
    assert properties["VisibilityTimeout"]


@pytest.mark.parametrize("queue", DEAD, ids=named)
def test_dead_letters_are_kept_as_long_as_can_be(queue: Any) -> None:
    assert queue[2]["MessageRetentionPeriod"] == 14 * 24 * 3600


@pytest.mark.parametrize("queue", QUEUES, ids=named)
def test_a_queue_is_encrypted_and_closed_to_who_comes_without_tls(queue: Any) -> None:
    template, logical_id, properties = queue
    assert properties["SqsManagedSseEnabled"] is True
    [denied] = denied_without_tls(template, "SQS::QueuePolicy", logical_id)
    assert denied["Action"] == "sqs:*"
    assert denied["Resource"] == {"Fn::GetAtt": [logical_id, "Arn"]}


@pytest.mark.parametrize("bucket", BUCKETS, ids=named)
def test_a_bucket_is_private_encrypted_and_closed_to_who_comes_without_tls(bucket: Any) -> None:
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


def test_nobody_but_aws_itself_is_let_into_a_bucket_or_queue_by_its_policy() -> None:
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


def test_what_is_begun_in_parts_and_forgotten_is_cleared_away() -> None:
    [media] = [content for name, content in TEMPLATES.items() if name == "media"]
    for bucket in ("Uploads", "Media"):
        rules = media["Resources"][bucket]["Properties"]["LifecycleConfiguration"]["Rules"]
        assert {"DaysAfterInitiation": 3} in [
            rule.get("AbortIncompleteMultipartUpload") for rule in rules
        ]


@pytest.mark.parametrize("table", TABLES, ids=named)
def test_a_table_costs_nothing_idle_and_can_be_brought_back(table: Any) -> None:
    properties = table[2]
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert properties["SSESpecification"] == {"SSEEnabled": True}
    assert properties["DeletionProtectionEnabled"] == {"Fn::If": ["IsProtected", True, False]}


def test_data_outlive_their_stack() -> None:
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


def test_an_output_is_called_the_same_in_one_template_only() -> None:
    outputs = Counter(name for each in TEMPLATES.values() for name in each.get("Outputs", {}))
    assert [name for name, times in outputs.items() if times > 1] == []


def test_a_parameter_of_one_name_means_the_same_everywhere() -> None:
    allowed: dict[str, Any] = {}
    for content in TEMPLATES.values():
        for name, parameter in content["Parameters"].items():
            known = allowed.setdefault(name, (parameter["Type"], parameter.get("AllowedValues")))
            assert known == (parameter["Type"], parameter.get("AllowedValues")), name


def test_what_stages_differ_in_is_allowed_by_the_templates() -> None:
    days = TEMPLATES["transcoder"]["Parameters"]["LogDays"]["AllowedValues"]
    assert {stage.log_days for stage in STAGES.values()} <= set(days)
    for name in ("accounts", "catalogue", "registry"):
        switch = TEMPLATES[name]["Parameters"]["Protection"]["AllowedValues"]
        assert {stage.protection for stage in STAGES.values()} <= set(switch)


def test_what_a_deploy_passes_is_declared_somewhere() -> None:
    # What nobody declares is not passed on, so a slip of the pen would never be noticed.
    modules = ("settings", "up", "media_keys")
    code = "".join(Path(f"infra/deploy/{name}.py").read_text("utf-8") for name in modules)
    passed = set(
        re.findall(r'(?:parameters\[|^        )"([A-Z][A-Za-z]+)"(?:\]|:)', code, re.MULTILINE)
    )
    declared = {name for content in TEMPLATES.values() for name in content["Parameters"]}
    assert len(passed) > 10
    assert passed - declared == set()


def test_no_mail_leaves_unencrypted() -> None:
    """Where there is SES: an emulator has no configuration sets, and sends nothing."""
    [(_, _, told)] = list(resources("SES::ConfigurationSet"))
    assert told["DeliveryOptions"] == {"TlsPolicy": "REQUIRE"}
    output = TEMPLATES["mail"]["Outputs"]["MailConfigurationSet"]
    assert output["Value"] == {"Ref": "Deliveries"}
    assert output["Condition"] == TEMPLATES["mail"]["Resources"]["Deliveries"]["Condition"]
    assert "MAIL_CONFIGURATION_SET" in settings._OUTPUTS, "the identity may be of another stage"
