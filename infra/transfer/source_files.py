"""Files of sources: those of a folder, and the uploads bucket that they are sent to."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.adapters.aws_errors import NO_OBJECT, expected


@dataclass(frozen=True, slots=True)
class MediaFolder:
    path: Path

    def file(self, name: str) -> Path | None:
        """Return a file that is not empty; None for any other name, and for one outside."""
        root = self.path.resolve()
        try:
            path = (root / name.lstrip("/")).resolve()
            is_there = path.is_relative_to(root) and path.is_file() and path.stat().st_size
        except (OSError, ValueError):
            return None
        return path if is_there else None


@dataclass(frozen=True, slots=True)
class BucketFiles:
    s3: Any
    bucket: str

    def send(self, path: Path, key: str) -> bool:
        if self.size(key) == path.stat().st_size:
            return False
        self.s3.upload_file(str(path), self.bucket, key)
        return True

    def size(self, key: str) -> int | None:
        """Return the size of an object; None if there is none."""
        with expected(NO_OBJECT):
            size: int = self.s3.head_object(Bucket=self.bucket, Key=key)["ContentLength"]
            return size
        return None

    def fetch(self, key: str, path: Path) -> None:
        self.s3.download_file(self.bucket, key, str(path))
