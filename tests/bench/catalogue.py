"""Memory and processor time of a process by the size of its catalogue, and calls of requests."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.bench import catalogue_calls
from tests.bench.rows import Row, count

SIZES = (200, 10_000, 100_000)
# Also this one, if the variable is set: making it takes some minutes.
LARGEST = 1_000_000
WITH_LARGEST = "CATALOGUE_MILLION"
# For every size: the million has the same bounds for what a viewer waits for.
_GOALS: Mapping[str, tuple[float, str]] = {
    "memory": (150, "MB"),
    "start": (2, "s"),
    "change": (0.010, "s"),
    "first_page": (0.005, "s"),
    "deep_page": (0.005, "s"),
    "similar": (0.005, "s"),
    "home": (0.005, "s"),
    "people": (0.005, "s"),
    "counts": (0.010, "s"),
    "search": (0.005, "s"),
    "studio_page": (0.010, "s"),
    "studio_count": (0.010, "s"),
    "mistyped": (0.010, "s"),
}


def rows() -> Iterator[Row]:
    yield from catalogue_calls.rows()
    sizes = [*SIZES, *([LARGEST] if os.environ.get(WITH_LARGEST) else [])]
    with tempfile.TemporaryDirectory() as folder:
        for number in sizes:
            path = Path(folder, f"{number}.gz")
            _process("make", number, path)
            measured = json.loads(_process("measure", number, path))
            path.unlink()
            for name, (goal, unit) in _GOALS.items():
                yield count(f"catalogue.{name}.{number}", measured[name], goal, unit)


def _process(what: str, number: int, path: Path) -> str:
    module = "tests.bench.catalogue_process"
    return subprocess.check_output(
        [sys.executable, "-m", module, what, str(number), str(path)], text=True
    )
