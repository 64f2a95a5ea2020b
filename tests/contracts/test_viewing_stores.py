"""One contract, every store of profiles, progress, watched seconds and watchlists."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import boto3
import pytest
from pynamodb.connection import Connection

from chalicelib.accounts.model import AccountId
from chalicelib.adapters.dynamodb import viewing_tables
from chalicelib.adapters.dynamodb.profile_store import DynamoProfileStore
from chalicelib.adapters.dynamodb.progress_store import DynamoProgressStore
from chalicelib.adapters.dynamodb.viewing_removal import DynamoViewingRemoval
from chalicelib.adapters.dynamodb.watched_store import DynamoWatchedStore
from chalicelib.adapters.dynamodb.watchlist_store import DynamoWatchlistStore
from chalicelib.catalogue.model import VideoId
from chalicelib.language import Language
from chalicelib.viewing.model import (
    DEFAULT_PROFILE,
    Codec,
    ProfileId,
    StaleProfiles,
    ViewingKey,
    WatchlistEntry,
)
from chalicelib.viewing.ports import (
    ProfileStore,
    ProgressStore,
    ViewingRemoval,
    WatchedStore,
    WatchlistStore,
)
from chalicelib.viewing.profile import AccountProfiles, Picture, Profile
from chalicelib.viewing.progress import DatedReport, Progress, Watched
from tests.fakes.clock import HandClock
from tests.fakes.viewing_stores import (
    InMemoryProfileStore,
    InMemoryProgressStore,
    InMemoryViewingRemoval,
    InMemoryWatchedStore,
    InMemoryWatchlistStore,
    ViewingTable,
)

pytestmark = pytest.mark.contract(
    of=(ProfileStore, ProgressStore, WatchedStore, WatchlistStore, ViewingRemoval)
)

ADA, GRACE = AccountId(2**53 - 1), AccountId(2)
KIDS = ProfileId("kids-_1")
METROPOLIS, NOSFERATU = VideoId(2**53 - 1), VideoId(7)
KEY = ViewingKey(ADA, DEFAULT_PROFILE, METROPOLIS)
DAY = date(2026, 1, 2)


@dataclass
class Stores:
    profiles: ProfileStore
    progress: ProgressStore
    watched: WatchedStore
    watchlists: WatchlistStore
    removal: ViewingRemoval


@pytest.fixture(params=["memory", "dynamodb"])
def stores(request: pytest.FixtureRequest) -> Stores:
    if request.param == "memory":
        table = ViewingTable()
        return Stores(
            InMemoryProfileStore(table),
            InMemoryProgressStore(table),
            InMemoryWatchedStore(table),
            InMemoryWatchlistStore(table),
            InMemoryViewingRemoval(table),
        )
    connection: Connection = request.getfixturevalue("viewing")
    return Stores(
        DynamoProfileStore(connection),
        DynamoProgressStore(connection),
        DynamoWatchedStore(connection),
        DynamoWatchlistStore(connection),
        DynamoViewingRemoval(connection),
    )


def a_report(
    clock: HandClock, position: float = 61.5, *, at: int = 0, seconds: float = 0.0, day: date = DAY
) -> DatedReport:
    moment = clock.now().replace(microsecond=0) + timedelta(milliseconds=at)
    return DatedReport(position, 5400.25, moment, Watched(day, Codec.H264, seconds))


def progress_of(report: DatedReport) -> Progress:
    return Progress(DEFAULT_PROFILE, METROPOLIS, report.position, report.duration, report.at)


def test_an_account_without_stored_profiles_has_the_default_one(stores: Stores) -> None:
    assert stores.profiles.of(ADA) == AccountProfiles(ADA, (Profile(DEFAULT_PROFILE),), 0)


def test_profiles_come_back_as_they_were_written(stores: Stores) -> None:
    kids = Profile(
        KIDS,
        name='Zoë "\N{FOX FACE}"',
        picture=Picture.DRAGON,
        language=Language.GERMAN,
        caption_language="de",
        audio_language="pt-BR",
        age_limit=6,
        pin_hash="$argon2id$…",
    )
    saved = stores.profiles.save(stores.profiles.of(ADA).with_added(kids))
    assert saved.revision == 1
    assert stores.profiles.of(ADA) == saved
    assert stores.profiles.of(GRACE).profiles == (Profile(DEFAULT_PROFILE),)


@pytest.mark.parametrize("is_first", [True, False])
def test_a_change_of_profiles_that_others_changed_is_refused(
    stores: Stores, *, is_first: bool
) -> None:
    if not is_first:
        stores.profiles.save(stores.profiles.of(ADA))
    read = stores.profiles.of(ADA)
    kept = stores.profiles.save(read.with_added(Profile(KIDS)))
    with pytest.raises(StaleProfiles):
        stores.profiles.save(read)
    assert stores.profiles.of(ADA) == kept


def test_a_position_comes_back_as_it_was_sent(stores: Stores, clock: HandClock) -> None:
    for step, position in enumerate((0.1 + 0.2, 1 / 3, 5e-7, 0.0, 999_999.999_999_9)):
        report = a_report(clock, position, at=step)
        assert stores.progress.record(KEY, report)
        assert stores.progress.get(KEY) == progress_of(report)


def test_the_newest_event_wins_in_whatever_order_events_arrive(
    stores: Stores, clock: HandClock
) -> None:
    events = [a_report(clock, 10.0 * step, at=step) for step in range(4)]
    for video, order in enumerate(permutations(events), start=1):
        key = replace(KEY, video_id=VideoId(video))
        for each in order:
            stores.progress.record(key, each)
        stored = stores.progress.get(key)
        assert stored
        assert stored.position == 30.0


def test_a_repeated_event_changes_nothing(stores: Stores, clock: HandClock) -> None:
    report = a_report(clock, seconds=15)
    assert stores.progress.record(KEY, report)
    assert not stores.progress.record(KEY, report)
    assert not stores.progress.record(KEY, a_report(clock, 70, at=-1, seconds=15))
    stores.watched.settle(KEY, before=DAY + timedelta(days=1))
    assert stores.watched.of(METROPOLIS) == [Watched(DAY, Codec.H264, 15)]
    assert stores.progress.get(KEY) == progress_of(report)


def test_of_two_events_of_one_time_the_later_that_wins_ties_is_stored_once(
    stores: Stores, clock: HandClock
) -> None:
    regular = a_report(clock, 30, seconds=5)
    closed = replace(a_report(clock, 35, seconds=2), wins_ties=True)
    assert stores.progress.record(KEY, regular)
    assert stores.progress.record(KEY, closed)
    for again in (regular, closed, replace(closed, position=40, at=a_report(clock, at=-1).at)):
        assert not stores.progress.record(KEY, again)
    assert stores.progress.get(KEY) == progress_of(closed)
    stores.watched.settle(KEY, before=DAY + timedelta(days=1))
    assert stores.watched.of(METROPOLIS) == [Watched(DAY, Codec.H264, 7)]
    stores.progress.clear(KEY, at=closed.at)
    assert not stores.progress.record(KEY, replace(closed, position=50))
    assert stores.progress.get(KEY) is None


def test_progress_is_of_one_profile_of_one_account(stores: Stores, clock: HandClock) -> None:
    stores.progress.record(KEY, a_report(clock))
    stores.progress.record(replace(KEY, profile_id=KIDS), a_report(clock, 1))
    assert stores.progress.get(replace(KEY, account_id=GRACE)) is None
    assert stores.progress.get(replace(KEY, video_id=NOSFERATU)) is None
    assert [each.position for each in stores.progress.every(ADA, DEFAULT_PROFILE)] == [61.5]
    assert [each.profile_id for each in stores.progress.every(ADA, KIDS)] == [KIDS]
    assert len(stores.progress.every(ADA)) == 2
    assert list(stores.progress.every(GRACE)) == []


def test_cleared_progress_is_gone_and_earlier_events_do_not_bring_it_back(
    stores: Stores, clock: HandClock
) -> None:
    stores.progress.record(KEY, a_report(clock, seconds=3))
    stores.progress.clear(KEY, at=a_report(clock, at=10).at)
    stores.progress.clear(KEY, at=a_report(clock, at=20).at)
    assert stores.progress.get(KEY) is None
    assert list(stores.progress.every(ADA)) == []
    assert not stores.progress.record(KEY, a_report(clock, at=9))
    assert stores.progress.get(KEY) is None
    later = a_report(clock, at=11)
    assert stores.progress.record(KEY, later)
    assert stores.progress.get(KEY) == progress_of(later)


def test_clearing_what_is_not_there_leaves_nothing(stores: Stores, clock: HandClock) -> None:
    stores.progress.clear(KEY, at=clock.now())
    assert stores.progress.record(KEY, a_report(clock, at=-5))


def test_watched_seconds_of_cleared_progress_are_settled(stores: Stores, clock: HandClock) -> None:
    stores.progress.record(KEY, a_report(clock, seconds=3))
    stores.progress.clear(KEY, at=a_report(clock, at=10).at)
    assert stores.watched.settle(KEY, before=DAY + timedelta(days=1))
    assert stores.watched.of(METROPOLIS) == [Watched(DAY, Codec.H264, 3)]


def watch(stores: Stores, clock: HandClock, days: Sequence[int], key: ViewingKey = KEY) -> None:
    for day in days:
        clock.advance(seconds=15)
        report = a_report(clock, day=DAY + timedelta(days=day), seconds=12.5)
        assert stores.progress.record(key, report)


def test_only_days_that_are_over_are_settled_and_each_once(
    stores: Stores, clock: HandClock
) -> None:
    watch(stores, clock, [0, 0, 1, 2])
    today = DAY + timedelta(days=2)
    assert stores.watched.unsettled(before=DAY, most=9) == []
    assert stores.watched.unsettled(before=today, most=9) == [KEY]
    assert stores.watched.settle(KEY, before=today)
    assert not stores.watched.settle(KEY, before=today)
    settled = [Watched(DAY, Codec.H264, 25), Watched(DAY + timedelta(days=1), Codec.H264, 12.5)]
    assert stores.watched.of(METROPOLIS) == settled
    assert stores.watched.unsettled(before=today, most=9) == []
    assert stores.watched.unsettled(before=today + timedelta(days=1), most=9) == [KEY]
    assert stores.watched.of(NOSFERATU) == []


def test_seconds_of_all_viewers_are_added_by_codec(stores: Stores, clock: HandClock) -> None:
    other = replace(KEY, account_id=GRACE)
    watch(stores, clock, [0])
    watch(stores, clock, [0], other)
    by_av1 = replace(a_report(clock, at=5), watched=Watched(DAY, Codec.AV1, 0.5))
    assert stores.progress.record(other, by_av1)
    before = DAY + timedelta(days=1)
    for key in stores.watched.unsettled(before=before, most=9):
        assert stores.watched.settle(key, before=before)
    assert stores.watched.of(METROPOLIS) == [
        Watched(DAY, Codec.AV1, 0.5),
        Watched(DAY, Codec.H264, 25),
    ]


def test_what_an_account_watched_is_known_until_it_is_settled(
    stores: Stores, clock: HandClock
) -> None:
    assert list(stores.watched.unsettled_of(ADA)) == []
    watch(stores, clock, [0, 1])
    watch(stores, clock, [0], replace(KEY, profile_id=KIDS, video_id=NOSFERATU))
    watch(stores, clock, [0], replace(KEY, account_id=GRACE))
    stores.progress.clear(KEY, at=clock.now())
    first, second = (Watched(DAY + timedelta(days=day), Codec.H264, 12.5) for day in (0, 1))
    unsettled = stores.watched.unsettled_of(ADA)
    assert sorted(unsettled, key=lambda it: (it[0], it[1].day)) == [
        (NOSFERATU, first),
        (METROPOLIS, first),
        (METROPOLIS, second),
    ]
    stores.watched.settle(KEY, before=DAY + timedelta(days=1))
    assert set(stores.watched.unsettled_of(ADA)) == {(NOSFERATU, first), (METROPOLIS, second)}


def test_an_aggregate_is_restored_once_and_grows_by_later_seconds(
    stores: Stores, clock: HandClock
) -> None:
    restored = Watched(DAY, Codec.H264, 100.25)
    assert stores.watched.restore(METROPOLIS, restored)
    assert not stores.watched.restore(METROPOLIS, replace(restored, seconds=7))
    assert stores.watched.restore(METROPOLIS, replace(restored, codec=Codec.AV1))
    watch(stores, clock, [0])
    stores.watched.settle(KEY, before=DAY + timedelta(days=1))
    assert [each.seconds for each in stores.watched.of(METROPOLIS)] == [100.25, 112.75]


def test_aggregates_are_read_from_one_day_to_another(stores: Stores, clock: HandClock) -> None:
    for day in range(4):
        report = a_report(clock, at=day, seconds=day + 1, day=DAY + timedelta(days=day))
        assert stores.progress.record(KEY, report)
    assert stores.watched.settle(KEY, before=DAY + timedelta(days=4))
    between = stores.watched.of(
        METROPOLIS, since=DAY + timedelta(days=1), until=DAY + timedelta(days=2)
    )
    assert [each.seconds for each in between] == [2, 3]


def test_the_earliest_days_are_settled_first(stores: Stores, clock: HandClock) -> None:
    later = replace(KEY, video_id=NOSFERATU)
    watch(stores, clock, [1], later)
    watch(stores, clock, [0])
    before = DAY + timedelta(days=2)
    assert stores.watched.unsettled(before=before, most=1) == [KEY]
    assert stores.watched.unsettled(before=before, most=2) == [KEY, later]


def test_a_watchlist_keeps_the_time_of_the_first_addition(stores: Stores, clock: HandClock) -> None:
    at = clock.now().replace(microsecond=0)
    stores.watchlists.add(KEY, at=at)
    stores.watchlists.add(KEY, at=at + timedelta(hours=1))
    stores.watchlists.add(replace(KEY, profile_id=KIDS, video_id=NOSFERATU), at=at)
    first = WatchlistEntry(DEFAULT_PROFILE, METROPOLIS, at)
    assert stores.watchlists.entries(ADA, DEFAULT_PROFILE) == [first]
    assert len(stores.watchlists.entries(ADA)) == 2
    assert list(stores.watchlists.entries(GRACE)) == []


def test_a_video_is_removed_from_a_watchlist_once_or_twice(
    stores: Stores, clock: HandClock
) -> None:
    stores.watchlists.add(KEY, at=clock.now())
    stores.watchlists.remove(KEY)
    stores.watchlists.remove(KEY)
    assert list(stores.watchlists.entries(ADA)) == []


def fill(stores: Stores, clock: HandClock, account_id: AccountId) -> None:
    stores.profiles.save(stores.profiles.of(account_id).with_added(Profile(KIDS)))
    for profile in (DEFAULT_PROFILE, KIDS):
        for video in range(1, 31):
            key = ViewingKey(account_id, profile, VideoId(video))
            stores.progress.record(key, a_report(clock))
            stores.watchlists.add(key, at=clock.now())


def test_all_of_an_account_is_removed_and_nothing_of_others(
    stores: Stores, clock: HandClock
) -> None:
    for account_id in (ADA, GRACE):
        fill(stores, clock, account_id)
    stores.removal.remove_account(ADA)
    stores.removal.remove_account(ADA)
    assert stores.profiles.of(ADA) == AccountProfiles(ADA)
    assert list(stores.progress.every(ADA)) == []
    assert list(stores.watchlists.entries(ADA)) == []
    assert len(stores.progress.every(GRACE)) == len(stores.watchlists.entries(GRACE)) == 60
    assert len(stores.profiles.of(GRACE).profiles) == 2


def test_all_of_a_profile_is_removed_and_nothing_of_others(
    stores: Stores, clock: HandClock
) -> None:
    fill(stores, clock, ADA)
    stores.removal.remove_profile(ADA, KIDS)
    assert {each.profile_id for each in stores.progress.every(ADA)} == {DEFAULT_PROFILE}
    assert {each.profile_id for each in stores.watchlists.entries(ADA)} == {DEFAULT_PROFILE}
    assert len(stores.progress.every(ADA)) == 30


def test_a_removal_is_noted_until_its_note_is_dropped(stores: Stores, clock: HandClock) -> None:
    begun = clock.now()
    stores.removal.note(ADA, at=begun)
    assert stores.removal.noted(before=begun) == []
    later = begun + timedelta(seconds=1)
    assert stores.removal.noted(before=later) == [ADA]
    stores.removal.note(ADA, at=later)
    stores.removal.drop_note(ADA, before=later)
    assert stores.removal.noted(before=later + timedelta(seconds=1)) == [ADA]
    stores.removal.drop_note(ADA, before=later + timedelta(seconds=1))
    stores.removal.drop_note(ADA, before=later + timedelta(seconds=1))
    assert stores.removal.noted(before=later + timedelta(days=1)) == []


def test_a_report_touches_no_index_but_on_the_first_of_a_day(
    viewing: Connection, clock: HandClock
) -> None:
    store = DynamoProgressStore(viewing)
    client = boto3.client("dynamodb")

    def keys() -> list[object]:
        items = client.scan(TableName=os.environ["VIEWING_TABLE"], IndexName="unsettled")["Items"]
        return [(each["unsettled"], each["unsettled_day"]) for each in items]

    store.record(KEY, a_report(clock, seconds=5))
    first = keys()
    store.record(KEY, a_report(clock, at=1, seconds=5))
    store.record(KEY, a_report(clock, at=2, seconds=5, day=DAY + timedelta(days=1)))
    assert keys() == first == [({"S": "WATCHED"}, {"S": "2026-01-02"})]


def test_the_item_of_a_long_viewing_fits_into_one_unit(
    viewing: Connection, clock: HandClock
) -> None:
    store = DynamoProgressStore(viewing)
    for step, codec in enumerate(Codec):
        for day in (0, 1):
            watched = Watched(DAY + timedelta(days=day), codec, 86_399.123456789)
            at = a_report(clock, at=2 * step + day).at
            store.record(KEY, DatedReport(123_456.123456789, 123_456.123456789, at, watched))
    [item] = stored_items()
    size = sum(len(name) + len(str(*value.values())) for name, value in item.items())
    assert size < 1024


def test_a_settlement_that_a_report_overtook_is_left_to_the_next_run(
    viewing: Connection, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress, watched = DynamoProgressStore(viewing), DynamoWatchedStore(viewing)
    progress.record(KEY, a_report(clock, seconds=5))
    read = Connection.get_item

    def overtaken(*arguments: object, **options: object) -> object:
        item = read(*arguments, **options)  # type: ignore[arg-type]
        progress.record(KEY, a_report(clock, at=1, seconds=5, day=DAY + timedelta(days=1)))
        return item

    with monkeypatch.context() as patched:
        patched.setattr(Connection, "get_item", overtaken)
        assert not watched.settle(KEY, before=DAY + timedelta(days=1))
    assert watched.of(METROPOLIS) == []
    assert watched.settle(KEY, before=DAY + timedelta(days=2))
    assert [each.seconds for each in watched.of(METROPOLIS)] == [5, 5]


def stored_items() -> list[Any]:
    table = os.environ["VIEWING_TABLE"]
    return list(boto3.client("dynamodb").scan(TableName=table)["Items"])


def test_numbers_that_dynamodb_refuses_are_stored_as_zero(
    viewing: Connection, clock: HandClock
) -> None:
    store = DynamoProgressStore(viewing)
    assert store.record(KEY, a_report(clock, 5e-324, seconds=5e-324))
    [item] = stored_items()
    assert float(item["position"]["N"]) == 0
    assert not [name for name in item if name.startswith("watched_")]


def test_only_a_cleared_item_expires(viewing: Connection, clock: HandClock) -> None:
    store = DynamoProgressStore(viewing)
    store.record(KEY, a_report(clock))
    store.clear(KEY, at=a_report(clock, at=10).at)
    [cleared] = stored_items()
    week = timedelta(days=7).total_seconds()
    assert int(cleared["expires_at"]["N"]) == int(clock.now().timestamp() + week)
    store.record(KEY, a_report(clock, at=20))
    [watched_again] = stored_items()
    assert "expires_at" not in watched_again


def test_values_of_a_later_version_get_their_defaults(viewing: Connection) -> None:
    later = [{"id": "default", "picture": "yeti", "language": "tlh", "mood": "good"}]
    item = viewing_tables.ProfilesItem(f"ACCOUNT#{ADA}", "PROFILES", profiles=later, revision=3)
    item.save()
    stored = DynamoProfileStore(viewing).of(ADA)
    assert stored == AccountProfiles(ADA, (Profile(DEFAULT_PROFILE),), 3)


def test_many_days_are_settled_in_several_transactions(
    viewing: Connection, clock: HandClock
) -> None:
    progress, watched = DynamoProgressStore(viewing), DynamoWatchedStore(viewing)
    for day in range(120):
        report = a_report(clock, at=day, seconds=1.5, day=DAY + timedelta(days=day))
        progress.record(KEY, report)
    before = DAY + timedelta(days=119)
    settled = [watched.settle(KEY, before=before) for _ in range(4)]
    assert settled == [True, True, True, False]
    assert [each.seconds for each in watched.of(METROPOLIS)] == [1.5] * 119
    assert watched.unsettled(before=before + timedelta(days=1), most=9) == [KEY]
