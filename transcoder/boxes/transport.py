"""Segments of MPEG-TS: made of those of fragmented MP4, and read as a decoder does."""

import io
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av

from chalicelib.catalogue.asset import TS_BEGINS, TS_CLOCK
from transcoder.errors import Unreadable

_TICK = Fraction(1, TS_CLOCK)


@dataclass(frozen=True, slots=True)
class Transport:
    """Times in ticks of 90 kHz, in the order in which the frames are shown."""

    times: tuple[int, ...]
    is_first_key: bool
    # From the start of the segment to the second frame.
    first_frame_end: int


def read_transport(path: Path) -> Transport:
    with av.open(str(path), format="mpegts") as container:
        if len(container.streams) != 1:
            raise Unreadable("not exactly one stream")
        packets = [packet for packet in container.demux(container.streams[0]) if packet.size]
    if not packets:
        raise Unreadable("no frames")
    second = packets[1].pos if len(packets) > 1 else None
    return Transport(
        times=tuple(sorted(packet.pts or 0 for packet in packets)),
        is_first_key=packets[0].is_keyframe,
        first_frame_end=second if second is not None else path.stat().st_size,
    )


def transport(init: bytes, segment: bytes, *, delay_ticks: int) -> bytes:
    """Present everything at `TS_BEGINS` that the segment presents after its delay."""
    made = io.BytesIO()
    options = {
        # Times are ours: nothing is added to them.
        "mpegts_copyts": "1",
        # A segment begins to count its packets anew, and says so.
        "mpegts_flags": "+initial_discontinuity",
        "fflags": "+bitexact",
    }
    with (
        av.open(io.BytesIO(init + segment), mode="r", format="mp4") as source,
        av.open(made, mode="w", format="mpegts", options=options) as target,
    ):
        given = source.streams[0]
        stream = target.add_stream_from_template(given)
        for packet in source.demux(given):
            if packet.pts is None or packet.dts is None:
                continue
            packet.pts = _ticks(packet.pts - delay_ticks, given.time_base)
            packet.dts = _ticks(packet.dts - delay_ticks, given.time_base)
            packet.time_base = _TICK
            packet.stream = stream
            target.mux(packet)
    return made.getvalue()


def _ticks(time: int, unit: Fraction | None) -> int:
    return TS_BEGINS + round(time * (unit or _TICK) * TS_CLOCK)
