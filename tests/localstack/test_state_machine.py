"""The state machine of `infra/templates/pipeline.yaml` on LocalStack, with the stand-in who works.

What it writes itself when an encode fails is left out: LocalStack has no tables without Docker.
"""

from collections.abc import Iterator

import pytest

from chalicelib.encoding.messages import TaskKind
from chalicelib.encoding.ports import Execution
from tests.integration.test_pipeline import (
    Site,
    site_at,
    succeed,
    test_a_returned_message_comes_again_with_a_count,
    test_answers_that_come_too_late_are_no_error,
    test_every_task_is_ordered_once_in_the_right_order,
)
from tests.localstack.conftest import Cloud

__all__ = [
    "test_a_returned_message_comes_again_with_a_count",
    "test_answers_that_come_too_late_are_no_error",
    "test_every_task_is_ordered_once_in_the_right_order",
]


@pytest.fixture(scope="module")
def site(running: Cloud, tables: dict[str, str]) -> Iterator[Site]:
    clients = {name: running.client(name) for name in ("s3", "sqs", "stepfunctions")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", tables["AWS_ENDPOINT_URL"])
        yield site_at({**running.outputs, **tables}, clients.__getitem__)


def test_a_cancelled_execution_ends_with_the_next_answer(site: Site) -> None:
    """At once on AWS and MiniStack; LocalStack lets what waits for an answer wait on."""
    encode = site.begun()
    site.control.cancel(site.videos.get(encode.video_id))
    assert site.work_off(encode, succeed) in ([], [(TaskKind.PLAN, 0)])
    assert site.state(encode) is Execution.ENDED
