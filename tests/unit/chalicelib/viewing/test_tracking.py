"""Progress: what is stored of reports, what is thinned, and what is listed."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalogue.model import VideoId, VideoNotFound
from chalicelib.errors import InvalidInput
from chalicelib.viewing.model import DEFAULT_PROFILE, Cursor, ProfileId, ReportKind, ViewingKey
from chalicelib.viewing.pages import Page
from chalicelib.viewing.progress import ContinueRule, Progress, Report
from chalicelib.viewing.tracking import Tracking
from tests.unit.chalicelib.viewing.conftest import House

REGULAR = Report(61.5, 5400.0, ReportKind.REGULAR)


def position(house: House, tracking: Tracking, video: VideoId) -> tuple[float, float]:
    return tracking.of(house.account.id, DEFAULT_PROFILE, video)


def send(house: House, tracking: Tracking, video: VideoId, report: Report) -> bool:
    return tracking.report(house.account.id, DEFAULT_PROFILE, video, report)


def test_a_position_is_stored_as_it_was_sent(house: House) -> None:
    tracking, video = house.tracking(), house.put().id
    assert position(house, tracking, video) == (0.0, 0.0)
    assert send(house, tracking, video, Report(0.1 + 0.2, 1 / 3))
    assert position(house, tracking, video) == (0.1 + 0.2, 1 / 3)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, -0.001, 1_000_001.0])
@pytest.mark.parametrize("field", ["position", "duration", "watched_seconds"])
def test_a_number_that_is_no_time_in_a_video_is_refused(
    house: House, field: str, number: float
) -> None:
    report = replace(Report(1.0, 2.0), **{field: number})  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as refused:
        send(house, house.tracking(), house.put().id, report)
    assert list(refused.value.fields) == [field]
    assert house.table.viewed == {}


def test_a_video_that_viewers_cannot_see_has_no_progress(house: House) -> None:
    draft = house.put()
    house.withdraw(draft)
    tracking = house.tracking()
    for video in (draft.id, VideoId(1)):
        with pytest.raises(VideoNotFound):
            send(house, tracking, video, REGULAR)
        assert position(house, tracking, video) == (0.0, 0.0)


@given(
    st.lists(
        st.tuples(st.integers(1, 10**6), st.floats(0, 10**6)),
        min_size=1,
        unique_by=lambda it: it[0],
    ).flatmap(lambda events: st.tuples(st.just(events), st.permutations(events)))
)
def test_the_newest_event_wins_in_whatever_order_events_arrive(
    drawn: tuple[Sequence[tuple[int, float]], Sequence[tuple[int, float]]],
) -> None:
    events, order = drawn
    house = House()
    tracking, video, begun = house.tracking(), house.put().id, house.clock.now()
    for milliseconds, seconds in order:
        at = begun - timedelta(milliseconds=milliseconds)
        send(house, tracking, video, Report(seconds, 7.5, at=at))
    newest = min(events)
    assert position(house, tracking, video) == (newest[1], 7.5)


def test_an_event_without_a_time_counts_when_it_arrives(house: House) -> None:
    tracking, video = house.tracking(), house.put().id
    send(house, tracking, video, Report(1, 10))
    house.clock.advance(seconds=1)
    send(house, tracking, video, Report(2, 10))
    earlier = house.clock.now() - timedelta(milliseconds=1)
    send(house, tracking, video, Report(3, 10, at=earlier))
    assert position(house, tracking, video) == (2, 10)


@pytest.mark.parametrize("at", [datetime(9999, 12, 31, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)])
def test_a_time_out_of_reach_does_not_rule_for_ever(house: House, at: datetime) -> None:
    tracking, video = house.tracking(), house.put().id
    send(house, tracking, video, Report(1, 10, at=at))
    assert position(house, tracking, video) == (1, 10)
    house.clock.advance(seconds=1)
    send(house, tracking, video, Report(2, 10))
    assert position(house, tracking, video) == (2, 10)


def test_of_regular_reports_one_in_fifteen_seconds_is_written(house: House) -> None:
    tracking, video = house.tracking(), house.put().id
    kept = []
    for step in range(13):
        report = replace(REGULAR, position=5.0 * step)
        kept.append(send(house, tracking, video, report))
        house.clock.advance(seconds=5)
    assert kept == [step % 3 == 0 for step in range(13)]
    assert position(house, tracking, video) == (60, 5400)


@pytest.mark.parametrize("kind", [ReportKind.PAUSE, ReportKind.END, ReportKind.CLOSED, None])
def test_a_report_that_may_be_the_last_is_never_thinned(
    house: House, kind: ReportKind | None
) -> None:
    tracking, video = house.tracking(), house.put().id
    assert send(house, tracking, video, REGULAR)
    house.clock.advance(seconds=1)
    assert not send(house, tracking, video, replace(REGULAR, position=62.5))
    house.clock.advance(milliseconds=1)
    assert send(house, tracking, video, Report(62.6, 5400, kind))
    assert position(house, tracking, video) == (62.6, 5400)


def test_thinning_is_by_viewer_and_video(house: House) -> None:
    tracking, videos = house.tracking(), [house.put("M").id, house.put("Metropolis").id]
    for profile in (DEFAULT_PROFILE, ProfileId("kids")):
        for video in videos:
            assert tracking.report(house.account.id, profile, video, REGULAR)


def test_another_process_thins_by_itself_and_the_newest_event_still_wins(house: House) -> None:
    first, second, video = house.tracking(), house.tracking(), house.put().id
    assert send(house, first, video, REGULAR)
    house.clock.advance(seconds=5)
    assert send(house, second, video, replace(REGULAR, position=66.5))
    house.clock.advance(seconds=5)
    assert not send(house, first, video, replace(REGULAR, position=71.5))
    assert not send(house, second, video, replace(REGULAR, position=71.5))
    assert position(house, first, video) == (66.5, 5400)


def test_a_clock_that_is_set_back_thins_nothing(house: House) -> None:
    tracking, video = house.tracking(), house.put().id
    assert send(house, tracking, video, REGULAR)
    house.clock.advance(hours=-1)
    assert send(house, tracking, video, REGULAR)


def listed(page: Page[Progress]) -> list[VideoId]:
    return [each.video_id for each in page.entries]


def continued(house: House, rule: ContinueRule | None = None) -> list[VideoId]:
    page = house.tracking(rule).continue_watching(house.account.id, DEFAULT_PROFILE, limit=50)
    return listed(page)


@pytest.mark.parametrize(
    ("at_percent", "is_listed"),
    [(0, False), (4.99, False), (5, True), (50, True), (89.99, True), (90, False), (100, False)],
)
def test_shares_decide_what_is_continued_and_nothing_else(
    house: House, at_percent: float, *, is_listed: bool
) -> None:
    tracking, video = house.tracking(), house.put().id
    send(house, tracking, video, Report(at_percent, 100))
    assert continued(house) == [video] * is_listed
    assert position(house, tracking, video) == (at_percent, 100)
    history = tracking.history(house.account.id, DEFAULT_PROFILE, limit=50)
    assert listed(history) == [video]


def test_the_shares_are_settings(house: House) -> None:
    tracking, video = house.tracking(), house.put().id
    send(house, tracking, video, Report(3, 100))
    assert continued(house, ContinueRule(2, 4)) == [video]
    assert continued(house, ContinueRule(4, 50)) == []


def test_zeros_say_that_a_video_was_watched_to_its_end(house: House) -> None:
    tracking, video = house.tracking(), house.put().id
    send(house, tracking, video, Report(50, 100))
    house.clock.advance(seconds=5)
    send(house, tracking, video, Report(0, 0))
    assert position(house, tracking, video) == (0, 0)
    assert continued(house) == []
    [entry] = tracking.history(house.account.id, DEFAULT_PROFILE, limit=50).entries
    assert ContinueRule().is_finished(entry)
    assert not ContinueRule().is_finished(replace(entry, position=50, duration=100))


def test_lists_begin_with_the_newest_and_go_on_at_a_cursor(house: House) -> None:
    tracking = house.tracking()
    videos = []
    for number in range(5):
        videos.append(house.put(f"M{number}").id)
        house.clock.advance(seconds=2)
        send(house, tracking, videos[-1], Report(50, 100))
    seen: list[VideoId] = []
    before: Cursor | None = None
    for _ in range(3):
        page = tracking.continue_watching(house.account.id, DEFAULT_PROFILE, limit=2, before=before)
        seen += listed(page)
        before = page.next_before
    assert (seen, before) == (videos[::-1], None)


def test_videos_of_the_same_time_are_on_one_page_each(house: House) -> None:
    tracking, videos = house.tracking(), [house.put(f"M{number}").id for number in range(4)]
    for video in videos:
        send(house, tracking, video, Report(50, 100))
    first = tracking.history(house.account.id, DEFAULT_PROFILE, limit=3)
    rest = tracking.history(house.account.id, DEFAULT_PROFILE, limit=3, before=first.next_before)
    assert sorted(listed(first) + listed(rest)) == sorted(videos)


def test_deleted_and_unpublished_videos_are_not_listed(house: House) -> None:
    tracking, gone, draft = house.tracking(), house.put("M"), house.put("Metropolis")
    for video in (gone, draft):
        send(house, tracking, video.id, Report(50, 100))
        house.watchlists().add(house.account.id, DEFAULT_PROFILE, video.id)
    house.videos.remove(gone.id)
    house.withdraw(draft)
    house.clock.advance(seconds=3)
    assert continued(house) == []
    assert listed(tracking.history(house.account.id, DEFAULT_PROFILE, limit=9)) == []
    assert house.watchlists().entries(house.account.id, DEFAULT_PROFILE, limit=9).entries == []


def test_a_cleared_video_is_forgotten_and_can_be_watched_again(house: House) -> None:
    tracking, video, other = house.tracking(), house.put("M").id, house.put("N").id
    for each in (video, other):
        send(house, tracking, each, Report(50, 100))
    late = house.clock.now()
    house.clock.advance(seconds=1)
    tracking.clear(house.account.id, DEFAULT_PROFILE, video)
    send(house, tracking, video, Report(60, 100, at=late))
    assert position(house, tracking, video) == (0, 0)
    assert continued(house) == [other]
    house.clock.advance(seconds=1)
    send(house, tracking, video, Report(10, 100))
    assert continued(house) == [video, other]


def test_a_history_is_cleared_for_one_profile(house: House) -> None:
    tracking, videos, kids = house.tracking(), [house.put("M").id, house.put("N").id], "kids"
    for profile in (DEFAULT_PROFILE, ProfileId(kids)):
        for video in videos:
            tracking.report(house.account.id, profile, video, Report(50, 100))
    house.clock.advance(seconds=1)
    tracking.clear_all(house.account.id, DEFAULT_PROFILE)
    assert continued(house) == []
    left = tracking.history(house.account.id, ProfileId(kids), limit=9)
    assert len(left.entries) == 2


def test_a_thinned_report_is_no_write_at_all(house: House) -> None:
    tracking, video = house.tracking(), house.put().id
    send(house, tracking, video, replace(REGULAR, watched_seconds=5))
    house.clock.advance(seconds=5)
    send(house, tracking, video, replace(REGULAR, watched_seconds=5))
    house.clock.advance(seconds=10)
    # The client repeats the seconds of the report that was thinned.
    send(house, tracking, video, replace(REGULAR, watched_seconds=15))
    viewed = house.table.viewed[ViewingKey(house.account.id, DEFAULT_PROFILE, video)]
    assert sum(viewed.unsettled.values()) == 20
