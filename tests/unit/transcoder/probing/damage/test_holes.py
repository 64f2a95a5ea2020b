"""Zeros in place of packets are a hole if time passes there, and nothing else is."""

from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import pytest
from av.packet import Packet
from av.stream import Stream

from tests.builders import clips
from tests.builders.plans import planned
from transcoder.probing.damage.holes import Holes
from transcoder.probing.model import Hole

_TICK = Fraction(1, 1000)


class APacket:
    time_base, pts, stream_index = _TICK, None, 0

    def __init__(self, pos: int, dts: int, stream: int = 0) -> None:
        self.pos, self.dts, self.stream_index = pos, dts, stream
        self.size, self.duration = 1000, 40


def missing(
    *packets: APacket, filler: bytes = b"\0", later: int = 0, header: bytes = b""
) -> Fraction:
    data = bytes(2000) + header + filler * 200_000
    holes = Holes(lambda begin, count: data[begin : begin + count])
    for packet in packets:
        holes.see(cast("Packet[Stream]", cast("Any", packet)), later)
    return sum((each.end - each.begin for each in holes.gaps), Fraction(0))


def test_time_in_zeros_is_missing() -> None:
    begin = [APacket(0, 0), APacket(1000, 0, stream=1)]
    assert missing(*begin, APacket(90_000, 2040)) == 2
    assert missing(*begin, APacket(90_000, 2040), later=5000) == 2
    assert missing(*begin, APacket(90_000, 2040), APacket(200_000, 3080)) == 3


@pytest.mark.parametrize(
    ("packet", "filler"),
    [
        pytest.param(APacket(90_000, 2040), b"\1", id="packets of another stream"),
        pytest.param(APacket(90_000, 80), b"\0", id="padding"),
        pytest.param(APacket(3000, 2040), b"\0", id="a pause"),
    ],
)
def test_all_else_is_not(packet: APacket, filler: bytes) -> None:
    assert missing(APacket(0, 0), APacket(1000, 0, stream=1), packet, filler=filler) == 0


def test_a_stream_that_goes_on_fills_a_hole_of_another() -> None:
    assert missing(APacket(0, 0), APacket(1000, 2000, stream=1), APacket(90_000, 2080)) == 0


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(b"\xec\x50\x00", id="too short a Void"),
        pytest.param(b"\xec\x10\x00\x40\x00", id="a Void of 16 KiB"),
        pytest.param(b"free\0\0\0\0", id="a box without a length"),
        pytest.param(b"\xde\xad\xbe\xef", id="the rest of a packet"),
    ],
)
def test_bytes_that_announce_no_such_padding_do_not_hide_a_hole(header: bytes) -> None:
    begin = [APacket(0, 0), APacket(1000, 0, stream=1)]
    assert missing(*begin, APacket(90_000, 2040), header=header) == 2


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(
            b"\xec\x10\x00\x20\x00" + bytes(8192) + b"\xec\x10\x01\x37\x00", id="two Voids"
        ),
        pytest.param(b"\xec\x08\x00\x01\x57\xb0", id="a Void with a long length"),
        pytest.param(b"\x00\x01\x57\xc0free", id="a free box"),
        pytest.param(b"JUNK\xb8\x57\x01\x00", id="a junk chunk"),
    ],
)
def test_zeros_that_a_header_announces_are_padding(header: bytes) -> None:
    begin = [APacket(0, 0), APacket(1000, 0, stream=1)]
    assert missing(*begin, APacket(90_000, 2040), header=header) == 0


def last_hole(data: bytes) -> Hole | None:
    holes = Holes(lambda begin, count: data[begin : begin + count])
    holes.see(cast("Packet[Stream]", cast("Any", APacket(0, 0))), 0)
    return next(iter(holes.until_the_end(len(data))), None)


def test_zeros_at_the_end_are_a_hole_up_to_the_end() -> None:
    end = Fraction(40, 1000)
    assert last_hole(bytes(1000) + bytes(9000)) == Hole(end, end, 9000)
    assert last_hole(bytes(1000) + b"\1" * 500 + bytes(2000) + b"\1" * 6500) == Hole(end, end, 8500)


@pytest.mark.parametrize(
    "behind",
    [
        pytest.param(bytes(3000), id="a few"),
        pytest.param(b"\1" * 90_000, id="something else"),
        pytest.param(b"\0\0\x20\x08free" + bytes(8192) + b"\1" * 90_000, id="padding"),
    ],
)
def test_nothing_else_at_the_end_is_a_hole(behind: bytes) -> None:
    assert last_hole(bytes(1000) + behind) is None


@pytest.mark.parametrize(("zeros", "notes"), [(False, 0), (True, 1)], ids=["padding", "a hole"])
def test_a_picture_of_dnxhd_that_is_padded_is_whole(
    tmp_path: Path, zeros: bool, notes: int
) -> None:
    path = tmp_path / "film.mov"
    still = ("-f", "lavfi", "-i", "color=c=gray:s=640x360:r=25:d=1")
    clips.ffmpeg(*still, "-c:v", "dnxhd", "-profile:v", "dnxhr_sq", "-pix_fmt", "yuv422p", path)
    if zeros:
        data = bytearray(path.read_bytes())
        begin = len(data) // 2
        data[begin : begin + len(data) // 4] = bytes(len(data) // 4)
        path.write_bytes(data)
    assert sum("zeros" in note for note in planned(path).notes) == notes
