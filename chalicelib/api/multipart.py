"""Parsing of multipart forms, as pages send them with `FormData`: their texts, but no files."""

import re

from chalicelib.api.body import refusal_of

MULTIPART = "multipart/form-data"
FILES_ARE_UPLOADED = "Files are not sent here: begin an upload with POST /api/uploads/."

_BOUNDARY = re.compile(r"""boundary=(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))""", re.ASCII)
_NAME = re.compile(rb"""[; ]name="([^"\r\n]{1,200})\"""", re.IGNORECASE)
_FILE_NAME = re.compile(rb"""[; ]filename\*?="?([^"\r\n]{0,200})""", re.IGNORECASE)
_END_OF_LINE = b"\r\n"


class NotMultipart(ValueError):
    """The body is not the form that its content type says."""


def pairs_of(raw: bytes, content_type: str, *, most: int) -> list[tuple[str, str]]:
    """Return names and texts; raise `NotMultipart`, and `InvalidInput` for the field of a file."""
    match = _BOUNDARY.search(content_type)
    if match is None:
        raise NotMultipart
    delimiter = _END_OF_LINE + b"--" + (match[1] or match[2]).encode()
    _, *sections = (_END_OF_LINE + raw).split(delimiter, most + 1)
    if not sections or not sections.pop().startswith(b"--"):
        raise NotMultipart
    return [pair for each in sections if (pair := _text(each))]


def _text(section: bytes) -> tuple[str, str] | None:
    """Return the name and the text of a section; None for a field of a file that holds none."""
    if not section.startswith(_END_OF_LINE):
        raise NotMultipart
    head, separator, content = section.removeprefix(_END_OF_LINE).partition(_END_OF_LINE * 2)
    name = _NAME.search(head)
    if name is None or not separator:
        raise NotMultipart
    field = name[1].decode()
    file_name = _FILE_NAME.search(head)
    if file_name is None:
        return field, content.decode()
    if file_name[1] or content:
        raise refusal_of([field], FILES_ARE_UPLOADED)
    return None
