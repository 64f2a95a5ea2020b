"""A machine in small around a hijacked program: tasks of others, sources, a home, who listens.

python -m tests.hijack.scene <folder> <"confined" or "free">
"""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
WORKER = HERE / "worker.py"
SECRET = "hush-this-is-a-secret"
ENVIRONMENT = {"AWS_SECRET_ACCESS_KEY": SECRET, "PYTHONDONTWRITEBYTECODE": "1"}


@contextmanager
def scene(root: Path) -> Iterator[dict[str, Any]]:
    """Yield what there is to reach, by the names under which the program tries."""
    made = _furnish(root)
    with ExitStack() as stack:
        port = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        abstract = stack.enter_context(_listener())
        stack.enter_context(_listener(made["socket"]))
        abstract_name = abstract.getsockname()[1:].decode()
        yield {**made, "port": port.getsockname()[1], "abstract": abstract_name}


def _furnish(root: Path) -> dict[str, Any]:
    others = {
        "another task's folder": root / "work" / "worker-2" / "chunk-x",
        "the sources": root / "sources",
        "another user's home": root / "home" / ".aws",
        "the project's data": root / "project" / ".local",
        "the work folder": root / "work",
        "the worker's folder": root / "work" / "worker-1",
    }
    for folder in (*others.values(), root / "work" / "worker-1" / "chunk-y"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "secret").write_text(SECRET)
    (root / "sources" / "source").write_text("a film")
    shutil.copy(HERE / "program.py", root / "work" / "worker-1" / "chunk-y")
    temporary = Path(os.environ.get("TMPDIR", "/tmp"))  # noqa: S108
    every_folder = {**others, "the temporary folder": temporary}
    return {
        "program": str(root / "work" / "worker-1" / "chunk-y" / "program.py"),
        "source": str(root / "sources" / "source"),
        "socket": str(root / "work" / "socket"),
        "a secret": str(root / "home" / ".aws" / "secret"),
        "secrets": {name: str(folder / "secret") for name, folder in others.items()},
        "folders": {name: str(each) for name, each in {**others, "our code": HERE.parent}.items()},
        "places": {name: str(each) for name, each in every_folder.items()},
    }


def _listener(path: str = "") -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)  # without a path the kernel makes an abstract one
    listener.listen()
    return listener


if __name__ == "__main__":
    with scene(Path(sys.argv[1])) as targets:
        command = [sys.executable, str(WORKER), targets["program"], json.dumps(targets)]
        subprocess.run([*command, *sys.argv[2:]], env=ENVIRONMENT, check=True)
