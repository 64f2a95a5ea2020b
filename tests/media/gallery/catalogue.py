"""All entries, by family, and the part of them that every run of the tests sees."""

from functools import cache

from tests.media.gallery import (
    containers,
    damages,
    lies,
    pictures,
    sounds,
    timings,
    uneven,
    video_codecs,
)
from tests.media.gallery.model import Entry

ENTRIES: tuple[Entry, ...] = (
    *containers.ENTRIES,
    *video_codecs.ENTRIES,
    *sounds.ENTRIES,
    *timings.ENTRIES,
    *uneven.ENTRIES,
    *pictures.ENTRIES,
    *damages.ENTRIES,
    *lies.ENTRIES,
)


@cache
def _by_name() -> dict[str, Entry]:
    return {entry.name: entry for entry in ENTRIES}


def entry_of(name: str) -> Entry:
    return _by_name()[name]


def quarter() -> list[Entry]:
    """Return the cheapest of each finding, and every sixth of the others, but for slow ones."""
    quick = [entry for entry in ENTRIES if not entry.is_slow]
    findings = {entry.finding for entry in quick if entry.finding}
    names = {entry.name for entry in quick[::6]} | {
        min((entry for entry in quick if entry.finding == each), key=lambda entry: entry.cost).name
        for each in findings
    }
    return [entry for entry in ENTRIES if entry.name in names]
