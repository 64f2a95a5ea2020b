"""A media segment of MPEG-TS, made of one of fragmented MP4."""

import io
from fractions import Fraction

import av

from chalicelib.catalogue.asset import TS_BEGINS, TS_CLOCK

_TICK = Fraction(1, TS_CLOCK)


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
