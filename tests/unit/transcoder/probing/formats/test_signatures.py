"""The demuxer follows from how a file begins."""

import pytest

from chalicelib.encoding.failures import Finding
from transcoder.probing.formats.signatures import (
    demuxer_of,
    described,
    is_something_else,
    is_sound_alone,
    tag_bytes,
)
from transcoder.probing.model import (
    Question,
)

_ASKED = Question("film", 1, 100, most_streams=4, long_side=8192, short_side=4608)


@pytest.mark.parametrize(
    ("head", "demuxer"),
    [
        (b"\0\0\0\x18ftypisom", "mov"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", "mov"),
        (b"\0\0\0\x18uuid" + bytes(16), "mov"),
        (b"\x1a\x45\xdf\xa3", "matroska"),
        (b"RIFF\0\0\0\0AVI LIST", "avi"),
        (b"FLV\x01\x05", "flv"),
        (b"OggS\0", "ogg"),
        (b"\0\0\x01\xba", "mpeg"),
        (b"rest" + (b"\0\0\x01\xba\x44" + bytes(9) + b"\0\0\x01\xe0" + bytes(99)) * 4, "mpeg"),
        (b"rest" + (b"\0\0\x01\xba\x21" + bytes(7) + b"\0\0\x01\xe0" + bytes(99)) * 4, "mpeg"),
        (b"rest" + (b"\0\0\x01\xba\x44" + bytes(9) + b"\0\0\x01\xe0" + bytes(99)) * 3, ""),
        (b"rest" + (b"\0\0\x01\xba" + bytes(99)) * 40, ""),
        (bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), "asf"),
        (bytes.fromhex("060e2b34020501010d010201010204"), "mxf"),
        ((b"G" + b"\0" * 187) * 5, "mpegts"),
        (b"junk" + (b"G" + b"\0" * 187) * 5, "mpegts"),
        ((b"time" + b"G" + b"\0" * 187) * 5, "mpegts"),
        (b"#" * 5000 + (b"G" + b"\0" * 187) * 20, "mpegts"),
        ((b"G" + b"\0" * 203) * 5, "mpegts"),
        (b"#" * 5000 + (b"G" + b"\0" * 203) * 20, "mpegts"),
        ((b"G" + b"\0" * 203) * 3, ""),
        (b"\x1f\x07\0\xbf", "dv"),
        (b"DKIF\0\0", "ivf"),
        (b"YUV4MPEG2 W9", "yuv4mpegpipe"),
        (b"nut/multimedia container\0", "nut"),
        (b"GIF89a", "gif"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR acTL IDAT", "apng"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR IDAT acTL", ""),
        (b"\0\0\0\1\x67", "h264"),
        (b"\0\0\0\1\x09\xf0\0\0\0\1\x67", "h264"),
        (b"\0\0\0\1\x06\x05" + b"text" * 200 + b"\0\0\1\x67", "h264"),
        (b"\0\0\1\x09\xf0" + b"\0\0\1\x06\x05\x80" * 3 + b"\0\0\0\1\x67", "h264"),
        (b"\0\0\1\x06\x05" + b"text" * 200, ""),
        (b"\0\0\1\x06" * 9999 + b"\0\0\1\x67", ""),
        (b"\0\0\0\1\x40\1", "hevc"),
        (b"\0\0\0\1\x4e\1\5\4text\x80\0\0\0\1\x40\1", "hevc"),
        (b"\0\0\1\xb3", "mpegvideo"),
        (b"\0\0\1\xb0", "m4v"),
        (b"\x12\0\x0a\x0b", "obu"),
        (b"\0\0\0\0\x01\xbc\0\0\0\x01\x60", "gxf"),
        (b"\x84\x10\xff\xff\xff\xff\x1e\0", "roq"),
        (b"\xff\xd8\xff\xdb", "mjpeg"),
        (b"\0\0\x02\x80\x01\x01\x80", "dnxhd"),
        (b"\0\0\x03\x8c\x03\x01\x80", "dnxhd"),
        (bytes.fromhex("000080020803") + b"data" + bytes.fromhex("000080060803"), "h263"),
        (bytes.fromhex("000080020803") + b"data", ""),
        (b"\0\0\0\x18ftypheic", ""),
        (b"RIFF\0\0\0\0WEBPVP8 ", ""),
        (b"#EXTM3U\n", ""),
        (b"<MPD>", ""),
        (b"", ""),
        (b"G", ""),
    ],
)
def test_a_file_is_what_it_begins_with(head: bytes, demuxer: str) -> None:
    assert demuxer_of(head) == demuxer


@pytest.mark.parametrize("head", [b"ID3\x03", b"fLaC", b"RIFF\0\0\0\0WAVE", b"\xff\xfb\x90"])
def test_sound_is_known_as_such(head: bytes) -> None:
    assert is_sound_alone(head)


_SUBRIP = "1\r\n00:00:01,000 --> 00:00:02,000\r\nÄh"


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        (_SUBRIP.encode(), Finding.SUBTITLES),
        (_SUBRIP.encode("utf-8-sig"), Finding.SUBTITLES),
        (_SUBRIP.encode("utf-16"), Finding.SUBTITLES),
        # Not UTF-8, so the file is no text otherwise.
        (_SUBRIP.encode("cp1252"), Finding.SUBTITLES),
        (b"\n\n1\n0:00:01.5 --> 0:00:02.5\nHi", Finding.SUBTITLES),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nHi", Finding.SUBTITLES),
        (b"\xef\xbb\xbfWEBVTT - Hi\n", Finding.SUBTITLES),
        (b"Once upon a time", Finding.DOCUMENT),
        (b"1\nOnce upon a time", Finding.DOCUMENT),
        (b"<MPD>", Finding.DOCUMENT),
        (b"#EXTM3U\n", Finding.PLAYLIST),
    ],
)
def test_a_text_is_described_as_what_it_is(head: bytes, sentence: Finding) -> None:
    assert is_something_else(head)
    assert described(head) == sentence


def test_what_is_neither_text_nor_known_has_no_sentence() -> None:
    assert not is_something_else(b"\x01\x02\x03")
    assert described(b"\x01\x02\x03") == ""


def test_a_tag_of_a_sound_file_says_how_long_it_is() -> None:
    assert tag_bytes(b"ID3\4\0\0\0\0\2\x0a" + bytes(500)) == 276
    assert tag_bytes(b"\xff\xfb" + bytes(500)) == 0
