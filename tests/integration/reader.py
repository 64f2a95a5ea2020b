"""A reader who types the commands of the README, one after the other, as they stand there."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from infra.local.settings import LocalSettings
from tests.integration.supervised import REPOSITORY, Run, free_ports

HERE = Path(__file__).parent
_LEFT_OUT = {".env", ".git", ".local", ".venv", "tests", "node_modules"}
_PATIENCE_SECONDS = 300
_END = "-- the exit code is "
# More options of curl, so that a refusal is an exit code too.
_CURL = 'curl() { command curl --fail-with-body --max-time 60 "$@"; }'


def commands(section: str, *, page: str = "README.md") -> list[str]:
    """Return the commands of a section of a page, without what is said beside them."""
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    text = text.split(f"\n## {section}\n", 1)[1].split("\n## ", 1)[0]
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [each for block in blocks for each in _commands_of(block)]


def _commands_of(block: str) -> Iterator[str]:
    """A command ends with its line, unless a quote is open or the line ends with a backslash."""
    command = ""
    for line in block.splitlines():
        command += re.sub(r"\s{2,}#.*$", "", line) + "\n"
        is_whole = command.count("'") % 2 == 0 and not command.endswith("\\\n")
        if is_whole:
            if command.strip():
                yield command.strip()
            command = ""
    assert not command


@dataclass
class Reader:
    tree: Path
    ahead: Path
    ports: dict[str, str]
    shell: subprocess.Popen[str]
    # What a person reads in one answer and puts into a later command.
    known: dict[str, str] = field(default_factory=dict)

    def types(self, command: str) -> str:
        """Type a command until it works, as one does who waits; return what it prints."""
        line = re.sub(r"<(\w+)>", lambda match: self.known[match[1]], self._ours(command))
        is_repeatable = not re.search(r" -d | -X ", line)
        deadline = time.monotonic() + (_PATIENCE_SECONDS if is_repeatable else 0)
        while True:
            code, printed = self._run(line)
            if code == 0:
                return printed
            assert time.monotonic() < deadline, f"{line}\nended with {code}:\n{printed}"
            time.sleep(0.5)

    def clock_is_ahead(self, seconds: int) -> None:
        self.ahead.write_text(str(seconds))

    def _ours(self, command: str) -> str:
        for usual, name in (("8000", "API_PORT"), ("8080", "EDGE_PORT"), ("8025", "MAILBOX_PORT")):
            command = command.replace(f":{usual}", f":{self.ports[name]}")
        return command

    def _run(self, line: str) -> tuple[int, str]:
        assert self.shell.stdin
        assert self.shell.stdout
        self.shell.stdin.write(f"{line}\ncode=$?; echo; echo '{_END}'$code\n")
        self.shell.stdin.flush()
        printed: list[str] = []
        for answered in self.shell.stdout:
            if answered.startswith(_END):
                return int(answered.removeprefix(_END)), "".join(printed)
            printed.append(answered)
        raise AssertionError(f"the shell ended after {line}")


@contextmanager
def reader(folder: Path) -> Iterator[Reader]:
    """A fresh copy of the project, ports of its own, a shell, and `make run` in another one."""
    tree = folder / "videoflix"
    copy_project(tree)
    names = ("AWS_PORT", "API_PORT", "MAILBOX_PORT", "EDGE_PORT")
    ports = dict(zip(names, map(str, free_ports(4)), strict=True))
    (folder / "ahead").write_text("0")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(HERE / "clock_ahead"),
        "CLOCK_AHEAD": str(folder / "ahead"),
        "WORKERS": "1",
        "SAMPLE_FILM": "0",
        **ports,
    }
    with subprocess.Popen(
        ["bash"],  # noqa: S607 - a person's
        cwd=tree,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as shell:
        person = Reader(tree, folder / "ahead", ports, shell)
        person._run(f"set -o pipefail; {_CURL}")
        try:
            with make_run(tree, environment):
                yield person
        finally:
            shell.terminate()


@contextmanager
def make_run(tree: Path, environment: dict[str, str]) -> Iterator[Run]:
    """The first terminal, in which the command of `Start` runs until Ctrl-C."""
    (command,) = commands("Start")
    log = tree / "output"
    with log.open("w") as output:
        process = subprocess.Popen(
            command.split(),
            cwd=tree,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while "ready in" not in log.read_text():
            assert process.poll() is None, log.read_text()[-3000:]
            assert time.monotonic() < deadline, log.read_text()[-3000:]
            time.sleep(0.1)
        yield Run(LocalSettings.load(tree, environment), process, log)
        assert "Traceback" not in log.read_text()
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(_PATIENCE_SECONDS)


def copy_project(tree: Path) -> None:
    tree.mkdir()
    for source in REPOSITORY.iterdir():
        if source.name in _LEFT_OUT or source.name.endswith("_cache"):
            continue
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, tree / source.name, symlinks=True, ignore=ignored)
        else:
            shutil.copy2(source, tree)
    # What is installed is installed: this is not about that.
    (tree / ".venv").symlink_to(sys.prefix)
    os.utime(tree / "requirements-dev.txt", (0, 0))
