"""Pictures that are not shown: their times overlap others, or they cannot be decoded."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.encoding.failures import Finding, Reason
from transcoder.counts import counted
from transcoder.errors import Refused

_MOST_OVERLAPPING = 0.75


@dataclass(slots=True)
class Overlaps:
    """Recognises, in decoding order, parts that begin before the previous one ends."""

    count: int = 0
    _decoded: int | None = None
    _until: int | None = None

    def has(self, decoded: int, time: int, newest: int | None) -> bool:
        """Whether a picture is in the overlap; `newest` is the latest time so far."""
        before, self._decoded = self._decoded, decoded
        if before is not None and decoded <= before:
            self._until = newest
        is_one = self._until is not None and time <= self._until
        self.count += is_one
        return is_one


def omissions(decodable: int, undecodable: int, overlapping: int) -> Iterator[str]:
    """Say how many are not shown; refuse a source of which these are nearly all."""
    if overlapping > _MOST_OVERLAPPING * decodable:
        raise Refused(Reason.CORRUPT, Finding.ONE_TIME)
    if undecodable:
        yield counted(
            undecodable,
            one="Not shown is one picture before the first that needs no other.",
            many="Not shown are {} pictures before the first that needs no other.",
        )
    if overlapping:
        yield counted(
            overlapping,
            one="Not shown is one picture that comes at the time of another.",
            many="Not shown are {} pictures that come at the times of others.",
        )
