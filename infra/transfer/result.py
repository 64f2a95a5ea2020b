"""What became of one object of an import."""

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    IMPORTED = "imported"
    RENUMBERED = "imported under another id"
    PRESENT = "here already, and unchanged"
    MOVED = "here already, under another address"
    RETITLED = "here already, under another title"
    DELETED = "deleted here, and not imported again"
    NOT_BEGUN = "not begun, and left out"
    REFUSED = "not imported"


NEW = (Result.IMPORTED, Result.RENUMBERED)


@dataclass(frozen=True, slots=True)
class Added:
    """What became of an account or a video, and under which id it is here, if it is."""

    result: Result
    id: int | None = None
    # Whether it is here from an earlier import.
    is_recognised: bool = False
    # Of a video, whether its source was sent to be encoded.
    is_sent: bool = False
    # Of a video, whether another one here has its own id and its time.
    has_twin: bool = False
    # Of a video that was here, whether it is still without a file.
    lacks_media: bool = False

    @property
    def is_new(self) -> bool:
        return self.result in NEW

    @property
    def leaves_problems(self) -> bool:
        """Return whether what was wrong with its data is so by this import."""
        return self.is_new or self.result is Result.REFUSED
