"""A complaint excuses what does not come near it, and nothing else of the chunk."""

from chalicelib.encoding.picture_evidence import Excused
from transcoder.ffmpeg.log import Observer

COMPLAINT = "[h264 @ 0x3] [error] error while decoding"
FRAMES = 300


def chunk(
    numbers: list[int], *, complaints: tuple[int, ...], keys: int = 100, is_counted: bool = False
) -> Excused:
    """Each complaint is heard before the picture of that number, or at the end."""
    observer = Observer(frames=FRAMES, codec="h264", is_counted=is_counted)
    for number in numbers:
        if number in complaints:
            observer.read_line(COMPLAINT)
        observer.read_line(f"decoder -> pts:{number} keyframe:{int(number % keys == 0)}")
        observer.read_line(f"[Eval @ 0x3] [info] {500_000_000_000_000 + number}.000000")
    if numbers[-1] < max(complaints, default=numbers[-1]):
        observer.read_line(COMPLAINT)
    excused = observer.delivered.excused
    assert excused is not None
    return excused


def without(*missing: int) -> list[int]:
    return [number for number in range(-5, FRAMES + 2) if number not in missing]


def test_nothing_is_excused_without_a_complaint() -> None:
    assert chunk(without(70, 71), complaints=()) == Excused(longest_hold=3)


def test_what_is_missing_next_to_a_complaint_is_excused() -> None:
    excused = chunk(without(70, 71), complaints=(72,))
    # From the picture before it to the next key picture.
    assert excused == Excused(frames=31, count=29, longest_hold=1)


def test_what_is_missing_elsewhere_is_not() -> None:
    early = chunk(without(20, 21, 22), complaints=(70,))
    late = chunk(without(220, 221, 222), complaints=(70,))
    assert early == late == Excused(frames=31, count=31, longest_hold=4)


def test_pictures_may_be_read_already_when_a_complaint_is_heard() -> None:
    """The key picture that comes next may be one from before it."""
    assert chunk(without(), complaints=(99,)).frames == 24
    assert chunk(without(), complaints=(99,), keys=1).frames == 24


def test_what_is_missing_at_the_beginning_is_excused_by_what_was_heard_before() -> None:
    numbers = list(range(10, FRAMES + 2))
    assert chunk(numbers, complaints=(10,)).begin
    assert chunk(numbers, complaints=(10,)).frames == 91 + 10
    assert not chunk(numbers, complaints=(11,)).begin


def test_what_is_missing_at_the_end_is_excused_by_a_complaint_near_it() -> None:
    numbers = list(range(250))
    at_end = chunk(numbers, complaints=(250,))
    assert (at_end.frames, at_end.count, at_end.end) == (50, 0, True)
    assert not chunk(numbers, complaints=(150,)).end
    assert not chunk(without(), complaints=(250,)).begin


def test_a_chunk_of_which_nothing_comes_is_excused_as_a_whole_or_not_at_all() -> None:
    before = [-3, -2, -1]
    assert chunk(before, complaints=(0,)) == Excused(frames=FRAMES, begin=True, end=True)
    assert chunk(before, complaints=()) == Excused()
    later = [-1, FRAMES]
    assert chunk(later, complaints=(FRAMES,)) == Excused(frames=FRAMES, begin=True, end=True)


def test_a_complaint_about_pictures_that_are_counted_excuses_those_missing_at_the_end() -> None:
    numbers = list(range(FRAMES - 3))
    excused = chunk(numbers, complaints=(10,), is_counted=True)
    assert excused.end
    assert excused.frames - excused.count == 3
    assert not chunk(numbers, complaints=(10,)).end
