"""The rows of the first page: which there are, in what order, and what is in each."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import pytest

from chalicelib.catalogue.audience import Audience
from chalicelib.catalogue.listing import Entry, Selection
from chalicelib.catalogue.model import Card, EncodeStatus, EncodeSummary, Revision, Video
from chalicelib.catalogue.ranking import RankPosition
from chalicelib.viewing import home
from chalicelib.viewing.home import Home, Reason, Row
from chalicelib.viewing.model import DEFAULT_PROFILE, Cursor, ReportKind
from chalicelib.viewing.progress import PlayerReport
from tests.builders.videos import a_category, a_published_video
from tests.unit.chalicelib.viewing.conftest import InMemoryViewing

GROWING = EncodeSummary(Revision(1), EncodeStatus.PROCESSING, 15, is_playable=True)
SECONDS = 98.5


@dataclass
class Viewer:
    """The default profile, and the catalogue that it looks at."""

    viewing: InMemoryViewing

    def put(self, title: str, category: str = "", **details: Any) -> Video:
        self.viewing.clock.advance(seconds=1)
        card = Card(title, category=category, **details)
        video = a_published_video(self.viewing.clock.now(), card=card)
        self.viewing.videos.add(video)
        if category and not any(
            each.name == category for each in self.viewing.snapshot().categories
        ):
            self.viewing.categories.add(a_category(self.viewing.clock.now(), category))
        return video

    def watch(self, video: Video, share: float) -> None:
        self.viewing.clock.advance(seconds=1)
        report = PlayerReport(SECONDS * share, SECONDS, ReportKind.PAUSE)
        self.viewing.tracking().report(self.viewing.account.id, DEFAULT_PROFILE, video.id, report)

    def want(self, video: Video) -> None:
        self.viewing.clock.advance(seconds=1)
        self.viewing.watchlists().add(self.viewing.account.id, DEFAULT_PROFILE, video.id)

    def rows(self, **selection: Any) -> list[Row]:
        use_case = Home(self.viewing.tracking(), self.viewing.watchlists())
        return list(
            use_case.rows(
                self.viewing.account.id,
                DEFAULT_PROFILE,
                self.viewing.snapshot(),
                Selection(**{"is_trailer": False, **selection}),
            )
        )

    def listed(self, **selection: Any) -> list[tuple[str, list[str]]]:
        return [(each.reason, names(each.entries)) for each in self.rows(**selection)]


def names(entries: Any) -> list[str]:
    return [each.video.card.title for each in entries]


def seen(rows: list[Row]) -> Counter[int]:
    return Counter(each.video.id for row in rows for each in row.entries)


@pytest.fixture
def viewer(viewing: InMemoryViewing) -> Viewer:
    return Viewer(viewing)


def test_rows_of_categories_begin_with_those_that_administrators_arranged(
    viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "MOST_CATEGORIES", 3)
    for category, number in {"a": 1, "b": 3, "c": 2, "d": 1, "e": 0}.items():
        for _ in range(number):
            viewer.put(f"in {category}", category)
    categories = viewer.viewing.snapshot().names
    moved = [each for name in ("d", "e", "a") if (each := categories.category_called(name))]
    viewer.viewing.categories.arrange(
        {each.id: (each, position) for position, each in enumerate(moved)}
    )
    viewer.viewing.clock.advance(seconds=2)
    rows = [each.category for each in viewer.rows() if each.reason is Reason.CATEGORY]
    assert [each.name for each in rows if each] == ["d", "a", "b"]


def test_an_empty_catalogue_has_no_rows(viewer: Viewer) -> None:
    assert viewer.listed() == []


def test_rows_are_those_of_the_profile_then_the_newest_then_categories(viewer: Viewer) -> None:
    videos = [viewer.put(title, director=title) for title in "abcdef"]
    like_a = viewer.put("a again", director="a")
    drama = [viewer.put(title, "Drama") for title in "gh"]
    viewer.watch(videos[1], 0.5)
    viewer.watch(videos[0], 0.95)
    viewer.want(videos[2])
    listed = viewer.listed()
    assert listed == [
        (Reason.CONTINUE_WATCHING, ["b"]),
        (Reason.WATCHLIST, ["c"]),
        (Reason.BECAUSE_YOU_WATCHED, ["a again"]),
        (Reason.NEW, ["h", "g", "a again", "f", "e", "d", "c", "b", "a"]),
        (Reason.CATEGORY, ["h", "g"]),
    ]
    [because] = [each for each in viewer.rows() if each.watched]
    assert because.watched
    assert (because.watched.video.id, names(because.entries)) == (videos[0].id, ["a again"])
    assert like_a.id in seen(viewer.rows())
    assert drama[0].id in seen(viewer.rows())


def test_a_video_is_in_two_rows_at_most(viewer: Viewer) -> None:
    both, other = viewer.put("both", "Drama"), viewer.put("other", "Drama")
    viewer.watch(both, 0.5)
    viewer.want(both)
    assert viewer.listed() == [
        (Reason.CONTINUE_WATCHING, ["both"]),
        (Reason.WATCHLIST, ["both"]),
        (Reason.BECAUSE_YOU_WATCHED, ["other"]),
        (Reason.NEW, ["other"]),
    ]
    assert seen(viewer.rows()) == {both.id: 2, other.id: 2}


def test_rows_are_filled_with_others_instead(
    viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "MOST_IN_ROW", 2)
    videos = [viewer.put(f"{number}", "Drama") for number in range(9)]
    for each in videos[-2:]:
        viewer.want(each)
    assert viewer.listed() == [
        (Reason.WATCHLIST, ["8", "7"]),
        (Reason.NEW, ["8", "7"]),
        (Reason.CATEGORY, ["6", "5"]),
    ]


def test_every_row_says_where_it_goes_on(viewer: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "MOST_IN_ROW", 2)
    videos = [viewer.put(f"{number}", "Drama", director="Lang") for number in range(9)]
    for each in videos[:3]:
        viewer.watch(each, 0.5)
        viewer.want(each)
    own, listed, because, new, category = viewer.rows()
    assert isinstance(own.rest, Cursor)
    assert isinstance(listed.rest, Cursor)
    assert names(own.entries) == names(listed.entries) == ["2", "1"]
    assert own.rest.video_id == listed.rest.video_id == videos[1].id
    assert because.rest == RankPosition(2, because.entries[-1].video.id)
    assert new.rest == new.entries[-1].position
    assert category.rest == category.entries[-1].position


def test_a_row_that_holds_everything_goes_on_nowhere(viewer: Viewer) -> None:
    videos = [viewer.put(f"{number}", "Drama", director="Lang") for number in range(3)]
    viewer.watch(videos[0], 0.5)
    viewer.want(videos[0])
    assert [each.rest for each in viewer.rows()] == [None] * 4


def test_categories_with_most_videos_are_first(
    viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "MOST_CATEGORIES", 2)
    for category, number in (("Crime", 1), ("Western", 3), ("Anime", 2)):
        for each in range(number):
            viewer.put(f"{category} {each}", category)
    categories = [each.category for each in viewer.rows() if each.reason is Reason.CATEGORY]
    assert [each.name for each in categories if each] == ["Western", "Anime"]


def test_without_a_finished_video_others_are_like_the_one_watched_most(viewer: Viewer) -> None:
    videos = [viewer.put(title, director=title) for title in ("a", "a", "b", "b")]
    viewer.watch(videos[0], 0.6)
    viewer.watch(videos[2], 0.4)
    watched = [each.watched for each in viewer.rows() if each.watched]
    assert [each.video.id for each in watched] == [videos[0].id]
    viewer.watch(videos[2], 0.95)
    watched = [each.watched for each in viewer.rows() if each.watched]
    assert [each.video.id for each in watched] == [videos[2].id]


def test_rows_have_nothing_that_the_viewer_may_not_see(viewer: Viewer) -> None:
    adult = viewer.put("adult", "Drama", age_rating=18, director="Lang")
    child = viewer.put("child", "Drama", age_rating=0, director="Lang")
    viewer.put("trailer", "Drama", age_rating=0, director="Lang", is_trailer=True)
    begun = a_published_video(viewer.viewing.clock.now(), card=Card("growing", age_rating=0))
    growing = replace(begun, encode=GROWING, media=None)
    viewer.viewing.videos.add(growing)
    for each in (adult, child, growing):
        viewer.want(each)
    viewer.watch(adult, 0.95)
    assert viewer.listed(age_limit=6) == [
        (Reason.WATCHLIST, ["child"]),
        (Reason.NEW, ["child"]),
    ]
    early = viewer.listed(age_limit=6, audience=Audience.EARLY_VIEWERS)
    assert early[0] == (Reason.WATCHLIST, ["growing", "child"])


def test_what_all_viewers_share_is_chosen_once(viewer: Viewer) -> None:
    viewer.put("a", "Drama")
    snapshot = viewer.viewing.snapshot()
    use_case = Home(viewer.viewing.tracking(), viewer.viewing.watchlists())
    for selection in (Selection(), Selection(), Selection(Audience.ADMINISTRATORS)):
        rows = use_case.rows(viewer.viewing.account.id, DEFAULT_PROFILE, snapshot, selection)
        assert [type(each) for row in rows for each in row.entries] == [Entry, Entry]
    assert len(snapshot.renderings) == 1
