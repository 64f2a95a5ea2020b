"""`python -m transcoder.commands FILE TASK [NUMBER]`: run a task, and print its commands."""

import argparse
import shlex
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.model import Source
from chalicelib.encoding.plan import Plan
from transcoder.errors import Refused
from transcoder.outputs.audio import make_audio
from transcoder.outputs.chunk import make_chunk
from transcoder.outputs.pictures import make_pictures
from transcoder.outputs.subtitles import make_subtitles
from transcoder.planning import make_plan
from transcoder.sandbox.runner import Program, Sandbox
from transcoder.settings import TranscoderSettings

Make = Callable[[Plan, int, str, Sandbox], object]
# Only tasks that read the source: their commands depend on nothing else.
_TASKS: Mapping[str, Make] = {
    "plan": lambda plan, _number, _url, _sandbox: print(plan.to_json()),
    "chunk": lambda plan, number, url, sandbox: make_chunk(plan, number, url, sandbox=sandbox),
    "audio": lambda plan, number, url, sandbox: make_audio(
        plan, plan.asset.audio[number], url, sandbox=sandbox
    ),
    "subtitles": lambda plan, number, url, sandbox: make_subtitles(
        plan, plan.asset.subtitles[number], url, sandbox=sandbox
    ),
    "pictures": lambda plan, _number, url, sandbox: make_pictures(plan, url, sandbox=sandbox),
}


@dataclass(frozen=True, slots=True)
class PrintingSandbox(Sandbox):
    @contextmanager
    def running(self, command: Sequence[str], **options: Any) -> Iterator[Program]:
        folders = sorted(each.name for each in self.folder.iterdir() if each.is_dir())
        if folders:
            print(shlex.join(("mkdir", "-p", *folders)))
        print(shlex.join(command), flush=True)
        with Sandbox.running(self, command, **options) as program:
            yield program


def main(arguments: Sequence[str]) -> None:
    asked = _parser().parse_args(arguments)
    path = Path(asked.file).resolve()
    source = Source(key=path.name, etag="", size=path.stat().st_size)
    with TemporaryDirectory() as folder:
        sandbox = PrintingSandbox(Path(folder), threading.Event())
        plan = make_plan(
            VideoId(1),
            Revision(1),
            source,
            str(path),
            sandbox=Sandbox(Path(folder), sandbox.stop),
            settings=TranscoderSettings(),
        )
        count = _count(plan, asked.task)
        if not 0 <= asked.number < count:
            raise IndexError(_numbers(asked.task, count))
        _TASKS[asked.task](plan, asked.number, str(path), sandbox)


def _count(plan: Plan, task: str) -> int:
    asset = plan.asset
    counts = {
        "chunk": plan.chunk_count,
        "audio": len(asset.audio),
        "subtitles": len(asset.subtitles),
    }
    return counts.get(task, 1)


def _numbers(task: str, count: int) -> str:
    noun = {"audio": "audio track", "subtitles": "subtitle track"}.get(task, task)
    if not count:
        return f"There is no {noun}."
    if count == 1:
        return f"There is 1 {noun}, number 0."
    return f"There are {count} {noun}s, numbers 0 to {count - 1}."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m transcoder.commands", description=__doc__)
    parser.add_argument("file", help="a file on this machine")
    parser.add_argument("task", choices=_TASKS)
    parser.add_argument("number", type=int, nargs="?", default=0, help="of the chunk or track")
    return parser


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Refused as refused:
        sys.exit(f"It is refused: {refused.reason.value} {refused.detail}".rstrip())
    except (IndexError, OSError) as error:
        sys.exit(str(error))
