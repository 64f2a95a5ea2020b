"""Create the virtual environment of `make`; older Pythons can read this file and are refused."""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements-dev.txt"
LOG = ROOT / ".local" / "install.log"

# Causes of failures, by a pattern of the log; the first that matches counts.
_CAUSES = (
    (
        r"ensurepip|No module named venv",
        "this Python lacks its venv module (Debian and Ubuntu: sudo apt install python3-venv)",
    ),
    (r"No space left on device", "the disk is full"),
    (
        r"NewConnection|NameResolution|Timeout|ProxyError|SSLError|Connection \w+ed|versions: none",
        "the package index is out of reach (is there a network, does it need a proxy?)",
    ),
    (r"No matching distribution found for (\S+)", r"no package index has \1 for this Python"),
)


class InstallFailed(Exception):
    pass


def require_python(version: "tuple[int, ...]") -> None:
    """Exit with one sentence if this Python is too old."""
    if version < OLDEST:
        sys.exit(
            f"Videoflix needs Python {OLDEST[0]}.{OLDEST[1]} or newer and this is "
            f"{version[0]}.{version[1]}: name another one, as in  make run PYTHON=python3.12"
        )


def cause_of(log: str) -> str:
    """Return in a few words why the installation failed."""
    for pattern, cause in _CAUSES:
        match = re.search(pattern, log)
        if match:
            return match.expand(cause)
    errors = [line for line in log.splitlines() if line.startswith("ERROR: ")]
    return errors[-1][len("ERROR: ") :].rstrip(".") if errors else "pip ended with an error"


def install(folder: Path, requirements: Path) -> None:
    """Bring the virtual environment up to date; remove a new one that is incomplete."""
    is_new = not _works(folder)
    if is_new:
        require_python(sys.version_info[:2])
    print("Installing what Videoflix needs; the first time takes a minute or two.", flush=True)
    LOG.parent.mkdir(mode=0o700, exist_ok=True)
    with LOG.open("wb") as log:
        try:
            if is_new:
                shutil.rmtree(str(folder), ignore_errors=True)
                _run([sys.executable, "-m", "venv", str(folder)], log)
            _install_packages(folder, requirements, log)
        except BaseException:
            if is_new:
                shutil.rmtree(str(folder), ignore_errors=True)
            raise


def _works(folder: Path) -> bool:
    python = str(folder / "bin" / "python")
    check = f"import pip, sys; sys.exit(sys.version_info < {OLDEST})"
    try:
        return subprocess.call([python, "-c", check], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def _install_packages(folder: Path, requirements: Path, log: "IO[bytes]") -> None:
    required = set(
        re.findall(r"^([\w.-]+)==", requirements.read_text(encoding="utf-8"), re.MULTILINE)
    )
    seen = set()

    def follow(line: str) -> None:
        match = re.match(r"(?:Collecting|Ignoring|Requirement already satisfied:) ([\w.-]+)", line)
        if match:
            seen.add(match.group(1))
            _show(f"Fetching packages: {len(seen & required)} of {len(required)}")
        elif line.startswith("Installing collected packages"):
            _show("Unpacking packages ...")

    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--no-input"]
    quiet = ["--progress-bar", "off", "--disable-pip-version-check"]
    _run([*pip, *quiet, "-r", str(requirements)], log, follow)


def _run(
    command: "list[str]", log: "IO[bytes]", follow: "Callable[[str], None]" = lambda _: None
) -> None:
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        for line in process.stdout or ():
            log.write(line)
            log.flush()
            follow(line.decode("utf-8", errors="replace"))
    if process.returncode != 0:
        raise InstallFailed


def _show(text: str) -> None:
    """Overwrite the line before, on a terminal."""
    if sys.stdout.isatty():
        print(f"\r{text:<40}", end="", flush=True)


def main(folder: Path, requirements: Path = REQUIREMENTS) -> None:
    started = time.monotonic()
    try:
        install(folder, requirements)
    except InstallFailed:
        cause = cause_of(LOG.read_text(encoding="utf-8", errors="replace"))
        _show("")
        sys.exit(f"\nVideoflix could not be installed: {cause}. The full log: {LOG}")
    except KeyboardInterrupt:
        sys.exit("\nThe installation was interrupted; the next one starts anew.")
    _show("")
    print(f"\nInstalled in {time.monotonic() - started:.0f} s.", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
