"""What bulk changes cost: calls of each route, and of a slice."""

import pytest

from chalicelib.api.core import bulk_changes
from chalicelib.bulk.model import VIDEOS_PER_SLICE
from chalicelib.wiring import stage
from tests.api.spending import documented, measured, row
from tests.api.test_bulk_changes import CHANGES, PREVIEW, Worker, drafts, worker
from tests.browser import Browser
from tests.fakes.clock import HandClock
from tests.queues import bodies

__all__ = ["worker"]

SENT = {"videos": [7, 8], "add_tags": ["silent"]}


@pytest.mark.parametrize(
    ("method", "path", "route"),
    [
        ("POST", CHANGES, "/studio/changes"),
        ("POST", PREVIEW, "/studio/changes/preview"),
        ("GET", CHANGES, "/studio/changes"),
        ("GET", f"{CHANGES}{{number}}/", "/studio/changes/{change_id}"),
        ("POST", f"{CHANGES}{{number}}/cancel/", "/studio/changes/{change_id}/cancel"),
    ],
)
def test_a_warm_request_makes_the_calls_of_the_page(
    admin: Browser, method: str, path: str, route: str
) -> None:
    number = admin.post(CHANGES, SENT).json["id"]
    admin.get("/video/?include=drafts")  # reads the catalogue, once per process
    with measured() as spent:
        body = SENT if path in (CHANGES, PREVIEW) and method == "POST" else None
        assert admin.send(method, path.format(number=number), body).status < 300
    served = "official", f"{method} /api{route}"
    assert row(served, spent) == row(served, documented()[served])


def test_every_route_is_on_the_page() -> None:
    routes = {
        ("official", f"{each.method} /api{each.path}") for each in bulk_changes.api.operations
    }
    assert routes - documented().keys() == set()


def test_a_slice_costs_three_reads_and_a_write_for_each_video(
    admin: Browser, worker: Worker, clock: HandClock
) -> None:
    video_ids = drafts(clock, *(f"Film {each}" for each in range(VIDEOS_PER_SLICE)))
    admin.post(CHANGES, {"videos": video_ids, "add_tags": ["silent"], "genre": "Drama"})
    [request] = bodies(stage.settings().changes_queue_url)
    worker.handle(request)
    [message] = bodies(stage.settings().changes_queue_url)
    with measured() as spent:
        worker.handle(message)
    # Two transactions: the second one ends the bulk change.
    assert spent.calls == {
        "GetItem": 3 * VIDEOS_PER_SLICE,
        "UpdateItem": VIDEOS_PER_SLICE + 1,
        "Query": 3,
        "TransactWriteItems": 2,
    }
    with measured() as spent:
        worker.handle(message)
    assert spent.calls == {"Query": 1}
