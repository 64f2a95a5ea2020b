"""Profiles in DynamoDB: one item for all of an account, because there are at most six."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from pynamodb.connection import Connection
from pynamodb.exceptions import DoesNotExist

from chalicelib.accounts.model import AccountId
from chalicelib.adapters.dynamodb.transactions import refused_as
from chalicelib.adapters.dynamodb.viewing_keys import PROFILES, account_key
from chalicelib.adapters.dynamodb.viewing_tables import ProfilesItem
from chalicelib.language import Language
from chalicelib.stored import to_plain
from chalicelib.viewing.model import ProfileId, StaleProfiles
from chalicelib.viewing.profile import AccountProfiles, Picture, Profile


@dataclass(frozen=True, slots=True)
class DynamoProfileStore:
    connection: Connection

    def of(self, account_id: AccountId) -> AccountProfiles:
        try:
            item = ProfilesItem.get(account_key(account_id), PROFILES, consistent_read=True)
        except DoesNotExist:
            return AccountProfiles(account_id)
        profiles = tuple(_to_profile(each) for each in item.profiles)
        return AccountProfiles(account_id, profiles, int(item.revision))

    def save(self, profiles: AccountProfiles) -> AccountProfiles:
        saved = replace(profiles, revision=profiles.revision + 1)
        unchanged = (
            ProfilesItem.revision == profiles.revision
            if profiles.revision
            else ProfilesItem.revision.does_not_exist()
        )
        item = ProfilesItem(
            account_key(profiles.account_id),
            PROFILES,
            profiles=[to_plain(each) for each in saved.profiles],
            revision=saved.revision,
        )
        with refused_as(StaleProfiles("The profiles were changed meanwhile. Please try again.")):
            item.save(unchanged)
        return saved


def _to_profile(plain: Mapping[str, Any]) -> Profile:
    """Return the profile; values that only a later version knows get their defaults."""
    known = {each.name: plain[each.name] for each in fields(Profile) if each.name in plain}
    known["id"] = ProfileId(plain["id"])
    known["language"] = Language.named(plain.get("language") or "")
    pictures = {each.value: each for each in Picture}
    known["picture"] = pictures.get(plain.get("picture", ""), Picture.OWL)
    return Profile(**known)
