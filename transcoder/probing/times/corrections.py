"""What is known of the times of a source before its packets are read."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.encoding.plan import BelowZero, SourceClock
from transcoder.probing.headers.edits import Pause


@dataclass(frozen=True, slots=True)
class Corrections:
    pauses: Mapping[int, Pause]
    # Time of the first picture that is refreshed in all parts, in ticks, if that takes several.
    first_refreshed: int | None
    # None before `clock_of`.
    clock: SourceClock | None = None
    # Whether packets are read where the index lists them.
    follows_index: bool = False
    # Whether the times are those of decoding, which do not show what is left out.
    is_late: bool = False
    # Whether it is an MP4 whose fragments may be apart.
    has_fragments: bool = False
    below_zero: tuple[BelowZero, ...] = ()
