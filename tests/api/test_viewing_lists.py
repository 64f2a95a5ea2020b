"""Continue watching, history and watchlist over HTTP."""

import pytest

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.model import VideoId
from chalicelib.viewing.model import DEFAULT_PROFILE
from chalicelib.wiring import catalogue, viewing
from tests.api.conftest import PASSWORD
from tests.browser import Browser
from tests.builders.videos import a_published_video
from tests.fakes.clock import HandClock


@pytest.fixture
def videos(signed_in: Browser, clock: HandClock) -> list[int]:  # noqa: ARG001
    added = [a_published_video(clock.now(), title) for title in ("Metropolis", "M", "Nosferatu")]
    for each in added:
        catalogue.curation().videos.add(each)
    return [each.id for each in added]


def watch(browser: Browser, clock: HandClock, video: int, percent: float = 50) -> None:
    clock.advance(seconds=1)
    sent = {"video": video, "position": percent, "duration": 100}
    assert browser.post("/progress/", sent).status == 201


def listed(browser: Browser, path: str) -> list[int]:
    return [each["video"] for each in browser.get(path).json["results"]]


def test_what_was_begun_is_listed_to_be_continued(
    signed_in: Browser, videos: list[int], clock: HandClock
) -> None:
    for video, percent in zip(videos, (4, 50, 95), strict=True):
        watch(signed_in, clock, video, percent)
    page = signed_in.get("/continue-watching/").json
    assert page == {
        "results": [
            {
                "video": videos[1],
                "position": 50,
                "duration": 100,
                "at": page["results"][0]["at"],
                "finished": False,
            }
        ],
        "next_before": None,
    }
    history = signed_in.get("/history/").json["results"]
    assert [(each["video"], each["finished"]) for each in history] == [
        (videos[2], True),
        (videos[1], False),
        (videos[0], False),
    ]


@pytest.mark.parametrize("path", ["/continue-watching/", "/history/", "/watchlist/"])
def test_a_list_goes_on_at_its_cursor(
    signed_in: Browser, videos: list[int], clock: HandClock, path: str
) -> None:
    for video in videos:
        watch(signed_in, clock, video)
        signed_in.send("PUT", f"/watchlist/{video}/")
    first = signed_in.get(f"{path}?limit=2").json
    assert [each["video"] for each in first["results"]] == videos[:0:-1]
    rest = signed_in.get(f"{path}?limit=2&before={first['next_before']}").json
    assert [each["video"] for each in rest["results"]] == videos[:1]
    assert rest["next_before"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("before=x", "before"),
        ("before=1-", "before"),
        ("before=9007199254740991-1", "before"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
    ],
)
@pytest.mark.parametrize("path", ["/continue-watching/", "/history/", "/watchlist/"])
def test_invalid_parameters_are_refused_by_name(
    signed_in: Browser, path: str, query: str, field: str
) -> None:
    answer = signed_in.get(f"{path}?{query}")
    assert (answer.status, list(answer.json)) == (400, [field])


def test_a_watchlist_is_added_to_and_removed_from(signed_in: Browser, videos: list[int]) -> None:
    for _ in range(2):
        assert signed_in.send("PUT", f"/watchlist/{videos[0]}/").status == 200
    assert listed(signed_in, "/watchlist/") == videos[:1]
    for _ in range(2):
        assert signed_in.delete(f"/watchlist/{videos[0]}/").status == 200
    assert listed(signed_in, "/watchlist/") == []
    assert signed_in.send("PUT", "/watchlist/4711/").status == 404
    assert signed_in.send("PUT", "/watchlist/x/").status == 404


def test_a_history_is_cleared_by_video_and_as_a_whole(
    signed_in: Browser, videos: list[int], clock: HandClock
) -> None:
    for video in videos:
        watch(signed_in, clock, video)
    assert signed_in.delete(f"/history/{videos[0]}/").status == 200
    assert signed_in.delete("/history/4711/").status == 200
    assert listed(signed_in, "/history/") == videos[:0:-1]
    assert signed_in.delete("/history/").status == 200
    assert listed(signed_in, "/history/") == listed(signed_in, "/continue-watching/") == []
    assert signed_in.get(f"/progress/?video={videos[1]}").json == {"position": 0, "duration": 0}


def test_deleted_videos_are_not_listed(
    signed_in: Browser, admin: Browser, videos: list[int], clock: HandClock
) -> None:
    watch(signed_in, clock, videos[0])
    signed_in.send("PUT", f"/watchlist/{videos[0]}/")
    assert admin.delete(f"/video/{videos[0]}/").status == 200
    for path in ("/continue-watching/", "/history/", "/watchlist/"):
        assert listed(signed_in, path) == []


def test_lists_are_of_one_profile(signed_in: Browser, videos: list[int], clock: HandClock) -> None:
    kids = signed_in.post("/profiles/", {"name": "Kids"}).json["id"]
    watch(signed_in, clock, videos[0])
    signed_in.send("PUT", f"/watchlist/{videos[0]}/?profile={kids}")
    assert listed(signed_in, f"/history/?profile={kids}") == []
    assert listed(signed_in, f"/watchlist/?profile={kids}") == videos[:1]
    assert signed_in.delete(f"/history/?profile={kids}").status == 200
    assert listed(signed_in, "/history/") == videos[:1]
    assert signed_in.delete("/history/?profile=unknown").status == 404


def test_an_account_takes_all_of_it_along(
    signed_in: Browser, videos: list[int], clock: HandClock
) -> None:
    account_id = AccountId(signed_in.get("/user/").json["id"])
    signed_in.post("/profiles/", {"name": "Kids"})
    watch(signed_in, clock, videos[0])
    signed_in.send("PUT", f"/watchlist/{videos[1]}/")
    kept = viewing.export().of(account_id)
    assert [each.name for each in kept.profiles] == ["", "Kids"]
    assert [each.video_id for each in kept.progress] == videos[:1]
    assert [each.video_id for each in kept.watchlist] == videos[1:2]
    assert signed_in.delete("/user/", {"password": PASSWORD}).status == 200
    gone = viewing.export().of(account_id)
    assert (len(gone.profiles), gone.progress, gone.watchlist) == (1, [], [])
    assert viewing.tracking().of(account_id, DEFAULT_PROFILE, VideoId(videos[0])) == (0, 0)
