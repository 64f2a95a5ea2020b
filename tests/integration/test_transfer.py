"""Imports into a running site, by the command of the documentation."""

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx

from tests.builders.dumps import (
    PASSWORD,
    a_dump,
    a_media_folder,
    a_progress_row,
    a_user,
    a_video_row,
)
from tests.integration.supervised import LocalRun, Run

FILE = "videos/metropolis.mp4"
MOST_MEGABYTES = 20


def command(run: Run, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "infra.transfer", *arguments],
        env=dict(run.settings.variables),
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_dump_is_imported_into_a_running_site(running: Run, tmp_path: Path) -> None:
    progress = a_progress_row(1, 7_000_001)
    rows = [progress, a_user(1, "imported@example.com"), a_video_row(7_000_001)]
    media = a_media_folder(tmp_path, FILE)
    arguments = ["import-django", str(a_dump(tmp_path, rows)), "--media", str(media), "--json"]
    done = command(running, *arguments)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["counts"]["accounts"]["imported"] == 1
    assert done.stderr.startswith(f"Importing into the local site at {running.aws_url}, region eu-")
    sent = {"email": "imported@example.com", "password": PASSWORD}
    with httpx.Client(base_url=f"{running.api_url}/api", timeout=30) as client:
        answer = client.post("/login/", json=sent)
        assert (answer.status_code, answer.json()["user"]["id"]) == (200, 1)
        resumed = client.get("/progress/", params={"video": 7_000_001})
        assert resumed.json() == {"position": 42.5, "duration": 100}


def test_a_running_site_is_exported(running: Run, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    done = command(running, "export", str(folder), "--media")
    assert done.returncode == 0, done.stderr
    assert '"is_admin": true' in (folder / "accounts.jsonl").read_text()
    assert (folder / "watched.jsonl").read_text().startswith('{"videoflix_export": 1')
    assert (folder / "viewing.jsonl").read_text().startswith('{"videoflix_export": 1')
    assert command(running, "import", str(folder)).returncode == 0


def test_without_a_site_one_sentence_says_so(tmp_path: Path) -> None:
    site = LocalRun.at(tmp_path / "data")
    dump = a_dump(tmp_path, [a_user()])
    done = subprocess.run(
        [sys.executable, "-m", "infra.transfer", "import-django", str(dump)],
        env={**site.settings.variables, "PATH": os.environ["PATH"], "AWS_MAX_ATTEMPTS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("No site answers at http://127.0.0.1:")
    assert "Traceback" not in done.stderr


MEASURE = """
import resource, sys
from infra.transfer.__main__ import main
main(["import-django", sys.argv[1], "--dry-run", "--json"])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_a_hundred_thousand_users_need_little_memory(tmp_path: Path) -> None:
    peaks = {}
    for count in (100, 100_000):
        dump = tmp_path / f"{count}.json"
        with dump.open("w") as file:
            file.write("[")
            for number in range(1, count + 1):
                user = a_user(number, f"viewer.with.a.long.address.{number}@example.com")
                rows = [a_progress_row(number), user]
                file.write(f"{', ' if number > 1 else ''}{json.dumps(rows)[1:-1]}")
            file.write(f", {json.dumps(a_video_row())}")
            file.write("]")
        command = [sys.executable, "-c", MEASURE, str(dump)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
        report, peak = done.stdout.splitlines()
        counts = json.loads(report)["counts"]
        assert counts["accounts"] == counts["progress"] == {"imported": count}
        peaks[count] = int(peak) / 1024
    assert dump.stat().st_size > 40_000_000
    assert peaks[100_000] - peaks[100] < MOST_MEGABYTES, peaks
