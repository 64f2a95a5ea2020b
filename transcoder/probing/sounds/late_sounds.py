"""Sounds of a transport stream that begin behind what libavformat reads of it to open it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace

import av
from av.audio.stream import AudioStream
from av.container import InputContainer

from transcoder.errors import Refused
from transcoder.ffmpeg.opening import later_excerpt
from transcoder.probing.files.opening import opened, packets
from transcoder.probing.headers.choice import Listed

_DEMUXER = "mpegts"


def with_late_sounds(
    streams: Sequence[Listed],
    picture: Listed,
    url: str,
    source: Callable[..., AbstractContextManager[InputContainer]],
) -> Sequence[Listed]:
    """Mark sounds as audible which libavformat can read from their first packet on."""
    unread = [each.index for each in streams if each.goes_with(picture) and _is_unread(each)]
    if not unread:
        return streams
    with source() as container:
        numbers = {index: container.streams[index].id for index in unread}
        begins = _first_positions(container, unread)
    audible = {
        index for index, position in begins.items() if _is_audible(url, position, numbers[index])
    }
    return [replace(each, is_audible=each.is_audible or each.index in audible) for each in streams]


def _is_unread(stream: Listed) -> bool:
    is_clear = not (stream.is_audible or stream.is_encrypted)
    return stream.kind == "audio" and bool(stream.codec) and is_clear


def _first_positions(container: InputContainer, indexes: Sequence[int]) -> Mapping[int, int]:
    """Return where the first packet of each stream begins, of those that have one."""
    positions = dict[int, int]()
    with suppress(av.InvalidDataError, av.EOFError):
        for packet in packets(container, [container.streams[index] for index in indexes]):
            positions.setdefault(packet.stream_index, packet.pos or 0)
            if len(positions) == len(indexes):
                break
    return positions


def _is_audible(url: str, position: int, number: int) -> bool:
    with suppress(Refused), opened(later_excerpt(url, position), _DEMUXER) as container:
        return any(
            isinstance(each, AudioStream) and each.id == number and each.sample_rate
            for each in container.streams
        )
    return False
