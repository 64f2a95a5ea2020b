"""Short ways to write an entry down: `clip` and `refused`."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

from chalicelib.encoding.failures import Reason
from tests.media.gallery.model import PLAIN, Entry, Family, Master, Refusal, Video

H264 = "-c:v libx264 -preset veryfast -crf 20 -pix_fmt yuv420p"
MPEG2 = "-c:v mpeg2video -q:v 2"
# What codecs of few colours make, and what is converted by choice.
ANYTHING = 255
AAC = "-c:a aac -b:a 96k"
_OF_ENTRIES = frozenset(Entry.__dataclass_fields__)


def clip(
    family: Family, name: str, what: str, suffix: str, options: str = "", **facts: Any
) -> Entry:
    """A file that becomes a video of all of its master, but for what `facts` say."""
    ours = {key: value for key, value in facts.items() if key in _OF_ENTRIES}
    expected = {key: value for key, value in facts.items() if key not in _OF_ENTRIES}
    becomes = replace(_whole(ours.get("master", PLAIN)), **expected)
    return Entry(family, name, what, suffix, becomes, options, **ours)


def refused(
    family: Family, name: str, what: str, suffix: str, *reasons: Reason, **facts: Any
) -> Entry:
    ours = {key: value for key, value in facts.items() if key in _OF_ENTRIES}
    said = {key: value for key, value in facts.items() if key not in _OF_ENTRIES}
    return Entry(family, name, what, suffix, Refusal(reasons, **said), **ours)


def of(family: Family) -> tuple[Callable[..., Entry], Callable[..., Entry]]:
    """Return `clip` and `refused` for one family."""
    return partial(clip, family), partial(refused, family)


def silent(master: Master = PLAIN) -> Master:
    return replace(master, sound=Fraction(0))


def _whole(master: Master) -> Video:
    return Video(
        seconds=max(master.seconds, master.sound_seconds),
        rate=master.rate,
        numbers=tuple(range(master.frames)),
        beeps=master.beeps,
        tracks=1 if master.sound_seconds else 0,
    )
