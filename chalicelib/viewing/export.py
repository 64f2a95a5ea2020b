"""Use case of exports: everything that an account keeps of its viewing, as plain objects."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.accounts.model import AccountId
from chalicelib.viewing.ports import ProfileStore, ProgressStore, WatchlistStore
from chalicelib.viewing.profile import Profile

Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ViewingExport:
    profiles: ProfileStore
    progress: ProgressStore
    watchlists: WatchlistStore

    def of(self, account_id: AccountId) -> Iterator[Plain]:
        """Yield the stored profiles, then progress, then watchlists, in the order of their keys.

        `pin_hash` is for the import of a stage; an export for its viewer leaves it out.
        """
        stored = self.profiles.of(account_id)
        for profile in stored.profiles if stored.revision else ():
            yield _profile(profile)
        for progress in self.progress.every(account_id):
            yield {
                "kind": "progress",
                "profile": progress.profile,
                "video": progress.video_id,
                "position": progress.position,
                "duration": progress.duration,
                "at": progress.at.isoformat(),
            }
        for entry in self.watchlists.entries(account_id):
            yield {
                "kind": "watchlist",
                "profile": entry.profile,
                "video": entry.video_id,
                "at": entry.at.isoformat(),
            }


def _profile(profile: Profile) -> Plain:
    return {
        "kind": "profile",
        "id": profile.id,
        "name": profile.name,
        "picture": profile.picture.value,
        "language": profile.language.value if profile.language else None,
        "caption_language": profile.caption_language,
        "audio_language": profile.audio_language,
        "age_limit": profile.age_limit,
        "pin_hash": profile.pin_hash,
    }
