"""Messages of slices, and what is none."""

import pytest

from chalicelib.bulk.message import SliceMessage, UnreadableSlice
from chalicelib.bulk.model import VIDEOS_PER_SLICE
from chalicelib.catalogue.model import BulkChangeId, VideoId
from chalicelib.clock import LARGEST_ID

# Of SQS, for a batch of ten messages.
_LARGEST_BATCH_BYTES = 262_144


@pytest.mark.parametrize("number", [None, 0, 3999])
def test_a_message_comes_back(number: int | None) -> None:
    message = SliceMessage(BulkChangeId(LARGEST_ID), number, (VideoId(1), VideoId(LARGEST_ID)))
    assert SliceMessage.from_json(message.to_json()) == message


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{}", '{"bulk_change":1,"slice":"x","videos":[],"version":1}',
     '{"bulk_change":1,"slice":0,"videos":3,"version":1}'],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(UnreadableSlice):
        SliceMessage.from_json(text)


def test_a_batch_of_whole_slices_fits_into_sqs() -> None:
    videos = (VideoId(LARGEST_ID),) * VIDEOS_PER_SLICE
    largest = SliceMessage(BulkChangeId(LARGEST_ID), LARGEST_ID, videos)
    assert 10 * len(largest.to_json()) < _LARGEST_BATCH_BYTES
