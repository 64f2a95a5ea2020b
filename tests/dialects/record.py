"""Records the answers of the original packages: `python -m tests.dialects.record`."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from infra.root import ROOT
from infra.terminal import say
from tests.dialects.recordings import RECORDED
from tests.dialects.requests import TABLES

_REQUIREMENTS = Path(__file__).with_name("originals") / "requirements.txt"
_UV = [sys.executable, "-m", "uv"]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="videoflix-originals-") as folder:
        python = environment_in(Path(folder) / "venv")
        for dialect in TABLES:
            program = [python, "-W", "error", "-m", "tests.dialects.originals", dialect]
            answers = subprocess.run(
                program, cwd=ROOT, env=_settings(), check=True, stdout=subprocess.PIPE
            )
            (RECORDED / f"{dialect}.json").write_bytes(answers.stdout)
            say(f"{dialect}: {len(TABLES[dialect])} answers")


def environment_in(folder: Path) -> str:
    python = str(folder / "bin" / "python")
    subprocess.run([*_UV, "venv", "--quiet", str(folder)], check=True)
    install = ["pip", "install", "--quiet", "--python", python, "--requirement"]
    subprocess.run([*_UV, *install, str(_REQUIREMENTS)], check=True)
    return python


def _settings() -> dict[str, str]:
    """The environment without what would make Django look for other settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}


if __name__ == "__main__":
    main()
