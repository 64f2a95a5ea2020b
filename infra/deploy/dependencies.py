"""The packages of the zip: wheels for Lambda whatever machine this is, pruned and compiled."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from infra.deploy import bytecode, descriptions, pruning, runtime

ROOT = Path(__file__).parents[2]
REQUIREMENTS = ROOT / "requirements.txt"
CACHE = ROOT / ".local" / "dependencies"
# Read when it is loaded: what is made is of the rules that run, also while somebody edits them.
_RULES = b"".join(
    Path(__file__).with_name(name).read_bytes()
    for name in ("bytecode.py", "dependencies.py", "descriptions.py", "pruning.py")
)


class CannotInstall(RuntimeError):
    """No wheel, no network, or no disk."""


def provide(cache: Path = CACHE, requirements: Path = REQUIREMENTS) -> Path:
    """Return a folder that holds them; the same requirements are installed once."""
    folder = cache / _name(requirements)
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as temporary:
            made = Path(temporary) / "packages"
            _install(requirements, made)
            pruning.prune(made)
            descriptions.shorten(made / "botocore" / "data")
            bytecode.compile_all(made)
            _take_over(made, folder)
    return folder


def _take_over(made: Path, folder: Path) -> None:
    """At once, so that nobody ever finds half of it."""
    try:
        made.rename(folder)
    except OSError:
        # Somebody else may have been faster, and theirs is the same.
        if not folder.exists():
            raise


def _name(requirements: Path) -> str:
    known = hashlib.sha256(f"{sys.version} {runtime.PLATFORM}".encode())
    known.update(requirements.read_bytes() + _RULES)
    return known.hexdigest()[:16]


def _install(requirements: Path, target: Path) -> None:
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or "uv"
    done = subprocess.run(
        [
            *(uv, "pip", "install", "--quiet", "--no-deps"),
            # Links would lead into the cache of uv, and files are changed here.
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
