"""Audio tracks that hold nothing, whatever their header declares."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace

import av
from av.container import InputContainer
from av.stream import Stream

from transcoder.probing.files.opening import packets
from transcoder.probing.headers.choice import Listed, default_of, sound_facts
from transcoder.probing.model import SoundFacts, Timeline


def without_empty(
    source: Callable[..., AbstractContextManager[InputContainer]],
    sounds: Sequence[Listed],
    timeline: Timeline,
) -> tuple[Timeline, tuple[SoundFacts, ...], list[str]]:
    """Leave out empty audio tracks, with a note, if there is another track."""
    empty = set[int]()
    for each, times in zip(sounds, timeline.sounds, strict=False):
        if times:
            continue
        with source() as container:
            if _is_empty(container, container.streams[each.index]):
                empty.add(each.index)
    if len(empty) == len(sounds):
        empty.clear()
    kept = [each for each in sounds if each.index not in empty]
    known = (
        times
        for each, times in zip(sounds, timeline.sounds, strict=False)
        if each.index not in empty
    )
    default = default_of(kept)
    return (
        replace(timeline, sounds=tuple(known)),
        tuple(sound_facts(each, is_default=each is default) for each in kept),
        [
            f"Stream {each + 1} was left out: a sound track that holds nothing."
            for each in sorted(empty)
        ],
    )


def holds_any(container: InputContainer, sounds: Sequence[Listed]) -> bool:
    """Whether sounds that cannot be kept are more than a header."""
    return not all(_is_empty(container, container.streams[each.index]) for each in sounds)


def _is_empty(container: InputContainer, stream: Stream) -> bool:
    """Whether the file has no packet of the stream, whatever the header declares."""
    with suppress(av.InvalidDataError, av.EOFError):
        return next(packets(container, [stream]), None) is None
    return False
