"""The log of FFmpeg says which pictures are damaged, in whatever words its decoders have."""

import pytest

from transcoder.ffmpeg.damage import DamageReader
from transcoder.ffmpeg.log import Observer

PICTURE = "[vist#0:0/x @ 0x1] [dec:x @ 0x2] [info] decoder -> pts:1 keyframe:0 frame_type:2"
KEY = PICTURE.replace("keyframe:0", "keyframe:1")
FLAG = "[vist#0:0/h264 @ 0x1] [dec:h264 @ 0x2] [warning] corrupt decoded frame"
COMPLAINT = "[mjpeg @ 0x3] [error] error y=11 x=4"
REFUSED = "[vist#0:0/av1 @ 0x1] [dec:libdav1d @ 0x2] [error] Error submitting packet to decoder: x"
OF_DEMUXER = "[in#0/ogg @ 0x4] [error] CRC mismatch!"


def printed(number: int) -> str:
    return f"[Eval @ 0x3] [info] {500_000_000_000_000 + number}.000000"


def damage_of(codec: str, *lines: str) -> DamageReader:
    damage = DamageReader(codec)
    for line in lines:
        damage.read_line(line)
    return damage


def damaged(observer: DamageReader) -> list[int]:
    return [position for position, each in enumerate(observer.on_the_way) if each.is_damaged]


def affected(observer: DamageReader) -> list[int]:
    return [position for position, each in enumerate(observer.on_the_way) if each.is_affected]


def test_a_flag_belongs_to_the_next_picture_and_to_all_up_to_the_next_key_picture() -> None:
    observer = damage_of("h264", KEY, FLAG, PICTURE, PICTURE, KEY, PICTURE)
    assert (damaged(observer), affected(observer), observer.errors) == ([1], [1, 2], 1)


def test_a_decoder_that_sets_no_flags_is_believed_when_it_complains() -> None:
    lines = (KEY, COMPLAINT, COMPLAINT, KEY, KEY)
    assert damaged(damage_of("mjpeg", *lines)) == [1]
    assert damaged(damage_of("h264", *lines)) == []


@pytest.mark.parametrize("line", [REFUSED, OF_DEMUXER])
def test_what_leaves_no_picture_damages_none(line: str) -> None:
    observer = damage_of("av1", KEY, line, PICTURE)
    assert (damaged(observer), observer.errors) == ([], 1)


def test_pictures_up_to_the_next_key_picture_may_refer_to_a_refused_one() -> None:
    assert affected(damage_of("h264", KEY, PICTURE, REFUSED, PICTURE, KEY, PICTURE)) == [2]


def test_a_decoder_that_flags_no_key_pictures_does_not_say_where_damage_ends() -> None:
    assert affected(damage_of("vp9", PICTURE, REFUSED, PICTURE, PICTURE)) == []


@pytest.mark.parametrize(
    ("before", "first", "errors"),
    [
        (150, -3, 1),
        # The pictures that it could not decode may be those of the chunk.
        (150, 0, 3),
        (150, 2, 3),
        # There is no seek.
        (0, -3, 3),
    ],
)
def test_complaints_of_a_seek_are_none_of_the_chunk(before: int, first: int, errors: int) -> None:
    total = (
        "  Input stream #0:0 (video): 9 packets read (8 bytes); 6 frames decoded; 3 decode errors;"
    )
    observer = Observer(10, before=before, codec="vp9")
    for line in (REFUSED, REFUSED, KEY, printed(first), REFUSED, KEY, printed(5), total):
        observer.read_line(line)
    assert observer.own_errors == errors


def test_a_log_that_ends_before_its_total_has_no_negative_number_of_errors() -> None:
    observer = Observer(10, before=150, codec="vp9")
    for line in (REFUSED, KEY, printed(-3)):
        observer.read_line(line)
    assert observer.own_errors == 0


@pytest.mark.parametrize(("codec", "expected"), [("mpeg4", [0, 1, 3]), ("h264", [3]), ("vp9", [3])])
def test_pictures_before_a_key_picture_may_be_damaged_if_their_decoder_waits_for_none(
    codec: str, expected: list[int]
) -> None:
    observer = damage_of(codec, PICTURE, PICTURE, KEY, FLAG, PICTURE, KEY)
    assert affected(observer) == expected
    assert damaged(observer) == [3]


@pytest.mark.parametrize(
    ("numbers", "is_late"),
    [((-3, -2, 0, 1), False), ((-2, -1, 1, 2), True), ((0, 0, 0, 1), False), ((0, 2, 3, 4), True)],
)
def test_within_a_source_pictures_before_a_key_picture_count_as_if_they_had_not_come(
    numbers: tuple[int, ...], is_late: bool
) -> None:
    lines = (PICTURE, PICTURE, KEY, PICTURE)
    within = Observer(10, before=150, codec="mpeg4", is_sought=True)
    whole = Observer(10, before=150, codec="mpeg4")
    for line, number in zip(lines, numbers, strict=True):
        for observer in (within, whole):
            observer.read_line(line)
            observer.read_line(printed(number))
    assert within.began_too_late == is_late
    assert (within.first_number, whole.first_number) == (numbers[2], numbers[0])
    assert within.seen == sum(number >= 0 for number in numbers[2:])


def test_a_run_without_a_key_picture_began_too_late() -> None:
    observer = Observer(10, before=150, codec="mpeg4", is_sought=True)
    for number in (-1, 0, 1):
        observer.read_line(PICTURE)
        observer.read_line(printed(number))
    assert observer.began_too_late
    assert observer.first_number is None


def test_before_the_first_picture_complaints_belong_to_none() -> None:
    observer = damage_of("mjpeg", COMPLAINT, KEY)
    assert (damaged(observer), observer.errors) == ([], 1)


@pytest.mark.parametrize(
    "line",
    [
        "[vost#0:0/libx264 @ 0x1] [enc:libx264 @ 0x2] [error] Could not open encoder before EOF",
        "[vost#0:0/libx264 @ 0x1] [error] Task finished with error code: -22",
        "[out#0/mp4 @ 0x1] [error] Nothing was written into output file",
        "[swscaler @ 0x1] [error] anything",
        "[http @ 0x1] [error] HTTP error 503 Service Unavailable",
    ],
)
def test_what_comes_before_or_after_the_source_is_no_damage_of_it(line: str) -> None:
    assert damage_of("mjpeg", KEY, line, KEY).errors == 0


def test_pictures_are_counted_where_they_belong() -> None:
    observer = Observer(frames=3, before=10, codec="h264")
    numbers = (-12, -11, -1, 0, 2, 2, 3, 7)
    for position, number in enumerate(numbers):
        if position in (0, 4):
            observer.read_line(FLAG)
        observer.read_line(KEY)
        observer.read_line(printed(number))
    delivered = observer.delivered
    assert (
        delivered.count,
        delivered.first_frame,
        delivered.last_frame,
        delivered.longest_hold,
    ) == (3, 10, 12, 2)
    assert (delivered.damaged, delivered.affected, delivered.errors) == (1, 1, 2)
    # Of the two before the beginning one is damaged.
    assert (delivered.before, delivered.beyond, delivered.furthest_frame) == (1, 2, 17)
    assert delivered.out_of_order == 0


def test_pictures_that_come_after_later_ones_are_counted() -> None:
    observer = Observer(frames=9, codec="h264")
    for number in (-1, -3, 0, 4, 2, 3, 4, 6, 9, 8):
        observer.read_line(printed(number))
    assert observer.delivered.out_of_order == 2


def test_a_picture_that_the_filters_drop_moves_no_damage_to_another() -> None:
    """Filters that keep a picture for a while print it only after the next one was dropped."""
    observer = Observer(frames=5, codec="h264")
    for time in range(5):
        if time == 3:
            observer.read_line(FLAG)
        observer.read_line(KEY.replace("pts:1", f"pts:{time}"))
    for time in (1, 2):
        observer.read_line(
            f"[fc#0 @ 0x1] [warning] Avoiding reinit; dropping frame pts: {time} bound"
        )
    whole = []
    for number in (0, 3, 4):
        observer.read_line(printed(number))
        whole.append(observer.whole)
    assert whole == [1, 1, 2]
    delivered = observer.delivered
    assert (delivered.count, delivered.damaged, delivered.discarded) == (3, 1, 2)


def test_of_pictures_in_one_frame_one_is_displayed() -> None:
    observer = Observer(frames=10, codec="h264")
    for number in (-1, 0, 1, 1, 3, 2, 5, 12):
        observer.read_line(PICTURE)
        observer.read_line(printed(number))
    delivered = observer.delivered
    assert (delivered.count, delivered.displayed, delivered.out_of_order) == (6, 4, 1)
