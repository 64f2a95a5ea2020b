"""A clock that starts again is a new part of the same video; a wrong time is only that."""

from fractions import Fraction
from pathlib import Path

import pytest

from tests.builders import clips
from tests.builders.plans import planned
from tests.builders.published_encodes import SYNCHRONOUS_SECONDS, Finished, finished
from tests.media import forgeries

PICTURE, SOUND = 0xE0, 0xC0
_PARTS = "Its clock starts again: {} parts are shown one after the other."
_LEFT_OUT = "Pictures before the first key picture of a part were left out."
_WRONG = "Times were wrong in one place and were not used."
_MPEG2 = ("-c:v", "mpeg2video", "-q:v", "2", "-bf", "0", "-c:a", "mp2")


def part(folder: Path, suffix: str, *options: str, name: str = "plain") -> bytes:
    path = folder / f"part{suffix}"
    clips.ffmpeg("-i", clips.get(name).path, *(options or ("-c", "copy")), path)
    return path.read_bytes()


def played_numbers(made: Finished) -> list[int]:
    return clips.numbers(made.played(f"video/{made.asset.rungs[-1].name}"))


def joined(folder: Path, suffix: str, *parts: bytes) -> Finished:
    path = folder / f"joined{suffix}"
    path.write_bytes(b"".join(parts))
    made = finished(path)
    assert made.report["ok"], made.report
    assert _PARTS.format(len(parts)) in made.plan.notes
    return made


def expect_in_time(made: Finished, begins: list[Fraction | int], seconds: int) -> None:
    """The sound of each part begins with it: a tone in every second."""
    heard = clips.bursts(made.played("audio/0"))
    expected = [float(begin + second) for begin in begins for second in range(seconds)]
    assert len(heard) == len(expected)
    for is_at, should in zip(heard, expected, strict=True):
        assert abs(is_at - should) < 2 * SYNCHRONOUS_SECONDS


@pytest.mark.parametrize(
    ("suffix", "options"), [(".ts", ()), (".mkv", ()), (".mpg", _MPEG2)], ids=["ts", "mkv", "mpg"]
)
def test_recordings_laid_end_to_end_are_one_video(
    tmp_path: Path, suffix: str, options: tuple[str, ...]
) -> None:
    data = part(tmp_path, suffix, *options)
    made = joined(tmp_path, suffix, data, data)
    numbers = list(range(325))
    assert played_numbers(made) == numbers * 2
    expect_in_time(made, [0, 13], 13)


def test_a_sound_that_is_late_in_a_matroska_is_left_out_and_the_rest_is_heard(
    tmp_path: Path,
) -> None:
    path, data = tmp_path / "film.mkv", part(tmp_path, ".mkv", name="tiny")
    path.write_bytes(forgeries.with_late_sound(data, number=50))
    made = finished(path)
    assert made.report["ok"], made.report
    assert made.asset.grid.duration == clips.get("tiny").seconds
    assert _WRONG in made.plan.notes
    expect_in_time(made, [0], 3)


def test_many_short_recordings_are_one_video(tmp_path: Path) -> None:
    data = part(tmp_path, ".ts", name="tiny")
    made = joined(tmp_path, ".ts", data, data, data, data)
    assert played_numbers(made) == list(range(75)) * 4
    expect_in_time(made, [0, 3, 6, 9], 3)


@pytest.mark.parametrize("reordered", ["0", "3"])
@pytest.mark.parametrize("begins", [0.05, 0.2])
def test_a_recording_that_begins_before_a_key_picture_starts_with_that_picture(
    tmp_path: Path, begins: float, reordered: str
) -> None:
    options = ("-c:v", "libx264", "-preset", "veryfast", "-g", "75", "-keyint_min", "75",
               "-sc_threshold", "0", "-bf", reordered, "-c:a", "copy")  # fmt: skip
    whole = part(tmp_path, ".ts", *options)
    made = joined(tmp_path, ".ts", whole, whole[int(len(whole) * begins) // 188 * 188 :])
    assert played_numbers(made) == [*range(325), *range(75, 325)]
    assert _LEFT_OUT in made.plan.notes
    heard = clips.bursts(made.played("audio/0"))
    assert len(heard) == 23
    assert all(abs(at - second) < 2 * SYNCHRONOUS_SECONDS for second, at in enumerate(heard))


@pytest.mark.parametrize("begins", [(0, 3600), (3600, 0), (90_000, 10)])
def test_a_clock_that_jumps_by_hours_lengthens_nothing(
    tmp_path: Path, begins: tuple[int, ...]
) -> None:
    parts = [part(tmp_path, ".ts", "-c", "copy", "-output_ts_offset", str(b)) for b in begins]
    made = joined(tmp_path, ".ts", *parts)
    assert played_numbers(made) == list(range(325)) * 2
    expect_in_time(made, [0, 13], 13)


def test_a_chunk_far_inside_does_not_begin_at_the_beginning(tmp_path: Path) -> None:
    """For it would have to decode all that is before it."""
    data = part(tmp_path, ".ts", name="open_gop")
    path = tmp_path / "joined.ts"
    path.write_bytes(data * 3)
    plan = planned(path)
    assert plan.chunk_count == len(plan.positions) == 7
    # A key picture every two seconds, and the one before the nearest.
    for number in range(1, plan.chunk_count):
        begins = plan.asset.grid.seconds(plan.chunk(number).first_frame)
        assert abs(plan.positions[number] / len(data) - float(begins / 13)) < 0.4


@pytest.mark.parametrize("bit", [21, 25, 32])
@pytest.mark.parametrize(
    ("stream", "number", "decoding"),
    [(PICTURE, 40, False), (PICTURE, 41, True), (PICTURE, 200, False), (SOUND, 20, False)],
)
def test_one_wrong_time_changes_nothing(
    tmp_path: Path, stream: int, number: int, bit: int, decoding: bool
) -> None:
    path = tmp_path / "film.ts"
    # Only of pictures that are reordered it is stored when they are decoded.
    reordered = "3" if decoding else "0"
    options = ("-c:v", "libx264", "-preset", "veryfast", "-bf", reordered, "-c:a", "copy")
    data = part(tmp_path, ".ts", *options)
    path.write_bytes(
        forgeries.with_flipped_time(data, stream, number=number, bit=bit, decoding=decoding)
    )
    made = finished(path)
    assert made.report["ok"], made.report
    assert made.plan.notes == (_WRONG,)
    assert played_numbers(made) == list(range(325))
    expect_in_time(made, [0], 13)


def test_a_long_time_without_a_picture_is_no_jump_while_the_sound_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "film.ts"
    late = "settb=1/90000,setpts='PTS+gte(N,50)*12/TB'"
    clips.ffmpeg("-i", clips.get("long_sound").path, "-f", "lavfi", "-i", "sine=r=48000:d=20",
                 "-map", "0:v", "-map", "1:a", "-vf", late, "-fps_mode", "passthrough",
                 "-c:v", "libx264", "-bf", "0", path)  # fmt: skip
    plan = planned(path)
    assert not plan.picture.clock
    assert abs(plan.asset.grid.duration - 20) < Fraction(1, 5)


@pytest.mark.parametrize(
    ("begin", "lost"),
    # Where it starts again, a second recording may begin, between its key pictures.
    [(0x1000000 - 6000, range(0)), (20_000_000, range(150, 160))],
    ids=["wraps", "restarts"],
)
def test_the_clock_of_a_flash_video_starts_again(tmp_path: Path, begin: int, lost: range) -> None:
    plain = part(tmp_path, ".flv", "-c:v", "flv", "-q:v", "3", "-g", "40", "-an")
    data, offset = bytearray(plain), 13
    while offset + 11 < len(data):
        time = int.from_bytes(data[offset + 4 : offset + 7]) + begin
        time = time % 0x1000000 if begin < 0x1000000 else (time - begin - 6000) % (begin + 6000)
        data[offset + 4 : offset + 7] = (time & 0xFFFFFF).to_bytes(3)
        data[offset + 7] = time >> 24
        offset += 15 + int.from_bytes(data[offset + 1 : offset + 4])
    path = tmp_path / "film.flv"
    path.write_bytes(data)
    made = finished(path)
    assert made.report["ok"], made.report
    # A wrap is within one recording.
    notes = (_PARTS.format(2), _LEFT_OUT)
    assert [note in made.plan.notes for note in notes] == [bool(lost)] * 2
    assert played_numbers(made) == [number for number in range(325) if number not in lost]
