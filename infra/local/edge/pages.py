"""The web page: the files of one folder."""

import stat
from dataclasses import dataclass
from pathlib import Path, PurePath
from urllib.parse import unquote

from infra import web_files
from infra.local.edge.file_answer import FileAnswer


@dataclass(frozen=True, slots=True)
class Pages:
    folder: Path
    policy: str

    def find(self, raw_path: str) -> FileAnswer | None:
        path = self._path(raw_path)
        try:
            file = path.open("rb") if path else None
        except OSError:
            return None
        if path is None or file is None:
            return None
        status = path.stat()
        return FileAnswer(
            file=file,
            size=status.st_size,
            etag=f'"{status.st_mtime_ns:x}-{status.st_size:x}"',
            headers={
                "content-type": web_files.content_type(path),
                "cache-control": "no-cache",
                "content-security-policy": self.policy,
                "referrer-policy": "no-referrer",
                "x-content-type-options": "nosniff",
            },
        )

    def _path(self, raw_path: str) -> Path | None:
        """Return a file of the folder; hidden files are not served."""
        names = unquote(raw_path).removeprefix("/").split("/")
        if names[-1] == "":
            names[-1] = "index.html"
        if any(not name or "\0" in name or "\\" in name for name in names):
            return None
        if web_files.is_hidden(PurePath(*names)):
            return None
        path = self.folder.joinpath(*names).resolve()
        is_inside = path.is_relative_to(self.folder.resolve())
        return path if is_inside and _is_file(path) else None


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def policy(media_url: str, aws_url: str) -> str:
    """Return the content security policy: the page, media, and the emulated bucket for uploads."""
    return "; ".join(
        [
            "default-src 'self'",
            f"connect-src 'self' {media_url} {aws_url}",
            f"img-src 'self' {media_url} data: blob:",
            # hls.js gives every subtitle track an empty file as its source.
            f"media-src 'self' {media_url} blob: data:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )
