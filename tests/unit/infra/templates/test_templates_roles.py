"""IAM roles allow exact actions on exact resources, and the transcoder only the calls it makes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.catalogue.object_keys import KINDS
from chalicelib.encoding.task_queues import BY_URGENCY
from tests.unit.infra.templates.reading import TEMPLATES, filled, listed, resources, statements
from transcoder.settings import TranscoderSettings

_TRANSCODER = TEMPLATES["transcoder"]["Resources"]
[_CONTAINER] = _TRANSCODER["Transcoder"]["Properties"]["ContainerDefinitions"]
# An action without a resource type.
_ANYWHERE = {"ecr:GetAuthorizationToken"}


def allowed_actions() -> Iterator[tuple[str, str, str]]:
    for _, logical_id, role in resources("IAM::Role"):
        for policy in role["Policies"]:
            for statement in statements(policy["PolicyDocument"]):
                assert statement["Effect"] == "Allow"
                for action in listed(statement["Action"]):
                    for resource in listed(statement["Resource"]):
                        text = filled(resource) if "Fn::GetAtt" not in resource else "exact"
                        yield logical_id, action, text


ALLOWED = list(allowed_actions())


def resources_of(action: str) -> set[str]:
    return {
        resource.rpartition(":")[2]
        for role, known, resource in ALLOWED
        if role == "WorkRole" and known == action
    }


@pytest.mark.parametrize(("role", "action", "resource"), ALLOWED)
def test_a_role_may_do_named_things_to_named_resources(
    role: str, action: str, resource: str
) -> None:
    assert "*" not in action, role
    assert resource != "*" or action in _ANYWHERE, role
    # A wildcard may follow a name and its delimiter, but is not allowed in the name.
    assert "*" not in re.sub(r"[:/]\*$", "", resource) or action in _ANYWHERE


@pytest.mark.parametrize("logical_id", ["StartRole", "WorkRole", "PipelineRole"])
def test_a_role_can_be_assumed_by_one_service_of_this_account_only(logical_id: str) -> None:
    [role] = [role for _, name, role in resources("IAM::Role") if name == logical_id]
    [trust] = statements(role["AssumeRolePolicyDocument"])
    assert set(trust["Principal"]) == {"Service"}
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}


def test_the_transcoder_may_write_media_and_nothing_else() -> None:
    bucket = "videoflix-dev-media-123456789012"
    assert resources_of("s3:PutObject") == {f"{bucket}/{kind}/*" for kind in KINDS}
    assert resources_of("s3:DeleteObject") == set()


def test_the_transcoder_may_read_sources_and_output_of_tasks() -> None:
    uploads, media = "videoflix-dev-uploads-123456789012", "videoflix-dev-media-123456789012"
    assert resources_of("s3:GetObject") == {
        f"{uploads}/uploads/*",
        f"{uploads}/inbox/*",
        # For pictures that an earlier version stored there during an encode.
        f"{media}/images/*",
        f"{media}/media/*",
        f"{media}/work/*",
    }
    # Without it, a missing object is answered with 403.
    assert resources_of("s3:ListBucket") == {uploads, media}


def test_the_transcoder_changes_items_and_answers_the_state_machine_of_its_stage_only() -> None:
    assert resources_of("dynamodb:UpdateItem") == {"table/videoflix-dev-catalogue"}
    assert resources_of("states:SendTaskSuccess") == {"videoflix-dev-pipeline"}
    sorted_into = {f"videoflix-dev-{queue}" for queue in BY_URGENCY}
    assert resources_of("sqs:ReceiveMessage") == {"videoflix-dev-work", *sorted_into}
    assert resources_of("sqs:SendMessage") == sorted_into


def test_vpc_endpoints_allow_what_the_transcoders_role_allows() -> None:
    network = TEMPLATES["network"]["Resources"]
    let_through = {
        action
        for endpoint in ("Films", "Catalogue")
        for statement in statements(network[endpoint]["Properties"]["PolicyDocument"])
        for action in listed(statement["Action"])
    }
    needed = {action for role, action, _ in ALLOWED if role == "WorkRole"}
    assert let_through == {each for each in needed if each.startswith(("s3:", "dynamodb:"))}


def test_the_environment_of_the_container_is_valid() -> None:
    parameters = {
        name: str(parameter.get("Default", ""))
        for name, parameter in TEMPLATES["transcoder"]["Parameters"].items()
        if name != "Prefix"
    }
    environment = {
        each["Name"]: filled(each["Value"], **parameters) for each in _CONTAINER["Environment"]
    }
    settings = TranscoderSettings.from_environment(environment)
    assert settings.idle_seconds == 60
    assert settings.work_queue_url == (
        "https://sqs.eu-central-1.amazonaws.com/123456789012/videoflix-dev-work"
    )
    known = Path("transcoder/settings.py").read_text(encoding="utf-8")
    ours = environment.keys() - {"AWS_DEFAULT_REGION", "PREFIX"}
    assert [name for name in ours if f'"{name}"' not in known] == []


def test_the_container_may_write_only_to_its_work_folder_and_is_not_root() -> None:
    image = Path("transcoder/Dockerfile").read_text(encoding="utf-8")
    [mount] = _CONTAINER["MountPoints"]
    assert _CONTAINER["ReadonlyRootFilesystem"] is True
    # No init process: programs that the worker starts could read its environment.
    assert _CONTAINER["LinuxParameters"] == {"Capabilities": {"Drop": ["ALL"]}}
    # Fargate keeps the owner of the folder only if the image names it as a volume.
    assert f'VOLUME ["{mount["ContainerPath"]}"]' in image
    assert f"USER {_CONTAINER['User']}:" in image
