"""MPEG-TS segments: written from segments of fragmented MP4, and read as a decoder does."""

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
    """Presentation times in ticks of 90 kHz, sorted."""

    times: tuple[int, ...]
    is_first_key: bool
    # Bytes from the start of the segment to its second frame.
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
    """Return the segment with times that are `TS_BEGINS` plus its own minus the delay."""
    output = io.BytesIO()
    options = {
        # The muxer adds no offset to times.
        "mpegts_copyts": "1",
        # Packet counters start at 0 in each segment, which is signalled.
        "mpegts_flags": "+initial_discontinuity",
        "fflags": "+bitexact",
    }
    with (
        av.open(io.BytesIO(init + segment), mode="r", format="mp4") as source,
        av.open(output, mode="w", format="mpegts", options=options) as target,
    ):
        track = source.streams[0]
        stream = target.add_stream_from_template(track)
        for packet in source.demux(track):
            if packet.pts is None or packet.dts is None:
                continue
            packet.pts = _ticks(packet.pts - delay_ticks, track.time_base)
            packet.dts = _ticks(packet.dts - delay_ticks, track.time_base)
            packet.time_base = _TICK
            packet.stream = stream
            target.mux(packet)
    return output.getvalue()


def _ticks(time: int, unit: Fraction | None) -> int:
    return TS_BEGINS + round(time * (unit or _TICK) * TS_CLOCK)
