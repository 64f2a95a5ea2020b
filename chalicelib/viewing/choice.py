"""The profile of a request and its age limit, in most cases without a read of the store."""

from dataclasses import dataclass

from chalicelib.accounts.tokens import Identity
from chalicelib.catalogue.model import NO_AGE_LIMIT
from chalicelib.catalogue.snapshot import Snapshot
from chalicelib.viewing.model import DEFAULT_PROFILE, ProfileId, ProfileLocked, ProfileNotFound
from chalicelib.viewing.pins import Pins
from chalicelib.viewing.profile import AccountProfiles
from chalicelib.viewing.profile_cache import ProfileCache


@dataclass(frozen=True, slots=True)
class ProfileChoice:
    cache: ProfileCache
    pins: Pins

    def chosen(self, identity: Identity, profile_id: str = "", *, token: str = "") -> ProfileId:
        """Return the profile of a request; the default one, which has no PIN, if none is named.

        Raises `ProfileNotFound`, and `ProfileLocked` without a token of a profile with a PIN.
        """
        if profile_id in ("", DEFAULT_PROFILE):
            return DEFAULT_PROFILE
        try:
            recent = self.cache.recent(identity.account_id)
            return self._allowed(identity, recent, profile_id, token)
        except (ProfileNotFound, ProfileLocked):
            # Another process may have added the profile, or changed its PIN.
            current = self.cache.read(identity.account_id)
            return self._allowed(identity, current, profile_id, token)

    def age_limit(
        self, identity: Identity, snapshot: Snapshot, profile_id: str = "", *, token: str = ""
    ) -> int:
        """Return the age limit of the profile that `chosen` returns, and raise as it does.

        Without a rated video nothing is limited, and the default profile is not read.
        """
        chosen = self.chosen(identity, profile_id, token=token)
        if not snapshot.has_ratings:
            return NO_AGE_LIMIT
        return self.cache.recent(identity.account_id).get(chosen).age_limit

    def _allowed(
        self, identity: Identity, profiles: AccountProfiles, profile_id: str, token: str
    ) -> ProfileId:
        profile = profiles.get(profile_id)
        if profile.has_pin and not self.pins.is_unlocked(identity, profile, token):
            raise ProfileLocked("Unlock this profile with its PIN.")
        return profile.id
