"""The contract of `tests/contracts/test_video_store.py`, on the emulator; and writes at once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

from pynamodb.connection import Connection

from chalicelib.adapters.dynamodb.video_store import DynamoVideoStore
from chalicelib.catalogue.model import Card, StaleVideo
from tests.contracts.test_video_store import *  # noqa: F403
from tests.contracts.test_video_store import added
from tests.fakes.clock import HandClock


def test_of_many_who_write_the_known_card_at_once_one_wins(
    catalogue: Connection, clock: HandClock
) -> None:
    store, writers = DynamoVideoStore(catalogue, clock), 8
    known = added(store, clock)
    start = Barrier(writers)

    def write(number: int) -> str:
        start.wait()
        with suppress(StaleVideo):
            card = Card(f"Alien {number}")
            return store.write(known.id, card, is_published=None, only_if=known).card.title
        return ""

    with ThreadPoolExecutor(writers) as pool:
        [winner] = filter(None, pool.map(write, range(writers)))
    assert store.get(known.id).card.title == winner
