"""What a new instance costs the processor before it answers, and what it carries."""

import shlex
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.bench.rows import Row, count
from tests.browser import Browser
from tests.integration import zipped
from tests.integration.supervised import PASSWORD, LocalRun
from tests.integration.zipped import ZippedGateway, environment_of

_ROUNDS = 5
_MB = 1e6
_GOAL_MB = 12
# The least a function of Chalice does that asks DynamoDB, with byte code from the same build.
_LEAST = """\
import chalice.app, botocore.session
botocore.session.get_session().create_client("dynamodb", region_name="eu-central-1")
"""
_TIMED = f"""\
import sys, time
sys.path.insert(0, sys.argv[1])
started = time.process_time()
{_LEAST}
print(time.process_time() - started)
"""
_FLOOR_IS = f"python -I -S -c {shlex.quote(_LEAST.strip().replace(chr(10), '; '))}"


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        package = zipped.make("dev", folder, {})
        yield count("zip.mb", package.stat().st_size / _MB, _GOAL_MB, unit="MB")
        task = zipped.unpacked(package, folder / "task")
        with LocalRun.at(folder / "data").running() as run:
            yield from _measured(task, environment_of(run))


def _measured(task: Path, environment: Mapping[str, str]) -> Iterator[Row]:
    [floor] = _median(lambda: (_floor(task),))
    imported, first = _median(lambda: _first_requests(task, environment))
    yield Row("cold.import", imported, floor, 0.5, unit="s", floor_is=_FLOOR_IS)
    yield Row("cold.first_request", first, floor, 1.1, unit="s", floor_is=_FLOOR_IS)


def _median(measure: Callable[[], tuple[float, ...]]) -> list[float]:
    rounds = [measure() for _ in range(_ROUNDS)]
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


def _floor(task: Path) -> float:
    command = [sys.executable, "-I", "-S", "-c", _TIMED, str(task)]
    return float(subprocess.check_output(command, text=True, cwd=task))


def _first_requests(task: Path, environment: Mapping[str, str]) -> tuple[float, float]:
    """Import, sign a viewer in, and list the videos."""
    from app import app

    with zipped.running(task, environment) as functions:
        browser = Browser(ZippedGateway(app, functions))
        sent = {"email": "admin@videoflix.test", "password": PASSWORD}
        assert browser.post("/login/", sent).status == 200
        assert browser.get("/video/").status == 200
        return functions.cpu_seconds()
