"""The packages of the zip: wheels for Lambda's platform, pruned and compiled."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from infra.deploy import pruning, runtime
from infra.root import ROOT

REQUIREMENTS = ROOT / "requirements.txt"
CACHE = ROOT / ".local" / "dependencies"
# Read at import, so that they are the rules that run, even if the files are edited meanwhile.
_RULES = b"".join(
    Path(__file__).with_name(name).read_bytes()
    for name in ("dependencies.py", "never_read.txt", "pruning.py", "runtime.py")
)


class CannotInstall(RuntimeError):
    """No wheel, no network, or no disk."""


def provide(cache: Path = CACHE, requirements: Path = REQUIREMENTS) -> Path:
    """Return a folder with the packages; the same requirements are installed once."""
    folder = cache / _name(requirements)
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as temporary:
            packages = Path(temporary) / "packages"
            _install(requirements, packages)
            pruning.prune(packages)
            pruning.shorten(packages / "botocore" / "data")
            runtime.compile_all(packages)
            _take_over(packages, folder)
    return folder


def _take_over(packages: Path, folder: Path) -> None:
    """Move the folder in one step, so that no process sees an incomplete one."""
    try:
        packages.rename(folder)
    except OSError:
        # Another process may have been faster, and its folder is the same.
        if not folder.exists():
            raise


def _name(requirements: Path) -> str:
    digest = hashlib.sha256(f"{sys.version} {runtime.PLATFORM}".encode())
    digest.update(requirements.read_bytes() + _RULES)
    return digest.hexdigest()[:16]


def _install(requirements: Path, target: Path) -> None:
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or "uv"
    done = subprocess.run(
        [
            *(uv, "pip", "install", "--quiet", "--no-deps"),
            # Links would lead into the cache of uv, and pruning changes files.
            *("--target", str(target), "--link-mode", "copy"),
            *("--python", sys.executable, "--python-version", runtime.version()),
            *("--python-platform", runtime.PLATFORM, "--only-binary", ":all:"),
            *("--requirements", str(requirements)),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise CannotInstall(f"The packages for Lambda cannot be installed:\n{done.stderr.strip()}")
