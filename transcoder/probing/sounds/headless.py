"""AAC in FLV whose header is missing: the sample rate by the times of packets."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from av.stream import Stream

from chalicelib.encoding.plan import SoundTimes

_DEMUXER, _CODEC, _SAMPLES = "flv", "aac", 1024
# FLV declares the first rate for all AAC. The other one has the same tables, so that a decoder that
# assumes the first decodes it right, only slower.
_DECLARED, _ALIKE = 44_100, 48_000
_TOLERATED_SHARE, _FEW_PACKETS = Fraction(1, 100), 20


def rated(
    times: Iterable[SoundTimes | None], sounds: Iterable[Stream], demuxer: str
) -> tuple[tuple[SoundTimes | None, ...], list[str]]:
    """Add the rate to times of tracks that need it; return them, and notes."""
    right, notes = list[SoundTimes | None](), list[str]()
    # People count from 1.
    for number, (each, sound) in enumerate(zip(times, sounds, strict=True), 1):
        right.append(each)
        if each is None or demuxer != _DEMUXER or not _lacks_header(sound):
            continue
        if _is_near(each, _ALIKE):
            right[-1] = replace(each, rate=_ALIKE)
            notes.append(
                f"Sound track {number}: its header is missing; its times say that it has"
                f" {_ALIKE} Hz."
            )
        elif not _is_near(each, _DECLARED):
            notes.append(f"Sound track {number}: its header is missing; it may sound wrong.")
    return tuple(right), notes


def _lacks_header(sound: Stream) -> bool:
    context = sound.codec_context
    return context.codec.canonical_name == _CODEC and not context.extradata


def _is_near(times: SoundTimes, rate: int) -> bool:
    seconds = times.ends - times.begins - times.missing
    if times.packets < _FEW_PACKETS or seconds <= 0:
        return False
    return abs(times.packets * _SAMPLES / seconds / rate - 1) < _TOLERATED_SHARE
