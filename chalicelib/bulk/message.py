"""A message on the queue of bulk changes: one slice, or the request to send all slices."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Self

from chalicelib.catalogue.model import BulkChangeId, VideoId


class UnreadableSlice(Exception):
    """A message on the queue is no slice of a bulk change."""


@dataclass(frozen=True, slots=True)
class SliceMessage:
    bulk_change: BulkChangeId
    # From 0; None requests the slices that are not done.
    slice: int | None = None
    videos: tuple[VideoId, ...] = ()
    version: int = 1

    def to_json(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        try:
            fields: dict[str, Any] = json.loads(text)
            number = fields["slice"]
            return cls(
                bulk_change=BulkChangeId(int(fields["bulk_change"])),
                slice=None if number is None else int(number),
                videos=tuple(VideoId(int(each)) for each in fields["videos"]),
                version=int(fields["version"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableSlice(f"not a slice: {type(error).__name__}") from error
