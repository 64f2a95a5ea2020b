"""Fragments are read as they were written, and broken ones raise an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcoder.boxes.box import boxes, find
from transcoder.boxes.fragments import Sample, end_of_last, fragments, segment
from transcoder.errors import Unreadable

SAMPLES = st.lists(
    st.builds(
        Sample,
        size=st.integers(1, 40),
        duration=st.integers(1, 2000),
        is_sync=st.booleans(),
        composition=st.integers(0, 10_000),
    ),
    min_size=1,
    max_size=12,
)


def written(samples: list[Sample], *, number: int = 0, decode_time: int = 0) -> bytes:
    payload = bytes(each % 251 for each in range(sum(sample.size for sample in samples)))
    return segment(samples, payload, number=number, decode_time=decode_time)


@given(SAMPLES, st.integers(0, 10_000), st.integers(0, 2**40))
def test_what_is_written_is_read(samples: list[Sample], number: int, decode_time: int) -> None:
    data = written(samples, number=number, decode_time=decode_time)
    (fragment,) = fragments(memoryview(data))
    assert (fragment.sequence, fragment.decode_time) == (number + 1, decode_time)
    assert list(fragment.samples) == samples
    assert data[fragment.header_bytes :] == bytes(fragment.payload)
    assert fragment.first_sample_end == fragment.header_bytes + samples[0].size


@given(SAMPLES, st.data())
def test_a_fragment_still_being_written_is_left_for_later(
    samples: list[Sample], data: st.DataObject
) -> None:
    whole = written(samples)
    cut = data.draw(st.integers(0, len(whole) - 1))
    growing = memoryview(whole + whole[:cut])
    assert len(list(fragments(growing))) == 1
    assert end_of_last(growing) == len(whole)


def test_frames_are_listed_in_presentation_order() -> None:
    samples = [Sample(1, 10, is_sync=not delay, composition=delay) for delay in (0, 30, 5)]
    (fragment,) = fragments(memoryview(written(samples, decode_time=100)))
    assert fragment.presented == [100, 125, 140]


def test_a_fragment_that_holds_less_than_it_says_is_refused() -> None:
    data = bytearray(written([Sample(4, 1, is_sync=True, composition=0)]))
    offset = data.index(b"mdat") - 4
    broken = data[:offset] + (11).to_bytes(4) + data[offset + 4 : -1]
    with pytest.raises(Unreadable):
        list(fragments(memoryview(bytes(broken))))


def test_boxes_that_cannot_be_are_refused() -> None:
    for broken in (b"\0\0\0\x04free", b"\0\0\0\x20free", b"\0\0"):
        with pytest.raises(Unreadable):
            list(boxes(memoryview(broken)))
    with pytest.raises(Unreadable):
        find(memoryview(b"\0\0\0\x08free"), "moov")
