"""Use cases of profiles: list, add, change, remove, unlock."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from chalicelib.accounts.tokens import Identity
from chalicelib.viewing.model import DefaultProfile, ProfileLocked, StaleProfiles
from chalicelib.viewing.pins import Pins
from chalicelib.viewing.ports import ViewingRemoval
from chalicelib.viewing.profile import AccountProfiles, Profile, ProfileChange, new_profile_id
from chalicelib.viewing.profile_cache import ProfileCache

# Retries of concurrent changes; each round one of them succeeds.
_TRIES = 5


@dataclass(frozen=True, slots=True)
class UnlockedProfile:
    profile: Profile
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Profiles:
    cache: ProfileCache
    removal: ViewingRemoval
    pins: Pins

    def of(self, identity: Identity) -> Sequence[Profile]:
        return self.cache.read(identity.account_id).profiles

    def add(self, identity: Identity, change: ProfileChange, *, token: str = "") -> Profile:
        """Add a profile; raise `TooManyProfiles` if the account has the most it may have."""
        blank = Profile(new_profile_id())
        added = change.applied_to(blank, pin_hash=self.pins.hashed(change.pin or ""))
        self._save(identity, token, lambda profiles: profiles.with_added(added))
        return added

    def change(
        self, identity: Identity, profile_id: str, change: ProfileChange, *, token: str = ""
    ) -> Profile:
        """Change only these fields; a changed PIN ends the tokens of the profile."""
        hashed = None if change.pin is None else self.pins.hashed(change.pin)

        def changed(profiles: AccountProfiles) -> AccountProfiles:
            present = profiles.get(profile_id)
            pin_hash = present.pin_hash if hashed is None else hashed
            return profiles.with_changed(change.applied_to(present, pin_hash=pin_hash))

        own = "" if change.is_for_managers else profile_id
        return self._save(identity, token, changed, own=own).get(profile_id)

    def remove(self, identity: Identity, profile_id: str, *, token: str = "") -> None:
        """Delete a profile with its progress and its watchlist."""

        def without(profiles: AccountProfiles) -> AccountProfiles:
            profile = profiles.get(profile_id)
            if profile.is_default:
                raise DefaultProfile("The default profile cannot be deleted.")
            # Before the profile, so that a removal that fails half way can be repeated.
            self.removal.remove_profile(identity.account_id, profile.id)
            return profiles.without(profile)

        self._save(identity, token, without)

    def unlock(
        self, identity: Identity, profile_id: str, *, pin: str = "", password: str = ""
    ) -> UnlockedProfile:
        """Return a token for the profile, by its PIN or by the password of the account."""
        profile = self.cache.read(identity.account_id).get(profile_id)
        if password:
            self.pins.confirm_password(identity.account_id, password)
        else:
            self.pins.confirm(identity.account_id, profile, pin)
        issued = self.pins.token(identity, profile, is_by_password=bool(password))
        return UnlockedProfile(profile, *issued)

    def _save(
        self,
        identity: Identity,
        token: str,
        changed: Callable[[AccountProfiles], AccountProfiles],
        *,
        own: str = "",
    ) -> AccountProfiles:
        for _ in range(_TRIES):
            profiles = self.cache.read(identity.account_id)
            self._require_manager(identity, profiles, token, own)
            with suppress(StaleProfiles):
                return self.cache.save(changed(profiles))
        raise StaleProfiles("The profiles were changed meanwhile. Please try again.")

    def _require_manager(
        self, identity: Identity, profiles: AccountProfiles, token: str, own: str
    ) -> None:
        """Raise `ProfileLocked` if profiles have PINs, and the token is of no manager.

        Otherwise a profile with an age limit could remove the limit, or add a profile without one.
        Its own token serves for its other fields (`own`).
        """
        guarded = profiles.guarded
        is_own = any(
            each.id == own and self.pins.is_unlocked(identity, each, token) for each in guarded
        )
        managing = (self.pins.is_manager(identity, each, token) for each in profiles.profiles)
        if guarded and not is_own and not any(managing):
            raise ProfileLocked(
                "Unlock a profile that has a PIN and no age limit, or any profile with the "
                "password of the account, before you change profiles."
            )
