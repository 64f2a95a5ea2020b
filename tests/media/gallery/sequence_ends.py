"""Ends of sequences in HEVC, where the packets of a Matroska are written anew."""

import io
from collections.abc import Callable

import av

_END, _END_OF_BITSTREAM = b"\0\0\0\2\x48\1", b"\0\0\0\2\x4a\1"
_PICTURE_KEYS, _DROPS = range(16, 24), 0x40


def ended(
    container: str, *, with_bitstream: bool = False, since: int = 0
) -> Callable[[bytes], bytes]:
    """Close each packet before a key picture, from a number on, with the end of its sequence."""
    end = _END + _END_OF_BITSTREAM * with_bitstream

    def change(packet: bytes, number: int, *, is_before_key: bool) -> bytes:
        return packet + end * (is_before_key and number >= since)

    return _rewritten(container, change)


def dropping(container: str) -> Callable[[bytes], bytes]:
    """Have later key pictures drop all pictures before them that are not shown yet."""

    def change(packet: bytes, number: int, *, is_before_key: bool) -> bytes:
        del is_before_key
        # Of pictures that are no key ones, nothing is changed.
        return _flagged(packet) if number else packet

    return _rewritten(container, change)


def _flagged(packet: bytes) -> bytes:
    changed, at = bytearray(packet), 0
    while at < len(packet):
        if packet[at + 4] >> 1 & 63 in _PICTURE_KEYS:
            changed[at + 6] |= _DROPS
        at += 4 + int.from_bytes(packet[at : at + 4])
    return bytes(changed)


def _rewritten(container: str, change: Callable[..., bytes]) -> Callable[[bytes], bytes]:
    def rewrite(data: bytes) -> bytes:
        written = io.BytesIO()
        with (
            av.open(io.BytesIO(data), "r") as source,
            av.open(written, "w", format=container, options={"fflags": "+bitexact"}) as target,
        ):
            stream = source.streams.video[0]
            copy = target.add_stream_from_template(stream)
            packets = [each for each in source.demux(stream) if each.size]
            keys = [each.is_keyframe for each in packets]
            for number, packet in enumerate(packets):
                is_before = any(keys[number + 1 : number + 2])
                changed = av.Packet(change(bytes(packet), number, is_before_key=is_before))
                changed.pts, changed.dts, changed.duration = packet.pts, packet.dts, packet.duration
                changed.time_base, changed.is_keyframe = packet.time_base, packet.is_keyframe
                changed.stream = copy
                target.mux(changed)
        return written.getvalue()

    return rewrite
