"""The contract of `tests/contracts/test_viewing_stores.py`, on the emulator; and writes at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from pynamodb.connection import Connection

from chalicelib.adapters.dynamodb.progress_store import DynamoProgressStore
from chalicelib.adapters.dynamodb.watched_store import DynamoWatchedStore
from tests.contracts.test_viewing_stores import *  # noqa: F403
from tests.contracts.test_viewing_stores import DAY, KEY, METROPOLIS, a_report
from tests.fakes.clock import HandClock


def test_of_concurrent_events_the_newest_wins_and_each_that_is_stored_counts_once(
    viewing: Connection, clock: HandClock
) -> None:
    progress, watched = DynamoProgressStore(viewing), DynamoWatchedStore(viewing)
    events = [a_report(clock, float(step), at=step, seconds=1.0) for step in range(40)]
    with ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(lambda each: progress.record(KEY, each), reversed(events)))
    newest = progress.get(KEY)
    assert newest
    assert newest.position == 39.0
    with ThreadPoolExecutor(8) as pool:
        settled = list(
            pool.map(lambda _: watched.settle(KEY, before=DAY + timedelta(days=1)), range(8))
        )
    assert settled.count(True) == 1
    [total] = watched.of(METROPOLIS)
    assert total.seconds == sum(stored)
