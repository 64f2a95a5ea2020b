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
from chalicelib.viewing.progress import ContinueRule, PlayerReport, Progress, ReportOutcome
from chalicelib.viewing.tracking import Tracking
from tests.builders.videos import a_video
from tests.fakes.viewing_stores import InMemoryProgressStore
from tests.unit.chalicelib.viewing.conftest import InMemoryViewing

REGULAR = PlayerReport(61.5, 5400.0, ReportKind.REGULAR)


def position(viewing: InMemoryViewing, tracking: Tracking, video: VideoId) -> tuple[float, float]:
    return tracking.of(viewing.account.id, DEFAULT_PROFILE, video)


def send(
    viewing: InMemoryViewing, tracking: Tracking, video: VideoId, report: PlayerReport
) -> bool:
    """Report, and return whether the report was not thinned."""
    outcome = tracking.report(viewing.account.id, DEFAULT_PROFILE, video, report)
    return not outcome.is_thinned


def test_a_position_is_stored_as_it_was_sent(viewing: InMemoryViewing) -> None:
    tracking, video = viewing.tracking(), viewing.put().id
    assert position(viewing, tracking, video) == (0.0, 0.0)
    assert send(viewing, tracking, video, PlayerReport(0.1 + 0.2, 1 / 3))
    assert position(viewing, tracking, video) == (0.1 + 0.2, 1 / 3)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, -0.001, 1_000_001.0])
@pytest.mark.parametrize("field", ["position", "duration", "watched_seconds"])
def test_a_number_that_is_no_time_in_a_video_is_refused(
    viewing: InMemoryViewing, field: str, number: float
) -> None:
    report = replace(PlayerReport(1.0, 2.0), **{field: number})  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as refused:
        send(viewing, viewing.tracking(), viewing.put().id, report)
    assert list(refused.value.fields) == [field]
    assert viewing.table.viewed == {}


def test_a_video_that_viewers_cannot_see_has_no_progress(viewing: InMemoryViewing) -> None:
    draft = viewing.put()
    viewing.withdraw(draft)
    tracking = viewing.tracking()
    for video in (draft.id, VideoId(1)):
        with pytest.raises(VideoNotFound):
            send(viewing, tracking, video, REGULAR)
        assert position(viewing, tracking, video) == (0.0, 0.0)


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
    viewing = InMemoryViewing()
    tracking, video, begun = viewing.tracking(), viewing.put().id, viewing.clock.now()
    for milliseconds, seconds in order:
        at = begun - timedelta(milliseconds=milliseconds)
        send(viewing, tracking, video, PlayerReport(seconds, 7.5, at=at))
    newest = min(events)
    assert position(viewing, tracking, video) == (newest[1], 7.5)


@pytest.mark.parametrize("is_cleared", [False, True])
def test_the_outcome_of_an_event_that_comes_late_is_what_is_known(
    viewing: InMemoryViewing, is_cleared: bool
) -> None:
    tracking, video = viewing.tracking(), viewing.put().id
    late = viewing.clock.now()
    viewing.clock.advance(seconds=5)
    send(viewing, tracking, video, PlayerReport(12, 100))
    if is_cleared:
        tracking.clear(viewing.account.id, DEFAULT_PROFILE, video)
    sent = PlayerReport(7, 100, at=late)
    outcome = tracking.report(viewing.account.id, DEFAULT_PROFILE, video, sent)
    assert (outcome.position, outcome.duration) == ((0, 0) if is_cleared else (12, 100))
    assert not outcome.is_thinned


def test_the_outcome_of_a_report_that_is_stored_or_thinned_is_its_own_position(
    viewing: InMemoryViewing,
) -> None:
    tracking, video = viewing.tracking(), viewing.put().id
    for position, is_thinned in ((61.5, False), (62.5, True)):
        sent = replace(REGULAR, position=position)
        outcome = tracking.report(viewing.account.id, DEFAULT_PROFILE, video, sent)
        assert outcome == ReportOutcome(position, 5400.0, viewing.clock.now(), is_thinned)
        viewing.clock.advance(seconds=1)


def test_an_event_without_a_time_counts_when_it_arrives(viewing: InMemoryViewing) -> None:
    tracking, video = viewing.tracking(), viewing.put().id
    send(viewing, tracking, video, PlayerReport(1, 10))
    viewing.clock.advance(seconds=1)
    send(viewing, tracking, video, PlayerReport(2, 10))
    earlier = viewing.clock.now() - timedelta(milliseconds=1)
    send(viewing, tracking, video, PlayerReport(3, 10, at=earlier))
    assert position(viewing, tracking, video) == (2, 10)


@pytest.mark.parametrize("at", [datetime(9999, 12, 31, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)])
def test_a_time_out_of_reach_does_not_rule_for_ever(viewing: InMemoryViewing, at: datetime) -> None:
    tracking, video = viewing.tracking(), viewing.put().id
    send(viewing, tracking, video, PlayerReport(1, 10, at=at))
    assert position(viewing, tracking, video) == (1, 10)
    viewing.clock.advance(seconds=1)
    send(viewing, tracking, video, PlayerReport(2, 10))
    assert position(viewing, tracking, video) == (2, 10)


def test_of_regular_reports_one_in_fifteen_seconds_is_written(viewing: InMemoryViewing) -> None:
    tracking, video = viewing.tracking(), viewing.put().id
    kept = []
    for step in range(13):
        report = replace(REGULAR, position=5.0 * step)
        kept.append(send(viewing, tracking, video, report))
        viewing.clock.advance(seconds=5)
    assert kept == [step % 3 == 0 for step in range(13)]
    assert position(viewing, tracking, video) == (60, 5400)


@pytest.mark.parametrize("kind", [ReportKind.PAUSE, ReportKind.END, ReportKind.CLOSED, None])
def test_of_two_events_of_one_time_the_one_that_may_be_the_last_wins(
    viewing: InMemoryViewing, kind: ReportKind | None
) -> None:
    regular, last = PlayerReport(30, 100, ReportKind.REGULAR), PlayerReport(35, 100, kind)
    at = viewing.clock.now() - timedelta(seconds=1)
    for order in ((regular, last), (last, regular)):
        tracking, video = viewing.tracking(), viewing.put().id
        for each in order:
            send(viewing, tracking, video, replace(each, at=at))
        assert position(viewing, tracking, video) == (35, 100)


@pytest.mark.parametrize(("sent", "counted"), [(1e-5, 0.0), (0.0123456, 0.012), (5.0, 5.0)])
def test_watched_seconds_are_counted_to_the_millisecond(
    viewing: InMemoryViewing, sent: float, counted: float
) -> None:
    dated = replace(REGULAR, watched_seconds=sent).dated(viewing.clock.now())
    assert dated.watched.seconds == counted


def test_regular_reports_that_were_collected_offline_are_thinned_by_their_own_time(
    viewing: InMemoryViewing,
) -> None:
    tracking, video = viewing.tracking(), viewing.put().id
    begun = viewing.clock.now() - timedelta(hours=2)
    kept = []
    for step in range(240):
        at = begun + timedelta(seconds=5 * step)
        kept.append(send(viewing, tracking, video, replace(REGULAR, position=5.0 * step, at=at)))
        viewing.clock.advance(milliseconds=30)
    assert kept == [step % 3 == 0 for step in range(240)]
    assert position(viewing, tracking, video) == (237 * 5.0, 5400)


@pytest.mark.parametrize("kind", [ReportKind.PAUSE, ReportKind.END, ReportKind.CLOSED, None])
def test_a_report_that_may_be_the_last_is_never_thinned(
    viewing: InMemoryViewing, kind: ReportKind | None
) -> None:
    tracking, video = viewing.tracking(), viewing.put().id
    assert send(viewing, tracking, video, REGULAR)
    viewing.clock.advance(seconds=1)
    assert not send(viewing, tracking, video, replace(REGULAR, position=62.5))
    viewing.clock.advance(milliseconds=1)
    assert send(viewing, tracking, video, PlayerReport(62.6, 5400, kind))
    assert position(viewing, tracking, video) == (62.6, 5400)


def test_thinning_is_by_viewer_and_video(viewing: InMemoryViewing) -> None:
    tracking, videos = viewing.tracking(), [viewing.put("M").id, viewing.put("Metropolis").id]
    for profile in (DEFAULT_PROFILE, ProfileId("kids")):
        for video in videos:
            outcome = tracking.report(viewing.account.id, profile, video, REGULAR)
            assert not outcome.is_thinned


def test_another_process_thins_by_itself_and_the_newest_event_still_wins(
    viewing: InMemoryViewing,
) -> None:
    first, second, video = viewing.tracking(), viewing.tracking(), viewing.put().id
    assert send(viewing, first, video, REGULAR)
    viewing.clock.advance(seconds=5)
    assert send(viewing, second, video, replace(REGULAR, position=66.5))
    viewing.clock.advance(seconds=5)
    assert not send(viewing, first, video, replace(REGULAR, position=71.5))
    assert not send(viewing, second, video, replace(REGULAR, position=71.5))
    assert position(viewing, first, video) == (66.5, 5400)


def test_a_clock_that_is_set_back_thins_nothing(viewing: InMemoryViewing) -> None:
    tracking, video = viewing.tracking(), viewing.put().id
    assert send(viewing, tracking, video, REGULAR)
    viewing.clock.advance(hours=-1)
    assert send(viewing, tracking, video, REGULAR)


def listed(page: Page[Progress]) -> list[VideoId]:
    return [each.video_id for each in page.entries]


def continued(viewing: InMemoryViewing, rule: ContinueRule | None = None) -> list[VideoId]:
    page = viewing.tracking(rule).continue_watching(viewing.account.id, DEFAULT_PROFILE, limit=50)
    return listed(page)


@pytest.mark.parametrize(
    ("at_percent", "is_listed"),
    [(0, False), (4.99, False), (5, True), (50, True), (89.99, True), (90, False), (100, False)],
)
def test_shares_decide_what_is_continued_and_nothing_else(
    viewing: InMemoryViewing, at_percent: float, *, is_listed: bool
) -> None:
    tracking, video = viewing.tracking(), viewing.put().id
    send(viewing, tracking, video, PlayerReport(at_percent, 100))
    assert continued(viewing) == [video] * is_listed
    assert position(viewing, tracking, video) == (at_percent, 100)
    history = tracking.history(viewing.account.id, DEFAULT_PROFILE, limit=50)
    assert listed(history) == [video]


def test_the_shares_are_settings(viewing: InMemoryViewing) -> None:
    tracking, video = viewing.tracking(), viewing.put().id
    send(viewing, tracking, video, PlayerReport(3, 100))
    assert continued(viewing, ContinueRule(2, 4)) == [video]
    assert continued(viewing, ContinueRule(4, 50)) == []


def test_zeros_say_that_a_video_was_watched_to_its_end(viewing: InMemoryViewing) -> None:
    tracking, video = viewing.tracking(), viewing.put().id
    send(viewing, tracking, video, PlayerReport(50, 100))
    viewing.clock.advance(seconds=5)
    send(viewing, tracking, video, PlayerReport(0, 0))
    assert position(viewing, tracking, video) == (0, 0)
    assert continued(viewing) == []
    [entry] = tracking.history(viewing.account.id, DEFAULT_PROFILE, limit=50).entries
    assert ContinueRule().is_finished(entry)
    assert not ContinueRule().is_finished(replace(entry, position=50, duration=100))


@pytest.mark.parametrize(("kind", "expected"), [
    (ReportKind.REGULAR, (50, 100)), (ReportKind.PAUSE, (50, 100)),
    (ReportKind.END, (0, 0)), (ReportKind.CLOSED, (0, 0)),
])  # fmt: skip
def test_zeros_of_a_player_that_goes_on_are_no_position(
    viewing: InMemoryViewing, kind: ReportKind, expected: tuple[float, float]
) -> None:
    tracking, video = viewing.tracking(), viewing.put().id
    send(viewing, tracking, video, PlayerReport(50, 100))
    viewing.clock.advance(seconds=60)
    is_stored = send(viewing, tracking, video, PlayerReport(0, 0, kind, watched_seconds=1))
    assert is_stored is (expected == (0, 0))
    assert position(viewing, tracking, video) == expected


def test_the_duration_that_a_player_did_not_know_is_that_of_the_video(
    viewing: InMemoryViewing,
) -> None:
    tracking, video = viewing.tracking(), viewing.put()
    assert video.media
    half = video.media.duration_seconds / 2
    send(viewing, tracking, video.id, PlayerReport(half, 0))
    assert position(viewing, tracking, video.id) == (half, video.media.duration_seconds)
    assert continued(viewing) == [video.id]
    viewing.clock.advance(seconds=1)
    send(viewing, tracking, video.id, PlayerReport(video.media.duration_seconds + 1, 0))
    assert continued(viewing) == []


def test_a_duration_is_unknown_until_the_video_is_encoded(viewing: InMemoryViewing) -> None:
    video = a_video(viewing.clock.now())
    viewing.videos.add(video)
    key = ViewingKey(viewing.account.id, DEFAULT_PROFILE, video.id)
    InMemoryProgressStore(viewing.table).record(key, PlayerReport(5, 0).dated(viewing.clock.now()))
    assert position(viewing, viewing.tracking(), video.id) == (5, 0)
    assert continued(viewing) == []


def test_lists_begin_with_the_newest_and_go_on_at_a_cursor(viewing: InMemoryViewing) -> None:
    tracking = viewing.tracking()
    videos = []
    for number in range(5):
        videos.append(viewing.put(f"M{number}").id)
        viewing.clock.advance(seconds=2)
        send(viewing, tracking, videos[-1], PlayerReport(50, 100))
    seen: list[VideoId] = []
    before: Cursor | None = None
    for _ in range(3):
        page = tracking.continue_watching(
            viewing.account.id, DEFAULT_PROFILE, limit=2, before=before
        )
        seen += listed(page)
        before = page.next_before
    assert (seen, before) == (videos[::-1], None)


def test_videos_of_the_same_time_are_on_one_page_each(viewing: InMemoryViewing) -> None:
    tracking, videos = viewing.tracking(), [viewing.put(f"M{number}").id for number in range(4)]
    for video in videos:
        send(viewing, tracking, video, PlayerReport(50, 100))
    first = tracking.history(viewing.account.id, DEFAULT_PROFILE, limit=3)
    rest = tracking.history(viewing.account.id, DEFAULT_PROFILE, limit=3, before=first.next_before)
    assert sorted(listed(first) + listed(rest)) == sorted(videos)


def test_deleted_and_unpublished_videos_are_not_listed(viewing: InMemoryViewing) -> None:
    tracking, gone, draft = viewing.tracking(), viewing.put("M"), viewing.put("Metropolis")
    for video in (gone, draft):
        send(viewing, tracking, video.id, PlayerReport(50, 100))
        viewing.watchlists().add(viewing.account.id, DEFAULT_PROFILE, video.id)
    viewing.videos.remove(gone.id)
    viewing.withdraw(draft)
    viewing.clock.advance(seconds=3)
    assert continued(viewing) == []
    assert listed(tracking.history(viewing.account.id, DEFAULT_PROFILE, limit=9)) == []
    assert viewing.watchlists().entries(viewing.account.id, DEFAULT_PROFILE, limit=9).entries == []


def test_a_cleared_video_is_forgotten_and_can_be_watched_again(viewing: InMemoryViewing) -> None:
    tracking, video, other = viewing.tracking(), viewing.put("M").id, viewing.put("N").id
    for each in (video, other):
        send(viewing, tracking, each, PlayerReport(50, 100))
    late = viewing.clock.now()
    viewing.clock.advance(seconds=1)
    tracking.clear(viewing.account.id, DEFAULT_PROFILE, video)
    send(viewing, tracking, video, PlayerReport(60, 100, at=late))
    assert position(viewing, tracking, video) == (0, 0)
    assert continued(viewing) == [other]
    viewing.clock.advance(seconds=1)
    send(viewing, tracking, video, PlayerReport(10, 100))
    assert continued(viewing) == [video, other]


def test_a_history_is_cleared_for_one_profile(viewing: InMemoryViewing) -> None:
    tracking, videos, kids = viewing.tracking(), [viewing.put("M").id, viewing.put("N").id], "kids"
    for profile in (DEFAULT_PROFILE, ProfileId(kids)):
        for video in videos:
            tracking.report(viewing.account.id, profile, video, PlayerReport(50, 100))
    viewing.clock.advance(seconds=1)
    tracking.clear_all(viewing.account.id, DEFAULT_PROFILE)
    assert continued(viewing) == []
    left = tracking.history(viewing.account.id, ProfileId(kids), limit=9)
    assert len(left.entries) == 2


def test_a_thinned_report_is_no_write_at_all(viewing: InMemoryViewing) -> None:
    tracking, video = viewing.tracking(), viewing.put().id
    send(viewing, tracking, video, replace(REGULAR, watched_seconds=5))
    viewing.clock.advance(seconds=5)
    send(viewing, tracking, video, replace(REGULAR, watched_seconds=5))
    viewing.clock.advance(seconds=10)
    # The client repeats the seconds of the report that was thinned.
    send(viewing, tracking, video, replace(REGULAR, watched_seconds=15))
    viewed = viewing.table.viewed[ViewingKey(viewing.account.id, DEFAULT_PROFILE, video)]
    assert sum(viewed.unsettled.values()) == 20
