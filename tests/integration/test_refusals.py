"""What keeps `make run` from starting is said in one sentence."""

from pathlib import Path

import pytest

from tests.integration.supervised import LocalRun, Run


@pytest.fixture
def local_run(tmp_path: Path) -> LocalRun:
    return LocalRun.at(tmp_path / "data")


def refusal_of(local_run: LocalRun, **settings: str) -> str:
    with local_run.started(**settings) as run:
        assert run.process.wait(30) == 1
        return run.output


@pytest.mark.parametrize("setting", ["AWS_PORT", "API_PORT", "MAILBOX_PORT", "EDGE_PORT"])
def test_a_taken_port_is_said_in_one_sentence(
    setting: str, local_run: LocalRun, running: Run
) -> None:
    port = running.settings.api_port
    assert refusal_of(local_run, **{setting: str(port)}) == (
        f"Port {port} is in use: end the program that uses it, or choose another port, "
        f"for example {setting}={port + 1} make run.\n"
    )


def test_a_second_run_on_the_same_data_is_refused(local_run: LocalRun, running: Run) -> None:
    data = running.settings.data
    assert refusal_of(local_run, DATA_FOLDER=str(data)) == (
        f"Videoflix is running already on {data} (process {running.process.pid}): "
        "use that one, or end it first.\n"
    )


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("API_PORT", "many", "API_PORT must be a port from 1 to 65535, not 'many'."),
        ("COOKIE_SAMESITE", "Some", "COOKIE_SAMESITE must be Lax, None or Strict."),
        ("DATA_FOLDER", "/dev/null/x", "DATA_FOLDER cannot be /dev/null/x: Not a directory."),
        ("SEGMENT_CONTAINER", "mkv", "SEGMENT_CONTAINER must be fmp4 or ts, not 'mkv'."),
        ("MOST_DOLLARS", "abc", "MOST_DOLLARS must be an amount such as 0.05, not 'abc'."),
        ("SUPERUSER_PASSWORD", "short", "SUPERUSER_PASSWORD: Use at least 8 characters."),
        ("SUPERUSER_EMAIL", "ada@home", "SUPERUSER_EMAIL: Enter a valid e-mail address."),
    ],
)
def test_a_bad_setting_is_said_in_one_sentence(
    setting: str, value: str, sentence: str, local_run: LocalRun
) -> None:
    assert refusal_of(local_run, **{setting: value}) == f"{sentence}\n"
