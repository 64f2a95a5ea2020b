"""`make run` starts fast, keeps its data, follows the code, and leaves nothing behind."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.supervised import LocalRun, Run
from tests.integration.uploading import MEBIBYTE, SentInParts
from tests.integration.videos import Site

TABLE = "videoflix-accounts"
SOMETHING = {"pk": {"S": "TEST#something"}, "sk": {"S": "KEPT"}}


@pytest.fixture
def local_run(tmp_path: Path) -> LocalRun:
    return LocalRun.at(tmp_path / "data", WORKERS="1")


def is_alive(process: int) -> bool:
    # What init has not collected yet is dead all the same.
    command = ["ps", "-o", "stat=", "-p", str(process)]
    state = subprocess.run(command, check=False, capture_output=True)
    return state.stdout.strip()[:1] not in (b"", b"Z")


@dataclass(frozen=True)
class TwoRuns:
    second_start_seconds: float
    secrets: list[str]
    kept: dict[str, object]
    outputs: list[str]
    data: Path


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory: pytest.TempPathFactory) -> TwoRuns:
    """Run twice on the same data, without a password of one's own for the administrator."""
    local_run = LocalRun.at(tmp_path_factory.mktemp("two-runs") / "data")
    seconds, secrets, outputs = 0.0, [], []
    for _ in range(2):
        with local_run.started(SUPERUSER_PASSWORD="") as run:
            seconds = run.wait_for("Ctrl-C ends it")
            outputs.append(run.output)
            keys = run.client("secretsmanager").get_secret_value(SecretId="videoflix/signing-keys")
            secrets.append(keys["SecretString"])
            table = run.client("dynamodb")
            kept = table.get_item(TableName=TABLE, Key=SOMETHING)
            table.put_item(TableName=TABLE, Item=SOMETHING)
    return TwoRuns(seconds, secrets, kept, outputs, local_run.settings.data)


def test_the_second_start_is_quick(
    two_runs: TwoRuns, record_property: Callable[[str, object], None]
) -> None:
    record_property("second_start_seconds", round(two_runs.second_start_seconds, 1))
    assert two_runs.second_start_seconds < 15


def test_the_second_start_finds_the_data_again(two_runs: TwoRuns) -> None:
    assert two_runs.kept["Item"] == SOMETHING
    first, second = two_runs.secrets
    assert first == second


def test_a_made_up_password_is_kept_for_the_person_alone(two_runs: TwoRuns) -> None:
    file = two_runs.data / "superuser-password"
    for output in two_runs.outputs:
        assert f"Password   in {file}\n" in output
        assert file.read_text() not in output
    assert file.stat().st_mode & 0o777 == 0o600
    assert two_runs.data.stat().st_mode & 0o777 == 0o700


def test_a_killed_run_loses_no_data_and_the_next_waits_for_it(local_run: LocalRun) -> None:
    with local_run.started() as first:
        first.wait_for("ready in")
        first.client("dynamodb").put_item(TableName=TABLE, Item=SOMETHING)
        emulator = first.children()["infra.local.lifeline"]
        os.kill(emulator, signal.SIGSTOP)
        first.process.kill()
        first.process.wait()
        with local_run.started() as second:
            try:
                second.wait_for("Waiting for an earlier run to save its data")
            finally:
                os.kill(emulator, signal.SIGCONT)
            second.wait_for("ready in")
            assert "Item" in second.client("dynamodb").get_item(TableName=TABLE, Key=SOMETHING)


def ctrl_c(run: Run) -> None:
    run.interrupt()


def ctrl_c_again_and_again(run: Run) -> None:
    for _ in range(5):
        run.interrupt()
        time.sleep(0.1)


def a_polite_kill(run: Run) -> None:
    run.process.terminate()


def a_closed_window(run: Run) -> None:
    run.process.send_signal(signal.SIGHUP)


@pytest.mark.parametrize("ask", [ctrl_c, ctrl_c_again_and_again, a_polite_kill, a_closed_window])
def test_when_asked_to_everything_ends_in_order(
    ask: Callable[[Run], None], local_run: LocalRun
) -> None:
    with local_run.started() as run:
        run.wait_for("ready in")
        run.client("dynamodb").put_item(TableName=TABLE, Item=SOMETHING)
        children = run.children()
        assert set(children) == {
            "infra.local.api",
            "infra.local.edge",
            "infra.local.lifeline",
            "infra.local.mailbox",
            "infra.local.pump",
            "infra.local.worker",
        }
        ask(run)
        assert run.process.wait(30) == 0
        assert not any(is_alive(process) for process in children.values())
        assert run.output.endswith("\nSaving the data ...\nEnded.\n")
        assert "Traceback" not in run.output
    saved = local_run.settings.data / "emulator" / "state" / "dynamodb.json"
    assert "TEST#something" in saved.read_text()


def test_a_signal_while_it_starts_ends_everything(local_run: LocalRun) -> None:
    with local_run.started() as run:
        while not (children := run.children()):
            time.sleep(0.01)
        assert run.end() == 0
        assert not any(is_alive(process) for process in children.values())
        assert "Traceback" not in run.output


def test_the_end_of_the_emulator_is_the_end_of_everything(local_run: LocalRun) -> None:
    with local_run.started() as run:
        run.wait_for("ready in")
        children = run.children()
        os.kill(children["infra.local.lifeline"], signal.SIGKILL)
        assert run.process.wait(30) == 1
        assert not any(is_alive(process) for process in children.values())
        assert "The AWS emulator ended by itself, and so does everything else." in run.output


def test_a_program_that_crashes_is_started_again(local_run: LocalRun) -> None:
    with local_run.running() as run:
        os.kill(run.children()["infra.local.api"], signal.SIGKILL)
        assert run.get("/api/health")[0] == 200
        assert "The API ended by itself (exit code -9) and is started again." in run.output


def test_an_upload_that_was_under_way_goes_on_after_the_next_start(tmp_path: Path) -> None:
    local_run = LocalRun.at(tmp_path / "data")
    content = bytes(MEBIBYTE) * 20
    with local_run.running() as run:
        begun = SentInParts.begun(Site(run).admin, content, "film.mp4")
        begun.send([2])
    with local_run.running() as run:
        again = begun.again(Site(run).admin)
        assert again.arrived() == [2]
        again.send(set(again.numbers) - {2})
        again.complete()
        key = f"uploads/{begun.upload['video_id']}/{begun.upload['id']}/source.mp4"
        bucket = Site(run).buckets["uploads"]
        assert run.client("s3").head_object(Bucket=bucket, Key=key)["ContentLength"] == len(content)
