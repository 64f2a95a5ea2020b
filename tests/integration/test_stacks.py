"""The stacks come up, stay as they are, change, and say what is wrong."""

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest

from infra import stacks
from tests.integration.supervised import Run
from tests.unit.infra.templates.test_pipeline import definition

GOOD = """
Parameters:
  Prefix: {Type: String}
  Seconds: {Type: Number, Default: 30}
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Properties: {QueueName: !Sub "${Prefix}-letters", VisibilityTimeout: !Ref Seconds}
Outputs:
  LettersUrl: {Value: !Ref Letters}
"""
BAD = GOOD.replace("VisibilityTimeout: !Ref Seconds", "RedrivePolicy: {maxReceiveCount: 1}")


@pytest.fixture
def prefix() -> str:
    return f"test-{uuid.uuid4()}"


@pytest.fixture
def client(running: Run) -> Any:
    return running.client("cloudformation")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "letters.yaml"
    path.write_text(GOOD)
    return path


def seconds_of(running: Run, url: str) -> str:
    answer = running.client("sqs").get_queue_attributes(
        QueueUrl=url, AttributeNames=["VisibilityTimeout"]
    )
    return str(answer["Attributes"]["VisibilityTimeout"])


def test_a_stack_is_made_once_and_follows_its_parameters(
    client: Any, prefix: str, template: Path, running: Run
) -> None:
    unknown = {"UnknownParameter": "1"}
    for own, expected in (({}, "30"), ({}, "30"), ({"Seconds": "7"}, "7")):
        outputs = stacks.deploy(
            client, prefix=prefix, parameters={**unknown, **own}, templates=[template]
        )
        assert set(outputs) == {"LETTERS_URL"}
        assert seconds_of(running, outputs["LETTERS_URL"]) == expected


def test_the_resource_that_fails_is_named_and_a_mended_template_works(
    client: Any, prefix: str, template: Path
) -> None:
    template.write_text(BAD)
    for _ in range(2):
        with pytest.raises(stacks.StackFailed, match=rf"^Stack {prefix}-letters: Letters \(AWS::"):
            stacks.deploy(client, prefix=prefix, parameters={}, templates=[template])
    template.write_text(GOOD)
    outputs = stacks.deploy(client, prefix=prefix, parameters={}, templates=[template])
    assert outputs["LETTERS_URL"].endswith(f"{prefix}-letters")


def test_a_change_that_fails_leaves_what_was_there(
    client: Any, prefix: str, template: Path, running: Run
) -> None:
    before = stacks.deploy(client, prefix=prefix, parameters={}, templates=[template])
    template.write_text(BAD)
    with pytest.raises(stacks.StackFailed, match="RedrivePolicy"):
        stacks.deploy(client, prefix=prefix, parameters={}, templates=[template])
    template.write_text(GOOD)
    assert before == stacks.deploy(client, prefix=prefix, parameters={}, templates=[template])
    assert seconds_of(running, before["LETTERS_URL"]) == "30"


def test_step_functions_gets_the_definition_of_the_template(
    client: Any, prefix: str, running: Run
) -> None:
    [template] = [path for path in stacks.TEMPLATES if path.stem == "pipeline"]
    outputs = stacks.deploy(client, prefix=prefix, parameters={}, templates=[template])
    machine = running.client("stepfunctions").describe_state_machine(
        stateMachineArn=outputs["PIPELINE_ARN"]
    )
    expected = re.sub(
        r"\$\{(\w+)\}",
        lambda queue: outputs[f"{queue[1].upper()}_QUEUE_URL"],
        json.dumps(definition(Prefix=prefix)),
    )
    assert json.loads(machine["definition"]) == json.loads(expected)


def test_our_own_stacks_hold_what_the_plan_says(running: Run) -> None:
    table = running.client("dynamodb").describe_table(TableName="videoflix-accounts")["Table"]
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    [index] = table["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "directory"
    mail = running.client("sqs").get_queue_url(QueueName="videoflix-mail")["QueueUrl"]
    attributes = running.client("sqs").get_queue_attributes(QueueUrl=mail, AttributeNames=["All"])
    assert json.loads(attributes["Attributes"]["RedrivePolicy"]) == {
        "deadLetterTargetArn": "arn:aws:sqs:eu-central-1:000000000000:videoflix-mail-dead",
        "maxReceiveCount": "20",
    }
    assert running.client("ses").list_identities()["Identities"] == ["noreply@videoflix.test"]


@pytest.mark.parametrize("template", ["registry", "network", "transcoder"])
def test_what_only_aws_has_is_understood_as_far_as_the_emulator_knows_it(
    template: str, client: Any, prefix: str
) -> None:
    parameters = {"TranscoderImage": f"registry.example/transcoder@sha256:{'0' * 64}"}
    outputs = stacks.deploy(
        client,
        prefix=prefix,
        parameters=parameters,
        templates=[Path(f"infra/templates/{template}.yaml")],
    )
    assert outputs
    assert all(outputs.values())
