"""Profiles, progress, watched seconds and watchlists in dictionaries, and their removal."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.model import VideoId
from chalicelib.viewing.model import Codec, ProfileId, StaleProfiles, ViewingKey, WatchlistEntry
from chalicelib.viewing.profile import AccountProfiles
from chalicelib.viewing.progress import DatedReport, Progress, Watched


@dataclass
class Viewed:
    """What is known of one video for one profile; without progress if it was cleared."""

    at: datetime
    progress: Progress | None = None
    unsettled: dict[tuple[date, Codec], float] = field(default_factory=dict)


@dataclass
class ViewingTable:
    """What the stores share, as they share a table on AWS."""

    profiles: dict[AccountId, AccountProfiles] = field(default_factory=dict)
    viewed: dict[ViewingKey, Viewed] = field(default_factory=dict)
    aggregates: dict[tuple[VideoId, date, Codec], float] = field(default_factory=dict)
    watchlists: dict[ViewingKey, datetime] = field(default_factory=dict)
    notes: dict[AccountId, datetime] = field(default_factory=dict)


@dataclass
class InMemoryProfileStore:
    table: ViewingTable

    def of(self, account_id: AccountId) -> AccountProfiles:
        return self.table.profiles.get(account_id, AccountProfiles(account_id))

    def save(self, profiles: AccountProfiles) -> AccountProfiles:
        if self.of(profiles.account_id).revision != profiles.revision:
            raise StaleProfiles
        saved = replace(profiles, revision=profiles.revision + 1)
        self.table.profiles[profiles.account_id] = saved
        return saved


@dataclass
class InMemoryProgressStore:
    table: ViewingTable

    def record(self, key: ViewingKey, report: DatedReport) -> bool:
        viewed = self.table.viewed.get(key)
        if viewed and viewed.at >= report.at and not is_another_of_its_time(viewed, report):
            return False
        viewed = self.table.viewed.setdefault(key, Viewed(report.at))
        viewed.at = report.at
        viewed.progress = Progress(
            key.profile_id, key.video_id, report.position, report.duration, report.at
        )
        watched = report.watched
        if watched.seconds:
            counted = watched.day, watched.codec
            viewed.unsettled[counted] = viewed.unsettled.get(counted, 0.0) + watched.seconds
        return True

    def get(self, key: ViewingKey) -> Progress | None:
        viewed = self.table.viewed.get(key)
        return viewed.progress if viewed else None

    def every(
        self, account_id: AccountId, profile_id: ProfileId | None = None
    ) -> Sequence[Progress]:
        return [
            viewed.progress
            for key, viewed in self.table.viewed.items()
            if is_of(key, account_id, profile_id) and viewed.progress
        ]

    def clear(self, key: ViewingKey, *, at: datetime) -> None:
        viewed = self.table.viewed.get(key)
        if viewed and viewed.progress:
            viewed.progress, viewed.at = None, at


@dataclass
class InMemoryWatchedStore:
    table: ViewingTable

    def unsettled(self, *, before: date, most: int) -> Sequence[ViewingKey]:
        due = {
            key: min(day for day, _ in viewed.unsettled)
            for key, viewed in self.table.viewed.items()
            if any(day < before for day, _ in viewed.unsettled)
        }
        return sorted(due, key=lambda key: due[key])[:most]

    def settle(self, key: ViewingKey, *, before: date) -> bool:
        viewed = self.table.viewed.get(key)
        due = [each for each in (viewed.unsettled if viewed else {}) if each[0] < before]
        for day, codec in due:
            assert viewed
            total = key.video_id, day, codec
            seconds = viewed.unsettled.pop((day, codec))
            self.table.aggregates[total] = self.table.aggregates.get(total, 0.0) + seconds
        return bool(due)

    def unsettled_of(self, account_id: AccountId) -> Sequence[tuple[VideoId, Watched]]:
        return [
            (key.video_id, Watched(day, codec, seconds))
            for key, viewed in self.table.viewed.items()
            if key.account_id == account_id
            for (day, codec), seconds in viewed.unsettled.items()
        ]

    def restore(self, video_id: VideoId, watched: Watched) -> bool:
        key = video_id, watched.day, watched.codec
        if key in self.table.aggregates:
            return False
        self.table.aggregates[key] = watched.seconds
        return True

    def of(
        self, video_id: VideoId, *, since: date = date.min, until: date = date.max
    ) -> Sequence[Watched]:
        return sorted(
            (
                Watched(day, codec, seconds)
                for (video, day, codec), seconds in self.table.aggregates.items()
                if video == video_id and since <= day <= until
            ),
            key=lambda each: (each.day, each.codec),
        )


@dataclass
class InMemoryWatchlistStore:
    table: ViewingTable

    def add(self, key: ViewingKey, *, at: datetime) -> None:
        self.table.watchlists.setdefault(key, at)

    def remove(self, key: ViewingKey) -> None:
        self.table.watchlists.pop(key, None)

    def entries(
        self, account_id: AccountId, profile_id: ProfileId | None = None
    ) -> Sequence[WatchlistEntry]:
        return [
            WatchlistEntry(key.profile_id, key.video_id, at)
            for key, at in self.table.watchlists.items()
            if is_of(key, account_id, profile_id)
        ]


@dataclass
class InMemoryViewingRemoval:
    table: ViewingTable

    def note(self, account_id: AccountId, *, at: datetime) -> None:
        self.table.notes[account_id] = at

    def noted(self, *, before: datetime) -> Sequence[AccountId]:
        return [account_id for account_id, at in self.table.notes.items() if at < before]

    def drop_note(self, account_id: AccountId, *, before: datetime) -> None:
        if account_id in self.noted(before=before):
            del self.table.notes[account_id]

    def remove_account(self, account_id: AccountId) -> None:
        self.table.profiles.pop(account_id, None)
        self._remove(account_id, None)

    def remove_profile(self, account_id: AccountId, profile_id: ProfileId) -> None:
        self._remove(account_id, profile_id)

    def _remove(self, account_id: AccountId, profile_id: ProfileId | None) -> None:
        for held in (self.table.viewed, self.table.watchlists):
            for key in [each for each in held if is_of(each, account_id, profile_id)]:
                del held[key]


def is_of(key: ViewingKey, account_id: AccountId, profile_id: ProfileId | None) -> bool:
    return key.account_id == account_id and profile_id in (None, key.profile_id)


def is_another_of_its_time(viewed: Viewed, report: DatedReport) -> bool:
    known = viewed.progress
    is_other = known is not None and known.position != report.position
    return report.wins_ties and viewed.at == report.at and is_other
