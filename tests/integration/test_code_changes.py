"""What runs follows the code, and a slip in the code stops nothing."""

import shutil
import threading
from pathlib import Path

import pytest

from tests.integration.supervised import REPOSITORY, LocalRun

NEW_ROUTE = """

@app.route("/api/which")
def which():
    return {"code": "%s"}
"""


@pytest.fixture
def copy(tmp_path: Path) -> LocalRun:
    """A run with code of its own, which a test may change."""
    root = tmp_path / "tree"
    for folder in ("chalicelib", "infra", "templates", "transcoder"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / folder, root / folder, ignore=ignored)
    shutil.copy(REPOSITORY / "app.py", root)
    return LocalRun.at(tmp_path / "data", root=root)


def add_route(local_run: LocalRun, code: str) -> None:
    """Save the file as editors do: write another one and put it in its place."""
    original = (REPOSITORY / "app.py").read_text()
    draft = local_run.settings.root / "app.py.draft"
    draft.write_text(original + NEW_ROUTE % code)
    draft.replace(local_run.settings.root / "app.py")


def test_a_change_of_the_code_is_picked_up_and_no_request_is_lost(copy: LocalRun) -> None:
    with copy.running() as run:
        statuses: list[int] = []
        enough = threading.Event()

        def ask_all_the_time() -> None:
            while not enough.is_set():
                statuses.append(run.get("/api/health")[0])

        asking = [threading.Thread(target=ask_all_the_time) for _ in range(4)]
        for thread in asking:
            thread.start()
        for number in (1, 2):
            add_route(copy, f"number {number}")
            run.wait_for("the new one runs", times=number)
            assert run.get("/api/which") == (200, {"code": f"number {number}"})
        enough.set()
        for thread in asking:
            thread.join()
        assert set(statuses) == {200}
        assert len(statuses) > 20


def test_broken_code_does_not_replace_what_runs(copy: LocalRun) -> None:
    with copy.running() as run:
        (copy.settings.root / "app.py").write_text("def broken(:\n")
        run.wait_for("the one before goes on")
        assert "SyntaxError" in run.output
        assert run.get("/api/health")[0] == 200
        add_route(copy, "mended")
        run.wait_for("the new one runs")
        assert run.get("/api/which") == (200, {"code": "mended"})


def test_code_that_is_broken_at_the_start_is_waited_for(copy: LocalRun) -> None:
    (copy.settings.root / "app.py").write_text("import nothing_of_that_name\n")
    with copy.started() as run:
        run.wait_for("does not start, see above")
        assert run.output.count("ModuleNotFoundError") == 1
        add_route(copy, "mended")
        run.wait_for("ready in")
        assert run.get("/api/which") == (200, {"code": "mended"})
        assert run.end() == 0
