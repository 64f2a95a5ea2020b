"""Of two recordings that overlap, what lies in both is kept once."""

from transcoder.probing.pictures.overlaps import OpenPictures, Overlaps


def _overlapping(*pictures: tuple[int, int]) -> list[int]:
    """Return the times of the pictures that are left out, of decode and presentation times."""
    overlaps, newest, left_out = Overlaps(), None, list[int]()
    for decoded, time in pictures:
        if overlaps.has(decoded, time, newest):
            left_out.append(time)
        else:
            newest = time if newest is None else max(newest, time)
    assert overlaps.count == len(left_out)
    return left_out


def test_pictures_that_are_decoded_in_another_order_do_not_overlap() -> None:
    assert _overlapping((0, 2), (1, 5), (2, 3), (3, 4), (4, 6)) == []


def test_what_begins_before_the_last_part_has_ended_is_left_out_until_then() -> None:
    first = [(0, 0), (2, 2), (4, 4)]
    assert _overlapping(*first, (3, 3), (4, 4), (6, 6), (8, 8)) == [3, 4]
    # It comes between the times of the first.
    assert _overlapping(*first, (1, 1), (3, 3), (5, 5), (7, 7)) == [1, 3]


def test_a_third_part_may_overlap_as_well() -> None:
    assert _overlapping((0, 0), (2, 2), (1, 1), (3, 3), (2, 2), (4, 4)) == [1, 2]


# Kinds of NAL units: a picture, one before its key picture that needs no other, one that does; a
# key picture with closed GOP, with open GOP, with a broken link; the end of a sequence.
_PLAIN, _WHOLE, _OPEN, _CLOSED, _KEY, _BROKEN, _END = 1, 7, 9, 19, 21, 16, 36


def _skipped(*packets: tuple[int, ...]) -> list[int]:
    """Return the numbers of the packets that are skipped, of the kinds of their units."""
    pictures = OpenPictures(4)
    data = [b"".join(bytes((0, 0, 0, 2, kind << 1, 1)) for kind in kinds) for kinds in packets]
    return [number for number, each in enumerate(data) if pictures.is_skipped(each)]


def test_open_pictures_are_skipped_after_the_first_key_picture() -> None:
    assert _skipped((_KEY,), (_OPEN,), (_WHOLE,), (_PLAIN,), (_KEY,), (_OPEN,)) == [1]
    assert _skipped((_CLOSED,), (_WHOLE,), (_KEY,), (_OPEN,)) == []


def test_open_pictures_are_skipped_where_decoding_begins_anew() -> None:
    assert _skipped((_KEY,), (_PLAIN,), (_BROKEN,), (_OPEN,), (_KEY,), (_OPEN,)) == [3]
    assert _skipped((_KEY,), (_PLAIN,), (_END, _KEY), (_OPEN,)) == [3]
    assert _skipped((_KEY,), (_PLAIN, _END), (_KEY,), (_OPEN,)) == [3]
    assert _skipped((_KEY,), (_OPEN, _END), (_KEY,), (_PLAIN,), (_KEY,), (_OPEN,)) == [1]


def _dropped(*packets: tuple[int, ...], flags: int = 0) -> list[int]:
    """Return how many of the pictures before each packet are dropped; two may be held back."""
    pictures, dropped = OpenPictures(4, reordered=2), list[int]()
    for kinds in packets:
        pictures.is_skipped(b"".join(bytes((0, 0, 0, 3, kind << 1, 1, flags)) for kind in kinds))
        dropped.append(pictures.dropped)
    assert pictures.at_ends == sum(dropped)
    return dropped


def test_an_open_key_picture_after_an_end_drops_what_is_held_back() -> None:
    assert _dropped((_KEY,), (_PLAIN,), (_PLAIN, _END), (_KEY,), (_PLAIN,)) == [0, 0, 0, 2, 0]
    assert _dropped((_KEY,), (_PLAIN,), (_PLAIN,), (_END, _KEY)) == [0, 0, 0, 2]
    assert _dropped((_KEY, _END), (_KEY,), (_OPEN, _END), (_KEY,)) == [0, 1, 0, 1]
    assert _dropped((_KEY,), (_PLAIN,), (_PLAIN,), (_KEY,)) == [0, 0, 0, 0]


def test_the_first_key_picture_drops_none_of_those_that_cannot_be_decoded() -> None:
    assert _dropped((_PLAIN,), (_PLAIN,), (_PLAIN,), (_KEY,), (_PLAIN,)) == [0, 0, 0, 0, 0]
    after = _dropped((_PLAIN,), (_PLAIN,), (_KEY,), (_PLAIN, _END), (_KEY,))
    assert after == [0, 0, 0, 0, 2]


def test_a_closed_key_picture_drops_pictures_if_it_says_so() -> None:
    assert _dropped((_CLOSED,), (_PLAIN,), (_PLAIN, _END), (_CLOSED,)) == [0, 0, 0, 0]
    assert _dropped((_CLOSED,), (_PLAIN,), (_PLAIN,), (_CLOSED,), flags=0x40) == [0, 0, 0, 2]
    assert _dropped((_CLOSED,), (_PLAIN,), (_PLAIN,), (_BROKEN,), flags=0x40) == [0, 0, 0, 2]
