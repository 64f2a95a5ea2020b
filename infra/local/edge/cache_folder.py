"""The folder of the edge's cache, which is of one bucket: the next one begins empty."""

import shutil
from pathlib import Path
from typing import Any


def of_bucket(folder: Path, client: Any, bucket: str) -> Path:
    """Return the folder; empty it first if its objects came from an earlier bucket of this name.

    A key holds a revision and is never written twice, but an emulator that forgets everything
    counts from 1 again.
    """
    made = _made(client, bucket)
    note = folder.with_name(f"{folder.name}.bucket")
    if not note.exists() or note.read_text(encoding="ascii") != made:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        note.write_text(made, encoding="ascii")
    return folder


def _made(client: Any, bucket: str) -> str:
    listed = client.list_buckets()["Buckets"]
    made: str = next(each["CreationDate"].isoformat() for each in listed if each["Name"] == bucket)
    return made
