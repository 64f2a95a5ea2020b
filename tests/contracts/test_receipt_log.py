"""One contract, every log of receipts."""

import pytest

from chalicelib.adapters.dynamodb.receipt_log import TAKEN_FOR, DynamoReceiptLog
from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.ingest.model import Receipt, SourceBusy
from chalicelib.ingest.ports import ReceiptLog
from tests.fakes.clock import HandClock
from tests.fakes.receipt_log import InMemoryReceiptLog

pytestmark = pytest.mark.contract(of=ReceiptLog)

KEY, ETAG = "inbox/Science Fiction/Metropolis \N{CLAPPER BOARD}.mp4", "e" * 32
VIDEO, OTHER = VideoId(7), VideoId(8)


@pytest.fixture(params=["memory", "dynamodb"])
def log(request: pytest.FixtureRequest, clock: HandClock) -> ReceiptLog:
    if request.param == "memory":
        return InMemoryReceiptLog(clock)
    return DynamoReceiptLog(request.getfixturevalue("catalogue"), clock)


def test_the_first_to_come_takes_it(log: ReceiptLog) -> None:
    assert log.take(KEY, ETAG, VIDEO) == Receipt(KEY, ETAG, VIDEO)


def test_while_one_worker_holds_a_source_no_other_gets_it(
    log: ReceiptLog, clock: HandClock
) -> None:
    log.take(KEY, ETAG, VIDEO)
    for _ in range(2):
        with pytest.raises(SourceBusy):
            log.take(KEY, ETAG, OTHER)
        clock.advance(seconds=TAKEN_FOR.total_seconds() / 2)


def test_what_it_became_is_remembered(log: ReceiptLog, clock: HandClock) -> None:
    noted = log.record(log.take(KEY, ETAG, VIDEO), Revision(3))
    assert noted == Receipt(KEY, ETAG, VIDEO, Revision(3))
    for _ in range(2):
        assert log.take(KEY, ETAG, OTHER) == noted
        clock.advance(days=1)


def test_after_a_crash_another_worker_goes_on_with_the_same_video(
    log: ReceiptLog, clock: HandClock
) -> None:
    log.take(KEY, ETAG, VIDEO)
    clock.advance(seconds=TAKEN_FOR.total_seconds() + 1)
    assert log.take(KEY, ETAG, OTHER) == Receipt(KEY, ETAG, VIDEO)


def test_of_two_revisions_one_is_noted(log: ReceiptLog) -> None:
    receipt = log.take(KEY, ETAG, VIDEO)
    log.record(receipt, Revision(1))
    with pytest.raises(SourceBusy):
        log.record(receipt, Revision(2))
    assert log.take(KEY, ETAG, VIDEO).revision == 1


def test_a_forgotten_source_may_become_another_video(log: ReceiptLog) -> None:
    first = log.record(log.take(KEY, ETAG, VIDEO), Revision(1))
    log.forget(first)
    log.forget(first)
    second = log.record(log.take(KEY, ETAG, OTHER), Revision(1))
    assert second == Receipt(KEY, ETAG, OTHER, Revision(1))
    log.forget(first)
    assert log.take(KEY, ETAG, VIDEO) == second


def test_another_content_and_another_name_are_something_else(log: ReceiptLog) -> None:
    log.record(log.take(KEY, ETAG, VIDEO), Revision(1))
    assert log.take(KEY, "f" * 32, OTHER) == Receipt(KEY, "f" * 32, OTHER)
    assert log.take(KEY + "4", ETAG, OTHER).revision is None
