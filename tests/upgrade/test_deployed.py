"""A stage that an earlier version deployed, and `make deploy` of this one."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.deploy.stages import DEV
from tests.deploy.emulated_account import SENDER, EmulatedAccount
from tests.integration.supervised import REPOSITORY, LocalRun
from tests.integration.videos import Videos
from tests.upgrade.cloud import cloud
from tests.upgrade.conftest import Unpacked
from tests.upgrade.recording import STAGE
from tests.upgrade.stage import Stage
from tests.upgrade.stories import *  # noqa: F403
from tests.upgrade.stories import PATIENCE_SECONDS, Upgraded, take_up
from tests.upgrade.viewing_stories import *  # noqa: F403

KIND = STAGE
_NOT_DEPLOYED = shutil.ignore_patterns(
    ".git", ".venv", ".local", ".*_cache", "__pycache__", "tests", "deploy.*env"
)


@dataclass(frozen=True)
class Redeployed(Upgraded):
    # What holds data, by stack and name.
    before: Mapping[str, str]
    after: Mapping[str, str]
    account: EmulatedAccount


def local_run(folder: Path, moved: Mapping[str, str]) -> LocalRun:
    root = _tree(folder / "code")
    return LocalRun.at(folder / "data", root=root, MAIL_SENDER=SENDER, **moved)


@pytest.fixture(scope="module")
def upgraded(unpacked: Unpacked) -> Iterator[Redeployed]:
    settings, folder = unpacked.local_run.settings, unpacked.folder
    under_way = _executions_under_way(settings.data)
    with ExitStack() as stack:
        stack.enter_context(cloud(settings, settings.data / "emulator", unpacked.moved))
        stage = Stage(settings)
        before = stage.holdings()
        _go_on(stage, under_way)
        stage.deploy()
        stack.enter_context(stage.edge(folder / "edge"))
        stack.enter_context(stage.worker(folder))
        videos = Videos(stage.account, stage.address, PATIENCE_SECONDS)
        account = stage.account
        yield Redeployed(videos, unpacked.recording, account, before, stage.holdings(), account)


def test_an_upload_that_was_under_way_goes_on(upgraded: Upgraded) -> None:
    take_up(upgraded)


def test_nothing_that_holds_data_is_replaced(upgraded: Redeployed) -> None:
    assert len(upgraded.before) > 10
    kept = {name: upgraded.after.get(name) for name in upgraded.before}
    assert kept == upgraded.before


def test_a_schedule_calls_the_function_that_a_queue_called(upgraded: Redeployed) -> None:
    functions, events = upgraded.account.client("lambda"), upgraded.account.client("events")
    name = f"{DEV.prefix}-on_work_waiting"
    assert functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"] == []
    target = functions.get_function(FunctionName=name)["Configuration"]["FunctionArn"]
    [rule] = events.list_rule_names_by_target(TargetArn=target)["RuleNames"]
    assert events.describe_rule(Name=rule)["ScheduleExpression"] == "rate(1 minute)"


def _tree(folder: Path) -> Path:
    """Copy what is deployed: who changes the code meanwhile changes nothing of the test."""
    shutil.copytree(REPOSITORY, folder, ignore=_NOT_DEPLOYED, symlinks=True)
    packages = REPOSITORY / ".local" / "dependencies"
    packages.mkdir(parents=True, exist_ok=True)
    (folder / ".local").mkdir()
    (folder / ".local" / "dependencies").symlink_to(packages)
    return folder


def _go_on(stage: Stage, under_way: Sequence[Mapping[str, Any]]) -> None:
    """On AWS executions go on, by the definition they were begun with; here, from their start."""
    account = stage.account
    # Their messages come again, and those of before can no longer be answered.
    account.client("sqs").purge_queue(QueueUrl=account.outputs["WORK_QUEUE_URL"])
    for execution in under_way:
        account.client("stepfunctions").start_execution(**execution)


def _executions_under_way(data: Path) -> list[Mapping[str, Any]]:
    """Take out the executions that the emulator would take for failed."""
    file = data / "emulator" / "state" / "stepfunctions.json"
    state = json.loads(file.read_text())
    known = state["payload"]["executions"]["data"]
    running = {name: each for name, each in known.items() if each["status"] == "RUNNING"}
    for name in running:
        del known[name]
    file.write_text(json.dumps(state))
    assert running
    return [
        {name: each[name] for name in ("stateMachineArn", "name", "input")}
        for each in running.values()
    ]
