"""The files of the web page: which of them are served, and as which type."""

import mimetypes
from pathlib import Path, PurePath

_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
    ".LICENSE": "text/plain; charset=utf-8",
}


def content_type(path: Path) -> str:
    guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return _TYPES.get(path.suffix, guessed)


def is_hidden(name: PurePath) -> bool:
    """Return whether a file, or one of the folders of its relative name, is hidden."""
    return any(each.startswith(".") for each in name.parts)
