"""The web page in its bucket: all in a folder named after its content, and the entrance last."""

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ENTRANCE = "index.html"
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
    ".LICENSE": "text/plain; charset=utf-8",
}
_FOLDERS = "assets/"
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_EVERY_TIME = "public, max-age=0, s-maxage=300, must-revalidate"
# What the entrance loads from beside it.
_BESIDE = re.compile(r'(?<=\s)(href|src)="(?!https?:|/|#|data:)([^"]+)"')
_LETTERS = 16
_MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Pages:
    client: Any
    bucket: str

    def publish(self, folder: Path) -> bool:
        """Have the folder in the bucket, and what was there before it; False if it is there."""
        files = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
        home = f"{_FOLDERS}{_name_of(files)}/"
        there = self._keys()
        entrance = _BESIDE.sub(rf'\1="/{home}\2"', files[_ENTRANCE].read_text(encoding="utf-8"))
        wanted = {home + name for name in files if name != _ENTRANCE}
        for key in sorted(wanted - there):
            path = files[key.removeprefix(home)]
            self._put(key, path.read_bytes(), _type_of(path), _FOR_EVER)
        # Only now: whoever opens it finds all that it names.
        before = self._entrance()
        if before == entrance:
            return False
        self._put(_ENTRANCE, entrance.encode(), _TYPES[".html"], _ASK_EVERY_TIME)
        # Who has the page open may still ask for what it was made of.
        in_use = {key for key in there if key.startswith(_FOLDERS) and _home(key) in before}
        self._remove(there - wanted - in_use - {_ENTRANCE})
        return True

    def empty(self) -> None:
        self._remove(self._keys())

    def _keys(self) -> set[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        return {found["Key"] for page in pages for found in page.get("Contents", [])}

    def _entrance(self) -> str:
        try:
            found = self.client.get_object(Bucket=self.bucket, Key=_ENTRANCE)
        except self.client.exceptions.NoSuchKey:
            return ""
        text: str = found["Body"].read().decode()
        return text

    def _put(self, key: str, body: bytes, kind: str, cached: str) -> None:
        self.client.put_object(
            Bucket=self.bucket, Key=key, Body=body, ContentType=kind, CacheControl=cached
        )

    def _remove(self, keys: set[str]) -> None:
        listed = [{"Key": key} for key in sorted(keys)]
        for start in range(0, len(listed), _MOST_AT_ONCE):
            some = listed[start : start + _MOST_AT_ONCE]
            self.client.delete_objects(Bucket=self.bucket, Delete={"Objects": some})


def _home(key: str) -> str:
    """Return the folder of one version that holds this object."""
    return "/".join(key.split("/")[:2]) + "/"


def _files(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(
        path
        for path in found
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _name_of(files: dict[str, Path]) -> str:
    digest = hashlib.sha256()
    for name, path in sorted(files.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:_LETTERS]


def _type_of(path: Path) -> str:
    guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return _TYPES.get(path.suffix, guessed)
