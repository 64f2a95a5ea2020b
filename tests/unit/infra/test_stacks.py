"""Outputs of stacks become environment variables."""

import dataclasses
from pathlib import Path

import pytest

from chalicelib.settings import Settings
from infra import stacks
from infra.deploy.stage_stacks import EVERYWHERE, ON_AWS


@pytest.mark.parametrize(
    ("output", "variable"),
    [
        ("AccountsTable", "ACCOUNTS_TABLE"),
        ("MailQueueUrl", "MAIL_QUEUE_URL"),
        ("MailDeadLetterQueueUrl", "MAIL_DEAD_LETTER_QUEUE_URL"),
        ("S3Bucket", "S3_BUCKET"),
    ],
)
def test_an_output_becomes_a_variable(output: str, variable: str) -> None:
    assert stacks.variable_of(output) == variable


def test_every_template_is_deployed_and_begins_with_a_comment() -> None:
    folder = Path("infra", "templates").resolve()
    assert set(stacks.TEMPLATES) <= set(folder.glob("*.yaml"))
    assert {*EVERYWHERE, *ON_AWS} == {template.stem for template in folder.glob("*.yaml")}
    for template in folder.glob("*.yaml"):
        assert template.read_text(encoding="utf-8").startswith("# ")


def test_resources_that_the_api_needs_are_outputs() -> None:
    text = "".join(template.read_text(encoding="utf-8") for template in stacks.TEMPLATES)
    outputs = [line.strip(" :\n") for line in text.splitlines() if line.startswith("  ")]
    variables = {stacks.variable_of(output) for output in outputs}
    fields = {field.name.upper() for field in dataclasses.fields(Settings)}
    resources = {name for name in fields if name.endswith(("_TABLE", "_URL", "_SECRET"))}
    # A deploy or `make run` sets URL and keys of the edge; S3 has one URL on AWS.
    assert resources - {"MEDIA_URL", "MEDIA_SIGNING_KEYS_SECRET", "UPLOADS_URL"} <= variables
