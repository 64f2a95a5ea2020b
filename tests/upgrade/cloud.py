"""The emulated AWS that a deployed stage lies in, with data that outlast it."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from infra.local.settings import LocalSettings
from tests.integration.emulated import emulated_environment, is_up
from tests.integration.supervised import REPOSITORY

_PATIENCE_SECONDS = 60


@contextmanager
def cloud(settings: LocalSettings, folder: Path, moved: Mapping[str, str]) -> Iterator[None]:
    """Run it on the folder, by the clock that the environment `moved` sets."""
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    log = folder / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.local.lifeline", "infra.local.gateway_import"],
            cwd=REPOSITORY,
            env={**emulated_environment(settings.aws_port), **_kept(folder), **moved},
            # It ends with the process at the other end.
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not is_up(settings.aws_url):
            assert process.poll() is None, log.read_text()[-2000:]
            assert time.monotonic() < deadline, "the emulator does not come up"
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.communicate(timeout=_PATIENCE_SECONDS)


def _kept(folder: Path) -> Mapping[str, str]:
    return {
        "PERSIST_STATE": "1",
        "STATE_DIR": str(folder / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(folder / "s3"),
        "TMPDIR": str(folder / "tmp"),
    }
