"""The folder of the edge's cache, which is emptied when the bucket was created anew."""

import shutil
from pathlib import Path
from typing import Any


def of_bucket(folder: Path, client: Any, bucket: str) -> Path:
    """Return the folder; empty it first if its objects came from an earlier bucket of this name.

    A bucket never has two objects of one key, but a new emulator counts videos from 1 again.
    """
    created = _created(client, bucket)
    note = folder.with_name(f"{folder.name}.bucket")
    if not note.exists() or note.read_text(encoding="ascii") != created:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        note.write_text(created, encoding="ascii")
    return folder


def _created(client: Any, bucket: str) -> str:
    listed = client.list_buckets()["Buckets"]
    created: str = next(
        each["CreationDate"].isoformat() for each in listed if each["Name"] == bucket
    )
    return created
