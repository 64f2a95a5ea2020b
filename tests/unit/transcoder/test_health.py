"""A worker is well as long as queue and state machine answer it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from transcoder.health import FRESH_SECONDS, Pulse, complaint


@pytest.fixture
def pulse(tmp_path: Path) -> Pulse:
    return Pulse.of(tmp_path)


def aged(pulse: Pulse, seconds: float) -> None:
    pulse.beat()
    moment = time.time() - seconds
    os.utime(pulse.file, (moment, moment))


def test_a_worker_with_a_recent_heartbeat_is_healthy(pulse: Pulse) -> None:
    pulse.beat()
    assert complaint(pulse) == ""


def test_who_has_not_begun_yet_is_not_well(pulse: Pulse) -> None:
    assert complaint(pulse) == "no sign of life yet"


def test_who_has_been_silent_for_long_is_not_well(pulse: Pulse) -> None:
    aged(pulse, FRESH_SECONDS + 10)
    assert complaint(pulse).startswith("no sign of life for 10")


def test_who_was_silent_and_goes_on_is_well_again(pulse: Pulse) -> None:
    aged(pulse, FRESH_SECONDS + 10)
    pulse.beat()
    assert complaint(pulse) == ""


@pytest.mark.parametrize(("seconds", "code"), [(0, 0), (FRESH_SECONDS + 10, 1)])
def test_a_program_that_asks_learns_it_from_the_exit_code(
    pulse: Pulse, seconds: float, code: int
) -> None:
    aged(pulse, seconds)
    names = ("WORK_QUEUE_URL", "CATALOGUE_TABLE", "UPLOADS_BUCKET", "MEDIA_BUCKET")
    environment = {"WORK_FOLDER": str(pulse.file.parent), **dict.fromkeys(names, "x")}
    asked = [sys.executable, "-m", "transcoder.health"]
    assert subprocess.run(asked, env=environment, check=False).returncode == code
