"""A cold start imports only what every request needs."""

import os
import statistics
import subprocess
import sys
from pathlib import Path

# Each of these is needed by some requests, and imported by those.
LATE = ("jwt", "cryptography", "passlib", "argon2", "boto3", "pynamodb", "email.message")
LARGEST_RATIO = 1.25
OPENED = """
import sys
opened = []
sys.addaudithook(lambda event, values: event == "open" and opened.append(str(values[0])))
import app
from chalicelib.api.translation import translated
from chalicelib.language import Language
translated("Please sign in.", Language.ENGLISH)
english = [*opened]
translated("Please sign in.", Language.GERMAN)
for files in (english, opened):
    print([file[-17:] for file in files if file.endswith(".json") and "/languages/" in file])
"""
FLOOR = """
import chalice.app, botocore.session
botocore.session.get_session().create_client("dynamodb", region_name="eu-central-1")
"""


def run(code: str, byte_code: Path) -> str:
    """Run in a fresh interpreter that finds no byte code of ours, as in Lambda."""
    environment = {
        **os.environ,
        "PYTHONPYCACHEPREFIX": str(byte_code),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment
    )
    return done.stdout


def cpu_seconds(code: str, byte_code: Path) -> float:
    timed = f"import time\nstarted = time.process_time()\n{code}\n"
    return float(run(f"{timed}print(time.process_time() - started)", byte_code))


def test_importing_the_app_imports_nothing_that_only_some_requests_need(tmp_path: Path) -> None:
    loaded = run("import app, sys; print(*sys.modules)", tmp_path).split()
    assert "chalicelib.api.endpoint" in loaded
    assert [name for name in LATE if name in loaded] == []


def test_importing_the_app_costs_little_more_than_chalice_and_a_client(tmp_path: Path) -> None:
    rounds = [(cpu_seconds("import app", tmp_path), cpu_seconds(FLOOR, tmp_path)) for _ in range(3)]
    ours, floor = (statistics.median(column) for column in zip(*rounds, strict=True))
    assert ours / floor <= LARGEST_RATIO, f"{ours:.2f} s against a floor of {floor:.2f} s"


def test_the_catalogue_of_a_language_is_read_by_the_first_answer_in_it(tmp_path: Path) -> None:
    assert run(OPENED, tmp_path).splitlines() == ["[]", "['languages/de.json']"]
