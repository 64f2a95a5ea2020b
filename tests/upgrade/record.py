"""Record an installation of a version: `python -m tests.upgrade.record <commit>`."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from infra.local.settings import LocalSettings
from infra.terminal import say
from tests.integration.supervised import REPOSITORY, LocalRun
from tests.integration.videos import Site, Videos
from tests.upgrade.cloud import cloud
from tests.upgrade.living import Life
from tests.upgrade.recording import LOCAL, STAGE, Recording, pack, ports_of
from tests.upgrade.stage import Stage

_WORKER = "infra.local.worker"


def main(commit: str, *kinds: str) -> None:
    with tempfile.TemporaryDirectory(prefix="videoflix-recording-") as temporary:
        folder = Path(temporary)
        with _code_of(commit, folder / "code") as code:
            for kind, record in ((LOCAL, _record_local), (STAGE, _record_stage)):
                if kinds and kind not in kinds:
                    continue
                data = folder / kind
                settings = LocalRun.at(data, root=code, WORKERS="1").settings
                recording = record(settings, commit, folder)
                archive = pack(data, commit, kind, ports_of(settings))
                recording.save(commit, kind)
                say(f"{archive}: {archive.stat().st_size:,} bytes")


def _record_local(settings: LocalSettings, commit: str, folder: Path) -> Recording:
    with LocalRun(settings).started() as run:
        run.wait_for("ready in")

        def freeze() -> None:
            os.kill(run.children()[_WORKER], signal.SIGSTOP)

        def transfer(*arguments: str) -> int:
            command, variables = ["infra.transfer", *arguments], dict(settings.variables)
            return subprocess.call(
                [sys.executable, "-m", *command], cwd=settings.root, env=variables
            )

        return Life(Site(run), run, folder, freeze, transfer).live(commit)


def _record_stage(settings: LocalSettings, commit: str, folder: Path) -> Recording:
    stage = Stage(settings)
    with cloud(settings, settings.data / "emulator", {}):
        stage.confirm_the_sender()
        stage.deploy()
        stage.make_admin()
        with ExitStack() as stack:
            stack.enter_context(stage.edge(folder / "edge"))
            stack.enter_context(stage.worker(folder))
            videos = Videos(stage.account, stage.address)
            freeze = _freeze_the_worker
            return Life(videos, stage.account, folder, freeze, stage.transfer).live(commit)


def _freeze_the_worker() -> None:
    command = ["ps", "-A", "-o", "pid=,ppid=,args="]
    listed = subprocess.check_output(command, text=True)
    for words in (line.split() for line in listed.splitlines()):
        if words[1] == str(os.getpid()) and _WORKER in words:
            os.kill(int(words[0]), signal.SIGSTOP)


@contextmanager
def _code_of(commit: str, folder: Path) -> Iterator[Path]:
    git = ["git", "-C", str(REPOSITORY), "worktree"]
    subprocess.run([*git, "add", "--quiet", "--detach", str(folder), commit], check=True)
    try:
        yield folder
    finally:
        subprocess.run([*git, "remove", "--force", str(folder)], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
