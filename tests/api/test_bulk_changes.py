"""Changing many videos at once: what may be sent, what is answered, and what becomes of it."""

import random
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.adapters.dynamodb import video_store
from chalicelib.adapters.dynamodb.unchanged_videos import is_as
from chalicelib.bulk.model import MOST_AT_ONCE, VIDEOS_PER_SLICE
from chalicelib.catalogue.model import Card, VideoId
from chalicelib.wiring import bulk, catalogue, stage
from tests.browser import Answer, Browser
from tests.builders.videos import a_video
from tests.fakes.clock import HandClock
from tests.queues import bodies

CHANGES = "/studio/changes/"
PREVIEW = f"{CHANGES}preview/"


@dataclass
class Worker:
    """The function behind the queue of bulk changes."""

    app: Any

    def run(self) -> None:
        """Handle all messages until none is left."""
        while messages := bodies(stage.settings().changes_queue_url):
            for body in messages:
                self.handle(body)

    def handle(self, body: str, deliveries: int = 1) -> None:
        record = {
            "messageId": "1",
            "receiptHandle": "r",
            "body": body,
            "attributes": {"ApproximateReceiveCount": str(deliveries)},
        }
        self.app.on_bulk_change({"Records": [record]}, None)


@pytest.fixture
def worker(admin: Browser, monkeypatch: pytest.MonkeyPatch) -> Worker:  # noqa: ARG001
    import app
    from chalicelib.adapters.system_pause import SystemPause

    monkeypatch.setattr(SystemPause, "wait", lambda *_: None)
    return Worker(app)


def drafts(clock: HandClock, *titles: str, category: str = "Drama") -> list[VideoId]:
    added = []
    for title in titles:
        video = a_video(clock.now(), card=Card(title, category=category))
        catalogue.curation().videos.add(video)
        added.append(video.id)
    clock.advance(seconds=3)
    return added


def tags_of(video_id: VideoId) -> tuple[str, ...]:
    return catalogue.curation().get(video_id).card.tags


def begun(admin: Browser, sent: dict[str, Any], query: str = "") -> Answer:
    answer = admin.post(f"{CHANGES}{query}", sent)
    assert answer.status == 202, answer.json
    return answer


def test_videos_of_a_list_are_changed(admin: Browser, worker: Worker, clock: HandClock) -> None:
    first, second, third = drafts(clock, "a", "b", "c")
    answer = begun(admin, {"videos": [second, first, second], "add_tags": ["silent"]}).json
    assert answer == {
        "id": answer["id"],
        "state": "running",
        "account_id": admin.get("/user/").json["id"],
        "created_at": clock.now().isoformat(),
        "ended_at": None,
        "videos": 2,
        "changed": 0,
        "unchanged": 0,
        "failed": 0,
        "left": 2,
        "change": {"add_tags": ["silent"]},
    }
    worker.run()
    assert [tags_of(each) for each in (first, second, third)] == [("silent",), ("silent",), ()]
    done = admin.get(f"{CHANGES}{answer['id']}/").json
    assert (done["state"], done["changed"], done["left"]) == ("finished", 2, 0)
    assert (done["ended_at"], done["failures"]) == (clock.now().isoformat(), [])
    clock.advance(seconds=3)
    assert admin.get(f"/video/{first}/?include=drafts").json["tags"] == ["silent"]


def test_videos_of_a_filter_are_those_of_its_beginning(
    admin: Browser, worker: Worker, clock: HandClock
) -> None:
    drama = drafts(clock, "a", "b")
    comedy = drafts(clock, "c", category="Comedy")
    answer = begun(admin, {"genre": "Old", "is_published": True}, "?category=drama").json
    assert (answer["videos"], answer["change"]) == (2, {"genre": "Old", "is_published": True})
    later = drafts(clock, "d")
    worker.run()
    kept = [catalogue.curation().get(each) for each in (*drama, *comedy, *later)]
    assert [each.card.genre for each in kept] == ["Old", "Old", "", ""]
    assert [each.is_published for each in kept] == [True, True, False, False]


def test_all_of_the_trash_is_restored(admin: Browser, worker: Worker, clock: HandClock) -> None:
    [first, second] = drafts(clock, "a", "b")
    begun(admin, {"videos": [first], "action": "trash"})
    worker.run()
    clock.advance(seconds=3)
    assert admin.post(PREVIEW, {"all_videos": True, "action": "restore"}).json["videos"] == 1
    assert begun(admin, {"all_videos": True, "action": "restore"}).json["videos"] == 1
    worker.run()
    assert not catalogue.curation().get(first).is_in_trash
    assert not catalogue.curation().get(second).is_in_trash


def test_filters_of_the_trash_choose_what_is_restored(
    admin: Browser, worker: Worker, clock: HandClock
) -> None:
    [drama], [comedy] = drafts(clock, "a"), drafts(clock, "b", category="Comedy")
    begun(admin, {"videos": [drama, comedy], "action": "trash"})
    worker.run()
    clock.advance(seconds=3)
    query, restore = "?state=trash&category=drama", {"action": "restore"}
    assert admin.post(f"{PREVIEW}{query}", restore).json["videos"] == 1
    begun(admin, restore, query)
    worker.run()
    assert not catalogue.curation().get(drama).is_in_trash
    assert catalogue.curation().get(comedy).is_in_trash


def test_all_videos_are_meant_only_if_it_is_said(
    admin: Browser, worker: Worker, clock: HandClock
) -> None:
    video_ids = drafts(clock, *"abc")
    refused = admin.post(CHANGES, {"genre": "Old"})
    assert (refused.status, refused.json) == (
        400,
        {"videos": ["Send videos, a filter in the URL, or all_videos."]},
    )
    assert begun(admin, {"genre": "Old", "all_videos": True}).json["videos"] == 3
    worker.run()
    assert {catalogue.curation().get(each).card.genre for each in video_ids} == {"Old"}


def test_a_preview_counts_and_shows_the_first_and_changes_nothing(
    admin: Browser, clock: HandClock
) -> None:
    video_ids = drafts(clock, *(f"Film {each}" for each in range(25)))
    answer = admin.post(f"{PREVIEW}?category=drama", {"add_tags": ["x"]})
    assert (answer.status, answer.json["videos"]) == (200, 25)
    assert [each["id"] for each in answer.json["first"]] == video_ids[:4:-1]
    assert answer.json["first"][0]["is_published"] is False
    listed = admin.post(PREVIEW, {"videos": [video_ids[3], 7], "add_tags": ["x"]}).json
    assert (listed["videos"], [each["id"] for each in listed["first"]]) == (2, [video_ids[3]])
    assert admin.get(CHANGES).json == {"results": [], "next": None}
    assert bodies(stage.settings().changes_queue_url) == []


@pytest.mark.parametrize("path", [CHANGES, PREVIEW])
@pytest.mark.parametrize(
    ("query", "sent", "fields"),
    [
        ("", {"videos": [1]}, {"detail"}),
        ("", {"videos": [], "genre": "x"}, {"videos"}),
        ("", {"videos": ["1"], "genre": "x"}, {"videos"}),
        ("", {"videos": [0], "genre": "x"}, {"videos"}),
        ("?tag=x", {"videos": [1], "genre": "x"}, {"videos"}),
        ("?tag=x", {"all_videos": True, "genre": "x"}, {"videos"}),
        ("?tagg=x", {"all_videos": True, "genre": "x"}, {"tagg"}),
        ("?page=2&tag=x", {"genre": "x"}, {"page"}),
        ("?language=german", {"genre": "x"}, {"language"}),
        ("?rating_max=99", {"genre": "x"}, {"rating_max"}),
        ("?tag=x", {"category": "!"}, {"category"}),
        ("?tag=x", {"add_tags": ["!"]}, {"add_tags"}),
        ("?tag=x", {"age_rating": 19}, {"age_rating"}),
        ("?tag=x", {"publish_at": "soon"}, {"publish_at"}),
        ("?tag=x", {"action": "burn"}, {"action"}),
        ("?tag=x", {"action": "delete", "genre": "x"}, {"action"}),
        ("?tag=x", {"action": "restore"}, {"action"}),
        ("?state=failed", {"action": "restore"}, {"action"}),
    ],
)
def test_what_cannot_be_made_is_refused_by_its_field(
    admin: Browser, path: str, query: str, sent: dict[str, Any], fields: set[str]
) -> None:
    refused = admin.post(f"{path}{query}", sent)
    assert refused.status == 400
    assert refused.json.keys() == fields


def test_a_filter_without_videos_begins_nothing(admin: Browser) -> None:
    refused = admin.post(f"{CHANGES}?tag=none", {"genre": "x"})
    assert (refused.status, refused.json["detail"]) == (400, "No video is selected.")


def test_failures_are_in_the_language_of_the_caller(
    admin: Browser, worker: Worker, clock: HandClock
) -> None:
    [video_id] = drafts(clock, "a")
    sent = {"videos": [video_id, 7], "rights_until": "2020-01-01T00:00:00Z"}
    admin.patch(f"/video/{video_id}/", {"publish_at": "2026-01-01T00:00:00Z"})
    number = begun(admin, sent).json["id"]
    worker.run()
    german = Browser(admin.server, cookies=admin.cookies, headers={"accept-language": "de"})
    assert admin.get(f"{CHANGES}{number}/").json["failures"] == [
        {"video": video_id, "field": "rights_until", "text": "This must be later than publish_at."},
        {"video": 7, "field": "", "text": "There is no such video."},
    ]
    last = german.get(f"{CHANGES}{number}/").json["failures"][1]
    assert last["text"] == "Dieses Video gibt es nicht."


def test_recent_ones_are_listed_page_by_page(admin: Browser, clock: HandClock) -> None:
    numbers = []
    for _ in range(3):
        numbers.append(begun(admin, {"videos": [7], "genre": "x"}).json["id"])
        clock.advance(seconds=1)
    page = admin.get(f"{CHANGES}?limit=2").json
    assert ([each["id"] for each in page["results"]], page["next"]) == (numbers[:0:-1], numbers[1])
    page = admin.get(f"{CHANGES}?limit=2&before={page['next']}").json
    assert ([each["id"] for each in page["results"]], page["next"]) == (numbers[:1], None)


def test_a_cancelled_one_changes_nothing_more(
    admin: Browser, worker: Worker, clock: HandClock
) -> None:
    [video_id] = drafts(clock, "a")
    number = begun(admin, {"videos": [video_id], "add_tags": ["x"]}).json["id"]
    cancelled = admin.post(f"{CHANGES}{number}/cancel/")
    assert (cancelled.status, cancelled.json["state"]) == (200, "cancelled")
    assert admin.post(f"{CHANGES}{number}/cancel/").status == 409
    worker.run()
    assert tags_of(video_id) == ()


def test_only_so_many_at_once(admin: Browser) -> None:
    for _ in range(MOST_AT_ONCE):
        begun(admin, {"videos": [7], "genre": "x"})
    refused = admin.post(CHANGES, {"videos": [7], "genre": "x"})
    sentence = f"At most {MOST_AT_ONCE} bulk changes run at once."
    assert (refused.status, refused.json["detail"][: len(sentence)]) == (409, sentence)


@pytest.mark.parametrize("number", ["7", "x", "9" * 17])
def test_what_never_began_is_not_there(admin: Browser, number: str) -> None:
    for answer in (admin.get(f"{CHANGES}{number}/"), admin.post(f"{CHANGES}{number}/cancel/")):
        sentence = "There is no such bulk change, or it was too long ago."
        assert (answer.status, answer.json["detail"]) == (404, sentence)


def test_viewers_may_do_none_of_it(signed_in: Browser) -> None:
    for answer in (
        signed_in.get(CHANGES),
        signed_in.get(f"{CHANGES}7/"),
        signed_in.post(CHANGES, {"videos": [7], "genre": "x"}),
        signed_in.post(PREVIEW, {"videos": [7], "genre": "x"}),
        signed_in.post(f"{CHANGES}7/cancel/"),
    ):
        assert answer.status == 403


def test_a_message_that_is_no_slice_stays_on_the_queue(worker: Worker) -> None:
    with pytest.raises(Exception, match="not a slice"):
        worker.handle("{}")


def test_a_video_that_breaks_its_slice_is_left_out_in_the_end(
    admin: Browser, worker: Worker, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    video_ids = drafts(clock, "a", "b")
    number = begun(admin, {"videos": video_ids, "add_tags": ["x"]}).json["id"]
    [request] = bodies(stage.settings().changes_queue_url)
    worker.handle(request)
    [message] = bodies(stage.settings().changes_queue_url)
    change = type(bulk.slices().curation).change

    def broken(self: Any, video_id: VideoId, *arguments: Any, **options: Any) -> Any:
        if video_id == video_ids[0]:
            raise ConnectionError
        return change(self, video_id, *arguments, **options)

    monkeypatch.setattr(type(bulk.slices().curation), "change", broken)
    with pytest.raises(ConnectionError):
        worker.handle(message, deliveries=4)
    clock.advance(seconds=31)
    worker.handle(message, deliveries=5)
    done = admin.get(f"{CHANGES}{number}/").json
    assert (done["state"], done["changed"], done["failed"]) == ("finished", 1, 1)


def test_it_is_one_row_of_the_audit_trail(
    admin: Browser, worker: Worker, clock: HandClock, capsys: pytest.CaptureFixture[str]
) -> None:
    video_ids = drafts(clock, *(f"Film {each}" for each in range(VIDEOS_PER_SLICE + 1)))
    capsys.readouterr()
    number = begun(admin, {"videos": video_ids, "add_tags": ["x"]}).json["id"]
    worker.run()
    rows = [line for line in capsys.readouterr().out.splitlines() if '"actor"' in line]
    assert len(rows) == 1
    assert '"bulk_change.begin"' in rows[0]
    assert f'"{number}"' in rows[0]
    assert {catalogue.curation().get(each).bulk_change for each in video_ids} == {number}


@pytest.mark.parametrize("order", range(3))
def test_two_bulk_changes_of_the_same_videos_lose_nothing_in_whatever_order_they_come(
    admin: Browser, worker: Worker, clock: HandClock, order: int
) -> None:
    videos = drafts(clock, *(f"Film {number}" for number in range(30)))
    numbers = [
        begun(admin, {"videos": videos, "genre": genre, "add_tags": [tag]}).json["id"]
        for genre, tag in (("Drama", "one"), ("Comedy", "two"))
    ]
    for request in bodies(stage.settings().changes_queue_url):
        worker.handle(request)
    slices = bodies(stage.settings().changes_queue_url) * 2
    random.Random(order).shuffle(slices)  # noqa: S311 - no secret
    for body in slices:
        worker.handle(body)
    for number in numbers:
        ended = admin.get(f"/studio/changes/{number}/").json
        assert (ended["state"], ended["changed"], ended["failed"]) == ("finished", 30, 0)
    cards = [catalogue.curation().get(video).card for video in videos]
    assert {frozenset(card.tags) for card in cards} == {frozenset({"one", "two"})}
    assert {card.genre for card in cards} <= {"Drama", "Comedy"}


def test_two_bulk_changes_that_write_a_video_at_once_lose_nothing(
    admin: Browser, worker: Worker, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    videos = drafts(clock, "Metropolis", "Nosferatu")
    slices = []
    for tag in ("one", "two"):
        begun(admin, {"videos": videos, "add_tags": [tag], "genre": tag})
        [request] = bodies(stage.settings().changes_queue_url)
        worker.handle(request)
        slices += bodies(stage.settings().changes_queue_url)
    [first, second] = slices
    rivals = iter([second])

    def is_as_and_rival(*args: Any) -> Any:
        """Let the other one write after the look of the first one, and before its write."""
        condition = is_as(*args)
        for rival in rivals:
            worker.handle(rival)
        return condition

    monkeypatch.setattr(video_store, "is_as", is_as_and_rival)
    worker.handle(first)
    for video in videos:
        card = catalogue.curation().get(video).card
        assert (sorted(card.tags), card.genre) == (["one", "two"], "one")
