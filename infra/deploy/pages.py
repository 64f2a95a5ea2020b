"""Publish the web page: its files in a folder named after their content, `index.html` last."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.adapters.media_bucket import IMMUTABLE, MOST_DELETED_AT_ONCE
from infra import web_files

_INDEX = "index.html"
_FOLDERS = "assets/"
_ASK_EVERY_TIME = "public, max-age=0, s-maxage=300, must-revalidate"
# Relative URLs in `index.html`.
_RELATIVE_URL = re.compile(r'(?<=\s)(href|src)="(?!https?:|/|#|data:)([^"]+)"')
_NAME_LENGTH = 16


@dataclass(frozen=True, slots=True)
class PublishedPages:
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
            self._put(key, path, path.read_bytes(), f"public, {IMMUTABLE}")
        # Last, so that all files that it names exist.
        before = self._current_index()
        if before == index:
            return False
        self._put(_INDEX, files[_INDEX], index.encode(), _ASK_EVERY_TIME)
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

    def _put(self, key: str, path: Path, body: bytes, cache_control: str) -> None:
        self.client.put_object(
            Bucket=self.bucket,
            Key=key,
            Body=body,
            ContentType=web_files.content_type(path),
            CacheControl=cache_control,
        )

    def _remove(self, keys: set[str]) -> None:
        listed = [{"Key": key} for key in sorted(keys)]
        for start in range(0, len(listed), MOST_DELETED_AT_ONCE):
            some = listed[start : start + MOST_DELETED_AT_ONCE]
            self.client.delete_objects(Bucket=self.bucket, Delete={"Objects": some})


def _version_folder(key: str) -> str:
    """Return the folder of one version that holds this object."""
    return "/".join(key.split("/")[:2]) + "/"


def _files(folder: Path) -> list[Path]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in files if not web_files.is_hidden(path.relative_to(folder)))


def _name_of(files: dict[str, Path]) -> str:
    digest = hashlib.sha256()
    for name, path in sorted(files.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:_NAME_LENGTH]
