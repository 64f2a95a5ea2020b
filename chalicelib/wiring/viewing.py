"""Wiring of the viewing feature."""

from functools import cache
from typing import TYPE_CHECKING, Any

from chalicelib.viewing.audience_figures import AudienceFigures
from chalicelib.viewing.choice import ProfileChoice
from chalicelib.viewing.home import Home
from chalicelib.viewing.pins import Pins
from chalicelib.viewing.ports import (
    ProfileStore,
    ProgressStore,
    ViewingRemoval,
    WatchedStore,
    WatchlistStore,
)
from chalicelib.viewing.profile_cache import ProfileCache
from chalicelib.viewing.profiles import Profiles
from chalicelib.viewing.progress import ContinueRule
from chalicelib.viewing.removal import AccountRemoval
from chalicelib.viewing.tracking import Tracking
from chalicelib.viewing.watchlists import Watchlists
from chalicelib.wiring import accounts, catalogue, stage

# What only events and imports need is imported by those.
if TYPE_CHECKING:
    from chalicelib.viewing.clean_up import ViewingCleanUp
    from chalicelib.viewing.export import ViewingExport


@cache
def profiles() -> Profiles:
    return Profiles(_profile_cache(), _removal(), _pins())


@cache
def choice() -> ProfileChoice:
    return ProfileChoice(_profile_cache(), _pins())


@cache
def tracking() -> Tracking:
    return Tracking(
        store=progress_store(),
        catalogue=catalogue.catalogue_cache(),
        rule=continue_rule(),
        clock=stage.clock(),
    )


def continue_rule() -> ContinueRule:
    return ContinueRule(*stage.settings().continue_percents)


@cache
def watchlists() -> Watchlists:
    return Watchlists(watchlist_store(), catalogue.catalogue_cache(), stage.clock())


@cache
def home() -> Home:
    return Home(tracking(), watchlists())


@cache
def audience_figures() -> AudienceFigures:
    return AudienceFigures(watched_store(), stage.clock())


@cache
def account_removal() -> AccountRemoval:
    return AccountRemoval(
        _removal(), accounts.account_details(), accounts.password_verifier(), stage.clock()
    )


@cache
def export() -> "ViewingExport":
    from chalicelib.viewing.export import ViewingExport

    return ViewingExport(profile_store(), progress_store(), watchlist_store(), watched_store())


@cache
def clean_up() -> "ViewingCleanUp":
    from chalicelib.viewing.clean_up import ViewingCleanUp

    return ViewingCleanUp(
        removal=_removal(),
        watched=watched_store(),
        accounts=accounts.account_store(),
        clock=stage.clock(),
    )


@cache
def _profile_cache() -> ProfileCache:
    return ProfileCache(profile_store(), stage.clock())


@cache
def _pins() -> Pins:
    return Pins(
        hasher=accounts.hasher(),
        verifier=accounts.password_verifier(),
        throttle=accounts.throttle(),
        signer=accounts.signer(),
        clock=stage.clock(),
    )


@cache
def profile_store() -> ProfileStore:
    from chalicelib.adapters.dynamodb.profile_store import DynamoProfileStore

    return DynamoProfileStore(_table())


@cache
def progress_store() -> ProgressStore:
    from chalicelib.adapters.dynamodb.progress_store import DynamoProgressStore

    return DynamoProgressStore(_table())


@cache
def watchlist_store() -> WatchlistStore:
    from chalicelib.adapters.dynamodb.watchlist_store import DynamoWatchlistStore

    return DynamoWatchlistStore(_table())


@cache
def watched_store() -> WatchedStore:
    from chalicelib.adapters.dynamodb.watched_store import DynamoWatchedStore

    return DynamoWatchedStore(_table())


@cache
def _removal() -> ViewingRemoval:
    from chalicelib.adapters.dynamodb.viewing_removal import DynamoViewingRemoval

    return DynamoViewingRemoval(_table())


@cache
def _table() -> Any:
    from chalicelib.adapters.dynamodb import viewing_tables

    return viewing_tables.bind(viewing=stage.settings().viewing_table)
