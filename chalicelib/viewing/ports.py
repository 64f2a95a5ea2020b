"""Ports of the viewing feature: profiles, progress, watched seconds, watchlists, removal."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.model import VideoId
from chalicelib.viewing.model import ProfileId, ViewingKey, WatchlistEntry
from chalicelib.viewing.profile import AccountProfiles
from chalicelib.viewing.progress import DatedReport, Progress, Watched


class ProfileStore(Protocol):
    def of(self, account_id: AccountId) -> AccountProfiles:
        """Return the profiles; an account that has none stored has the default one."""

    def save(self, profiles: AccountProfiles) -> AccountProfiles:
        """Replace the stored profiles; raise `StaleProfiles` if they changed since."""


class ProgressStore(Protocol):
    def record(self, key: ViewingKey, report: DatedReport) -> bool:
        """Store the report and add its seconds; False if an event of its time or later is known.

        One that wins ties is stored beside an event of its time, unless that has its position.
        """

    def get(self, key: ViewingKey) -> Progress | None: ...

    def every(
        self, account_id: AccountId, profile_id: ProfileId | None = None
    ) -> Sequence[Progress]:
        """Return the progress of a profile, or of all profiles of the account."""

    def clear(self, key: ViewingKey, *, at: datetime) -> None:
        """Forget the position; watched seconds stay, and events until `at` change nothing."""


class WatchedStore(Protocol):
    def unsettled(self, *, before: date, most: int) -> Sequence[ViewingKey]:
        """Return what has watched seconds of earlier days that no aggregate contains."""

    def settle(self, key: ViewingKey, *, before: date) -> bool:
        """Move watched seconds of earlier days to the aggregates, exactly once.

        False if there are none, or the progress changed meanwhile.
        """

    def of(
        self, video_id: VideoId, *, since: date = date.min, until: date = date.max
    ) -> Sequence[Watched]:
        """Return the aggregates of a video by day and codec, the earliest first."""

    def unsettled_of(self, account_id: AccountId) -> Sequence[tuple[VideoId, Watched]]:
        """Return what the account watched and no aggregate contains."""

    def restore(self, video_id: VideoId, watched: Watched) -> bool:
        """Store an aggregate of an export; False if this day and codec have one."""


class WatchlistStore(Protocol):
    def add(self, key: ViewingKey, *, at: datetime) -> None:
        """Add the video; one that is listed keeps its time."""

    def remove(self, key: ViewingKey) -> None: ...

    def entries(
        self, account_id: AccountId, profile_id: ProfileId | None = None
    ) -> Sequence[WatchlistEntry]:
        """Return the watchlist of a profile, or those of all profiles of the account."""


class ViewingRemoval(Protocol):
    def note(self, account_id: AccountId, *, at: datetime) -> None:
        """Note that the account is being deleted, so that clean-up completes its removal."""

    def noted(self, *, before: datetime) -> Sequence[AccountId]: ...

    def drop_note(self, account_id: AccountId, *, before: datetime) -> None:
        """Delete the note, unless it is of a later deletion."""

    def remove_account(self, account_id: AccountId) -> None:
        """Delete everything of the account, but for aggregates; can be repeated."""

    def remove_profile(self, account_id: AccountId, profile_id: ProfileId) -> None:
        """Delete progress and watchlist of the profile; can be repeated."""
