"""Finished files below the folder of the sandbox, with their sizes and MD5 sums."""

import hashlib
import shutil
from functools import partial
from pathlib import Path

from chalicelib.encoding.task_reports import OutputFile
from transcoder.ffmpeg.chunk import ENCODED

_md5 = partial(hashlib.md5, usedforsecurity=False)


def output_file(folder: Path, name: str) -> OutputFile:
    path = folder / name
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, _md5)
    return OutputFile(name, size=path.stat().st_size, md5=digest.hexdigest())


def md5_of(data: bytes) -> str:
    return _md5(data).hexdigest()


def write_text(folder: Path, name: str, text: str) -> OutputFile:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return output_file(folder, name)


def empty_folders(folder: Path) -> None:
    """Create the folders that the encoder writes to; remove files of an earlier run."""
    for name in (ENCODED, "tiles"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir()
