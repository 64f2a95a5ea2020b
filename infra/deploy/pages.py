"""Publish the web page: its files in a folder named after their content, `index.html` last."""

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_INDEX = "index.html"
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
# Relative URLs in `index.html`.
_RELATIVE_URL = re.compile(r'(?<=\s)(href|src)="(?!https?:|/|#|data:)([^"]+)"')
_NAME_LENGTH = 16
_MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Pages:
    client: Any
    bucket: str

    def publish(self, folder: Path) -> bool:
        """Publish the folder and keep the version before it; False if it is published already."""
        files = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
        version_folder = f"{_FOLDERS}{_name_of(files)}/"
        existing = self._keys()
        index = _RELATIVE_URL.sub(
            rf'\1="/{version_folder}\2"', files[_INDEX].read_text(encoding="utf-8")
        )
        keys = {version_folder + name for name in files if name != _INDEX}
        for key in sorted(keys - existing):
            path = files[key.removeprefix(version_folder)]
            self._put(key, path.read_bytes(), _type_of(path), _FOR_EVER)
        # Last, so that all files that it names exist.
        before = self._current_index()
        if before == index:
            return False
        self._put(_INDEX, index.encode(), _TYPES[".html"], _ASK_EVERY_TIME)
        # An open page may still load files of the version before.
        in_use = {
            key for key in existing if key.startswith(_FOLDERS) and _version_folder(key) in before
        }
        self._remove(existing - keys - in_use - {_INDEX})
        return True

    def empty(self) -> None:
        self._remove(self._keys())

    def _keys(self) -> set[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        return {listed["Key"] for page in pages for listed in page.get("Contents", [])}

    def _current_index(self) -> str:
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=_INDEX)
        except self.client.exceptions.NoSuchKey:
            return ""
        text: str = answer["Body"].read().decode()
        return text

    def _put(self, key: str, body: bytes, kind: str, cache_control: str) -> None:
        self.client.put_object(
            Bucket=self.bucket, Key=key, Body=body, ContentType=kind, CacheControl=cache_control
        )

    def _remove(self, keys: set[str]) -> None:
        listed = [{"Key": key} for key in sorted(keys)]
        for start in range(0, len(listed), _MOST_AT_ONCE):
            some = listed[start : start + _MOST_AT_ONCE]
            self.client.delete_objects(Bucket=self.bucket, Delete={"Objects": some})


def _version_folder(key: str) -> str:
    """Return the folder of one version that holds this object."""
    return "/".join(key.split("/")[:2]) + "/"


def _files(folder: Path) -> list[Path]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(
        path
        for path in files
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _name_of(files: dict[str, Path]) -> str:
    digest = hashlib.sha256()
    for name, path in sorted(files.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:_NAME_LENGTH]


def _type_of(path: Path) -> str:
    guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return _TYPES.get(path.suffix, guessed)
