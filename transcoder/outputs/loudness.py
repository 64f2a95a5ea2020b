"""Loudness of an audio track by EBU R128, and the gain that brings it to the target.

One gain for the whole track keeps quiet scenes quiet. It is measured on a minute of excerpts, or on
all of a short video, because decoding a long one twice would delay its first segment.
"""

import re
from dataclasses import dataclass, field
from fractions import Fraction

from chalicelib.catalogue.asset import AudioTrack
from chalicelib.encoding.plan import Plan
from transcoder.ffmpeg.audio import Correction, is_searchable, loudness_command
from transcoder.ffmpeg.phases import LineReader, Log
from transcoder.sandbox import memory
from transcoder.sandbox.runner import Limits, Sandbox

# The usual level of phones and streaming services.
TARGET_LUFS = -16.0
# More gain would amplify noise.
_MOST_DB, _LEAST_DB = 12.0, -30.0
# Less is hardly heard.
_NOTABLE_DB = 1.0
# Below this a track counts as silent.
_SILENCE_LUFS = -69.0
_EXCERPTS, _EXCERPT_SECONDS = 6, 10
_INTEGRATED = re.compile(r"^\s+I: +(-?[\d.]+) LUFS")
_LIMITS = Limits(cpu_seconds=300, memory_bytes=memory.of_program())


@dataclass(slots=True)
class Meter(LineReader):
    """Reads the summary of the filter `ebur128` from the log."""

    integrated_lufs: float | None = field(default=None)

    def read_line(self, line: str) -> None:
        if match := _INTEGRATED.match(line):
            self.integrated_lufs = float(match[1])


def excerpts(plan: Plan, track: AudioTrack) -> list[tuple[Fraction, int]]:
    """Start and seconds of excerpts, evenly spread, none at the very start or end."""
    start, duration = plan.picture.start, plan.asset.grid.duration
    if duration <= _EXCERPTS * _EXCERPT_SECONDS or not is_searchable(plan, track):
        return [(start, int(duration) + 1)]
    space = duration / _EXCERPTS
    middle = (space - _EXCERPT_SECONDS) / 2
    return [(start + number * space + middle, _EXCERPT_SECONDS) for number in range(_EXCERPTS)]


def is_silence(measured_lufs: float | None) -> bool:
    return measured_lufs is not None and measured_lufs <= _SILENCE_LUFS


def gain_db(measured_lufs: float | None) -> float:
    if measured_lufs is None or is_silence(measured_lufs):
        return 0.0
    return round(min(_MOST_DB, max(_LEAST_DB, TARGET_LUFS - measured_lufs)), 2)


def notes_on(track: AudioTrack, measured_lufs: float | None) -> tuple[str, ...]:
    """Say how much quieter than others a track stays, because more gain would be noise."""
    if measured_lufs is None or is_silence(measured_lufs):
        return ()
    quieter = TARGET_LUFS - _MOST_DB - measured_lufs
    if quieter < _NOTABLE_DB:
        return ()
    # People count from 1.
    note = (
        f"Sound track {track.number + 1}: it is very quiet; raised by {_MOST_DB:.0f} dB, the most"
        f" there is, it stays {quieter:.0f} dB below other videos."
    )
    return (note,)


def measured(
    plan: Plan, track: AudioTrack, url: str, *, sandbox: Sandbox, correction: Correction
) -> float | None:
    """Return the loudness in LUFS, or None if it cannot be measured."""
    log = Log(Meter())
    command = loudness_command(
        plan, track, url, excerpts=excerpts(plan, track), correction=correction
    )
    sandbox.run(command, limits=_LIMITS, source=url, on_line=log.read_line)
    return log.observer.integrated_lufs
