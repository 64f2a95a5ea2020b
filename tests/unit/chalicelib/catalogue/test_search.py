"""Where a search goes on, and what is too long for one."""

import pytest

from chalicelib.catalogue.listing import Selection
from chalicelib.catalogue.model import Video, VideoId
from chalicelib.catalogue.ports import Changes
from chalicelib.catalogue.ranking import RankPosition
from chalicelib.catalogue.search import MOST_HITS
from chalicelib.catalogue.snapshot import Snapshot
from chalicelib.errors import InvalidInput
from tests.builders.videos import a_published_video
from tests.fakes.catalogue_copies import InMemoryCopies
from tests.fakes.clock import HandClock

NOW = HandClock().now()
ALL = Selection(search="metropolis")


def snapshot_of(*videos: Video) -> Snapshot:
    copy = InMemoryCopies().empty()
    copy.apply(Changes({each.id: each for each in videos}, {}))
    return Snapshot.of(copy, NOW)


def some(number: int) -> list[Video]:
    """Videos of one title, the best hit first."""
    return [a_published_video(NOW) for _ in range(number)][::-1]


def test_pages_follow_one_another_without_a_gap() -> None:
    videos = some(5)
    snapshot = snapshot_of(*videos)
    page = snapshot.search(ALL, limit=2)
    listed = [*page.entries]
    while page.has_more:
        page = snapshot.search(ALL, limit=2, after=page.position_after(len(page.entries)))
        listed += page.entries
    assert [each.video for each in listed] == videos


def test_a_page_that_ends_with_the_last_hit_has_no_more() -> None:
    snapshot = snapshot_of(*some(2))
    assert not snapshot.search(ALL, limit=2).has_more
    assert snapshot.search(ALL, limit=1).has_more


def test_a_page_goes_on_after_its_last_video_wherever_that_is_now() -> None:
    videos = some(40)
    snapshot = snapshot_of(*videos)
    moved = RankPosition(5, videos[30].id)
    assert snapshot.search(ALL, limit=2, after=moved).entries[0].video == videos[31]
    gone = RankPosition(5, VideoId(1))
    assert snapshot.search(ALL, limit=2, after=gone).entries[0].video == videos[5]


def test_a_page_that_was_cut_goes_on_after_its_last_entry() -> None:
    videos = some(6)
    snapshot = snapshot_of(*videos)
    position = snapshot.search(ALL, limit=4).position_after(1)
    assert position == RankPosition(1, videos[0].id)
    assert snapshot.search(ALL, limit=1, after=position).entries[0].video == videos[1]


def test_behind_the_last_hit_there_are_no_more() -> None:
    snapshot = snapshot_of(*some(2))
    page = snapshot.search(ALL, limit=2, after=RankPosition(MOST_HITS, VideoId(1)))
    assert (page.entries, page.has_more) == ([], False)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x" * 201, "Send at most 200 characters."),
        ("a b c d e f g h i j k", "Send at most 10 words."),
        ("a-b-c-d-e-f-g-h-i-j-k", "Send at most 10 words."),
    ],
)
def test_a_search_that_is_too_long_is_refused(text: str, problem: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        snapshot_of().search(Selection(search=text), limit=1)
    assert refusal.value.fields == {"q": [problem]}
