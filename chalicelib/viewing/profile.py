"""A profile: one person of an account who watches, and the profiles of an account."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from chalicelib.accounts.model import AccountId
from chalicelib.catalogue.model import NO_AGE_LIMIT
from chalicelib.language import Language, Text
from chalicelib.viewing.model import (
    DEFAULT_PROFILE,
    DefaultProfile,
    ProfileId,
    ProfileNotFound,
    TooManyProfiles,
)

MOST_PROFILES = 6
LONGEST_NAME = 50
PIN_DIGITS = 4
_ID = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)
# Of a language, or none.
LANGUAGE_TAG = re.compile(r"(?:[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})?", re.ASCII)
_ID_BYTES = 9


class Picture(StrEnum):
    """The pictures of profiles; clients draw them."""

    OWL = "owl"
    BEAR = "bear"
    CAT = "cat"
    FOX = "fox"
    PANDA = "panda"
    PENGUIN = "penguin"
    ROBOT = "robot"
    DRAGON = "dragon"


@dataclass(frozen=True, slots=True)
class Profile:
    id: ProfileId
    # Empty for a default profile that was never changed: clients show the name of the account.
    name: str = ""
    picture: Picture = Picture.OWL
    # None: that of the account.
    language: Language | None = None
    # Tags of languages; empty: no captions, and the sound that a video begins with.
    caption_language: str = ""
    audio_language: str = ""
    age_limit: int = NO_AGE_LIMIT
    pin_hash: str = field(default="", repr=False)

    @property
    def has_pin(self) -> bool:
        return bool(self.pin_hash)

    @property
    def has_age_limit(self) -> bool:
        return self.age_limit < NO_AGE_LIMIT

    @property
    def is_default(self) -> bool:
        return self.id == DEFAULT_PROFILE


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """Changes of a profile; `None` leaves a field unchanged, an empty PIN removes it."""

    name: str | None = None
    picture: Picture | None = None
    language: Language | None = None
    caption_language: str | None = None
    audio_language: str | None = None
    age_limit: int | None = None
    pin: str | None = field(default=None, repr=False)

    @property
    def is_for_managers(self) -> bool:
        """Whether it could lift a limit, or remove the guard that keeps one."""
        return self.age_limit is not None or self.pin == ""

    def applied_to(self, profile: Profile, *, pin_hash: str) -> Profile:
        if profile.is_default and pin_hash:
            raise DefaultProfile("The default profile cannot have a PIN.")
        return replace(
            profile,
            name=profile.name if self.name is None else self.name,
            picture=self.picture or profile.picture,
            language=self.language or profile.language,
            caption_language=_either(self.caption_language, profile.caption_language),
            audio_language=_either(self.audio_language, profile.audio_language),
            age_limit=profile.age_limit if self.age_limit is None else self.age_limit,
            pin_hash=pin_hash,
        )


@dataclass(frozen=True, slots=True)
class AccountProfiles:
    """The profiles of an account, the default one first."""

    account_id: AccountId
    profiles: tuple[Profile, ...] = (Profile(DEFAULT_PROFILE),)
    revision: int = 0

    def get(self, profile_id: str) -> Profile:
        """Return the profile; raise `ProfileNotFound`."""
        for each in self.profiles:
            if each.id == profile_id:
                return each
        raise ProfileNotFound

    @property
    def guarded(self) -> Sequence[Profile]:
        return [each for each in self.profiles if each.has_pin]

    def with_added(self, profile: Profile) -> Self:
        if len(self.profiles) >= MOST_PROFILES:
            raise TooManyProfiles(
                Text("An account has at most {most} profiles.", most=MOST_PROFILES)
            )
        return replace(self, profiles=(*self.profiles, profile))

    def with_changed(self, profile: Profile) -> Self:
        changed = tuple(profile if each.id == profile.id else each for each in self.profiles)
        return replace(self, profiles=changed)

    def without(self, profile: Profile) -> Self:
        return replace(self, profiles=tuple(each for each in self.profiles if each != profile))


def is_profile_id(text: str) -> bool:
    """Return whether a text could be an id of a profile, also of an earlier version."""
    return _ID.fullmatch(text) is not None


def new_profile_id() -> ProfileId:
    return ProfileId(secrets.token_urlsafe(_ID_BYTES))


def _either(sent: str | None, present: str) -> str:
    return present if sent is None else sent
