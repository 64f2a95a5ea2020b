"""What lies behind the end of the video is named, whatever it is."""

import re
import struct
from pathlib import Path

import pytest

from tests.builders import clips
from tests.builders.plans import planned
from transcoder.probing.files.following import another_video, pictures_left_out

_ANOTHER = ["Behind the video the file holds another one, which is not shown."]


def _box(kind: bytes, size: int = 8) -> bytes:
    return struct.pack(">I4s", size, kind) + bytes(max(0, size - 8))


def notes_behind(path: Path, behind: bytes, demuxer: str) -> list[str]:
    """What is said about the bytes that follow five bytes of media."""
    path.write_bytes(b"media" + behind)
    return another_video(str(path), 5 + len(behind), 5, demuxer)


@pytest.mark.parametrize(
    ("behind", "said"),
    [
        (_box(b"ftyp"), _ANOTHER),
        (_box(b"moov", 100) + _box(b"free") + _box(b"ftyp"), _ANOTHER),
        (struct.pack(">I4sQ", 1, b"moov", 40) + bytes(24) + _box(b"ftyp"), _ANOTHER),
        (_box(b"moov", 100), []),
        (_box(b"mdat", 100) + _box(b"ftyp"), []),
        (struct.pack(">I4s", 0, b"free") + _box(b"ftyp"), []),
        (struct.pack(">I4sQ", 1, b"free", 0) * 1000, []),
        (struct.pack(">I4sQ", 1, b"free", 2**60) + bytes(100), []),
        (_box(b"free") * 1000 + _box(b"ftyp"), []),
        (b"junk" * 100, []),
        (b"", []),
    ],
)
def test_another_video_behind_the_first_is_said(
    tmp_path: Path, behind: bytes, said: list[str]
) -> None:
    assert notes_behind(tmp_path / "a.mp4", behind, "mov") == said


@pytest.mark.parametrize(
    ("behind", "said"),
    [
        (b"FLV\x01\x05\0\0\0\x09", _ANOTHER),
        (b"end" * 9 + b"FLV\x01\x01\0\0\0\x09", _ANOTHER),
        (b"FLV\x01\x05\0\0", []),
        (b"", []),
    ],
)
def test_another_flv_behind_the_first_is_said(
    tmp_path: Path, behind: bytes, said: list[str]
) -> None:
    assert notes_behind(tmp_path / "a.flv", behind, "flv") == said
    assert notes_behind(tmp_path / "a.flv", behind, "matroska") == []


def test_nothing_is_said_where_the_end_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(_box(b"ftyp"))
    assert another_video(str(path), 8, 0, "mov") == []


@pytest.mark.parametrize(
    ("said", "hidden", "presented", "notes"),
    [
        (100, 0, 1, ["The file counts 100 pictures; one is shown."]),
        (0, 50, 25, ["The file counts 75 pictures; 25 are shown."]),
        # Fields, a cut, no word.
        (150, 0, 74, []),
        (75, 25, 50, []),
        # Of 75 that one edit hides, another shows 38.
        (100, 75, 63, []),
        (0, 0, 75, []),
    ],
)
def test_a_note_says_where_most_pictures_are_left_out(
    said: int, hidden: int, presented: int, notes: list[str]
) -> None:
    assert pictures_left_out(said, hidden, presented) == notes


def test_a_fragment_that_comes_twice_is_said(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    flags = ("-g", "25", "-movflags", "frag_keyframe+empty_moov+default_base_moof")
    clips.ffmpeg("-f", "lavfi", "-i", "testsrc2=s=64x36:r=25:d=4", "-c:v", "libx264", *flags, path)
    whole = path.read_bytes()
    assert planned(path).notes == ()
    begin, end, *_ = (each.start() - 4 for each in re.finditer(b"moof", whole))
    path.write_bytes(whole[:end] + whole[begin:])
    assert planned(path).notes == ("Shown once are 25 pictures that come twice in the file.",)
