"""Endpoints for profiles: list, add, change, delete and unlock the profiles of an account."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, TypedDict

from chalice.app import Blueprint

from chalicelib.api.body import NoBody, choice, matching, secret, text, whole
from chalicelib.api.core.chosen_profile import profile_token
from chalicelib.api.core.text_form import TEXT_FORM, said
from chalicelib.api.dialect import OFFICIAL
from chalicelib.api.endpoint import Api
from chalicelib.api.identity import Access
from chalicelib.api.reply import Detail
from chalicelib.api.request import Call
from chalicelib.catalogue.model import NO_AGE_LIMIT
from chalicelib.language import Language, Text
from chalicelib.viewing.profile import (
    LANGUAGE_TAG,
    LONGEST_NAME,
    PIN_DIGITS,
    Picture,
    Profile,
    ProfileChange,
)
from chalicelib.wiring import viewing

api = Api(OFFICIAL, Blueprint(__name__))

_NOT_A_TAG = "Send the tag of a language, such as de or pt-BR."
_PIN = re.compile(rf"(?:[0-9]{{{PIN_DIGITS}}})?", re.ASCII)
_NOT_A_PIN = Text("A PIN has {digits} digits.", digits=PIN_DIGITS)


@dataclass(frozen=True, slots=True)
class ProfileForm:
    name: str | None = text(longest=LONGEST_NAME, required=False)
    picture: Picture | None = choice(Picture)
    language: Language | None = choice(Language)
    caption_language: str | None = matching(
        LANGUAGE_TAG.fullmatch, pattern=LANGUAGE_TAG.pattern, otherwise=_NOT_A_TAG
    )
    audio_language: str | None = matching(
        LANGUAGE_TAG.fullmatch, pattern=LANGUAGE_TAG.pattern, otherwise=_NOT_A_TAG
    )
    age_limit: int | None = whole(smallest=0, largest=NO_AGE_LIMIT, required=False)
    pin: str | None = matching(_PIN.fullmatch, pattern=_PIN.pattern, otherwise=_NOT_A_PIN)

    @property
    def change(self) -> ProfileChange:
        return ProfileChange(
            name=self.name,
            picture=self.picture,
            language=self.language,
            caption_language=self.caption_language,
            audio_language=self.audio_language,
            age_limit=self.age_limit,
            pin=self.pin,
        )


@dataclass(frozen=True, slots=True)
class NewProfile(ProfileForm):
    name: str = text(longest=LONGEST_NAME)


@dataclass(frozen=True, slots=True)
class Unlocking:
    pin: str | None = matching(_PIN.fullmatch, pattern=_PIN.pattern, otherwise=_NOT_A_PIN)
    password: str | None = secret("current_password", required=False)


class ProfileShape(TypedDict):
    """A person of the account who watches; `language` is null for that of the account.

    The name is HTML or plain, as `text` says.
    """

    id: str
    name: str
    picture: Annotated[str, Picture]
    language: str | None
    caption_language: str
    audio_language: str
    age_limit: int
    has_pin: bool
    is_default: bool


class Unlocked(TypedDict):
    token: str
    expires_at: str


@api.get("/profiles", access=Access.SIGNED_IN, query=TEXT_FORM)
def list_profiles(call: Call[NoBody]) -> Sequence[ProfileShape]:
    """List the profiles of the account, the default one first."""
    is_plain = call.text_is_plain
    return [_shape(each, is_plain) for each in viewing.profiles().of(call.identity)]


@api.post("/profiles", NewProfile, access=Access.SIGNED_IN, success=201, query=TEXT_FORM)
def add_profile(call: Call[NewProfile]) -> ProfileShape:
    """Add a profile; it is 409 if the account has as many as it may have."""
    is_plain, profiles = call.text_is_plain, viewing.profiles()
    added = profiles.add(call.identity, call.body.change, token=profile_token(call))
    return _shape(added, is_plain)


@api.patch("/profiles/{profile_id}", ProfileForm, access=Access.SIGNED_IN, query=TEXT_FORM)
def change_profile(call: Call[ProfileForm], profile_id: str) -> ProfileShape:
    """Change the fields that are sent; all others stay, and an empty PIN removes it."""
    is_plain = call.text_is_plain
    changed = viewing.profiles().change(
        call.identity, profile_id, call.body.change, token=profile_token(call)
    )
    return _shape(changed, is_plain)


@api.delete("/profiles/{profile_id}", NoBody, access=Access.SIGNED_IN)
def remove_profile(call: Call[NoBody], profile_id: str) -> Detail:
    """Delete a profile with its history and its watchlist; the default one stays."""
    viewing.profiles().remove(call.identity, profile_id, token=profile_token(call))
    return {"detail": "The profile has been deleted."}


@api.post("/profiles/{profile_id}/unlock", Unlocking, access=Access.SIGNED_IN)
def unlock_profile(call: Call[Unlocking], profile_id: str) -> Unlocked:
    """Return a token for `X-Profile-Token`, by the PIN or by the password of the account."""
    unlocked = viewing.profiles().unlock(
        call.identity,
        profile_id,
        pin=call.body.pin or "",
        password=call.body.password or "",
    )
    return {"token": unlocked.token, "expires_at": unlocked.expires_at.isoformat()}


def _shape(profile: Profile, is_plain: bool) -> ProfileShape:
    return {
        "id": profile.id,
        "name": said(profile.name, is_plain=is_plain),
        "picture": profile.picture.value,
        "language": profile.language.value if profile.language else None,
        "caption_language": profile.caption_language,
        "audio_language": profile.audio_language,
        "age_limit": profile.age_limit,
        "has_pin": profile.has_pin,
        "is_default": profile.is_default,
    }
