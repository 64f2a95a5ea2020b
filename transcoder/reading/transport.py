"""What is in a segment of MPEG-TS, as a decoder finds it."""

from dataclasses import dataclass
from pathlib import Path

import av

from transcoder.reading.boxes import Unreadable


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
