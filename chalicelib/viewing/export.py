"""Use case of exports: everything that an account keeps of its viewing."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.model import VideoId
from chalicelib.viewing.model import WatchlistEntry
from chalicelib.viewing.ports import ProfileStore, ProgressStore, WatchedStore, WatchlistStore
from chalicelib.viewing.profile import Profile
from chalicelib.viewing.progress import Progress, Watched


@dataclass(frozen=True, slots=True)
class AccountViewing:
    """What an account keeps; only of profiles that exist."""

    profiles: tuple[Profile, ...]
    progress: Sequence[Progress] = ()
    watchlist: Sequence[WatchlistEntry] = ()
    # Watched seconds that no aggregate contains.
    unsettled: Sequence[tuple[VideoId, Watched]] = ()


@dataclass(frozen=True, slots=True)
class ViewingExport:
    profiles: ProfileStore
    progress: ProgressStore
    watchlists: WatchlistStore
    watched: WatchedStore

    def of(self, account_id: AccountId) -> AccountViewing:
        """Return all of an account, in the order of its keys, with the hashes of its PINs."""
        profiles = self.profiles.of(account_id).profiles
        # A late report of a deleted profile stays until the account is deleted.
        present = {each.id for each in profiles}
        progress = self.progress.every(account_id)
        listed = self.watchlists.entries(account_id)
        return AccountViewing(
            profiles,
            [each for each in progress if each.profile_id in present],
            [each for each in listed if each.profile_id in present],
            self.watched.unsettled_of(account_id),
        )
