"""Items of the viewing table, and the token of an unlocked profile."""

import os
from typing import Any

from chalicelib.accounts.sign_ins import PasswordVerifier
from chalicelib.accounts.tokens import Identity
from chalicelib.adapters.dynamodb import viewing_tables
from chalicelib.adapters.dynamodb.profile_store import DynamoProfileStore
from chalicelib.adapters.dynamodb.progress_store import DynamoProgressStore
from chalicelib.adapters.dynamodb.viewing_removal import DynamoViewingRemoval
from chalicelib.adapters.dynamodb.watched_store import DynamoWatchedStore
from chalicelib.adapters.dynamodb.watchlist_store import DynamoWatchlistStore
from chalicelib.language import Language
from chalicelib.viewing.model import (
    DEFAULT_PROFILE,
    Codec,
    ProfileId,
    ViewingKey,
    WatchlistEntry,
)
from chalicelib.viewing.pins import Pins
from chalicelib.viewing.profile import AccountProfiles, Picture, Profile
from chalicelib.viewing.progress import DatedReport, Progress, Watched
from tests.fakes.account_store import InMemoryAccountStore
from tests.fakes.password_hasher import ReadableHasher
from tests.fakes.throttle import InMemoryThrottle
from tests.formats import media
from tests.formats.credentials import CLOCK, SIGNER, signed
from tests.formats.form import MOMENT
from tests.formats.items import ACCOUNT, LATER, SESSION, item

KEY = ViewingKey(ACCOUNT.id, ProfileId("a-profile_1"), media.VIDEO)
REPORT = DatedReport(61.5, 5400.25, MOMENT, Watched(MOMENT.date(), Codec.H264, 12.5))
PROGRESS = Progress(KEY.profile_id, KEY.video_id, REPORT.position, REPORT.duration, REPORT.at)
KIDS = Profile(
    KEY.profile_id,
    name="Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}",
    picture=Picture.DRAGON,
    language=Language.GERMAN,
    caption_language="de",
    audio_language="pt-BR",
    age_limit=6,
    pin_hash="the hash of a PIN",
)
PROFILES = AccountProfiles(ACCOUNT.id, (Profile(DEFAULT_PROFILE), KIDS), revision=1)
IDENTITY = Identity(ACCOUNT.id, SESSION.id)
THROTTLE = InMemoryThrottle(CLOCK)
HASHER = ReadableHasher()
PINS = Pins(
    HASHER, PasswordVerifier(InMemoryAccountStore(CLOCK), HASHER, THROTTLE), THROTTLE, SIGNER, CLOCK
)


def _table() -> Any:
    return viewing_tables.bind(viewing=os.environ["VIEWING_TABLE"])


def _profiles() -> DynamoProfileStore:
    return DynamoProfileStore(_table())


def _progress() -> DynamoProgressStore:
    return DynamoProgressStore(_table())


def _watched() -> DynamoWatchedStore:
    return DynamoWatchedStore(_table())


def _watchlists() -> DynamoWatchlistStore:
    return DynamoWatchlistStore(_table())


def _removal() -> DynamoViewingRemoval:
    return DynamoViewingRemoval(_table())


def _stored_profiles() -> None:
    first = AccountProfiles(ACCOUNT.id, PROFILES.profiles)
    assert _profiles().save(first) == PROFILES


def _cleared() -> None:
    _progress().record(KEY, REPORT)
    _progress().clear(KEY, at=LATER)


def _settled() -> None:
    _progress().record(KEY, REPORT)
    _watched().settle(KEY, before=LATER.date())


def _read_progress() -> object:
    """Return the position, what is to be settled, and its aggregate."""
    due = _watched().unsettled(before=LATER.date(), most=9)
    _watched().settle(KEY, before=LATER.date())
    return _progress().get(KEY), due, _watched().of(KEY.video_id)


FORMATS = (
    item("profiles", _stored_profiles, lambda: _profiles().of(ACCOUNT.id).profiles[1], KIDS),
    item(
        "progress",
        lambda: _progress().record(KEY, REPORT),
        _read_progress,
        (PROGRESS, [KEY], [REPORT.watched]),
    ),
    item(
        "progress_cleared",
        _cleared,
        lambda: (_progress().get(KEY), _progress().record(KEY, REPORT)),
        (None, False),
    ),
    item(
        "watched", _settled, lambda: _watched().of(KEY.video_id), [REPORT.watched], key="WATCHED#"
    ),
    item(
        "watchlist",
        lambda: _watchlists().add(KEY, at=MOMENT),
        lambda: _watchlists().entries(ACCOUNT.id, KEY.profile_id),
        [WatchlistEntry(KEY.profile_id, KEY.video_id, MOMENT)],
    ),
    item(
        "viewing_removal",
        lambda: _removal().note(ACCOUNT.id, at=MOMENT),
        lambda: _removal().noted(before=LATER),
        [ACCOUNT.id],
    ),
    signed(
        "profile_token",
        lambda: PINS.token(IDENTITY, KIDS, is_by_password=False)[0],
        lambda token: PINS.is_unlocked(IDENTITY, KIDS, token),
        expected=True,
    ),
)
