"""Fixtures: the use cases of viewing over fakes, as several processes have them."""

from dataclasses import dataclass, field, replace

import pytest

from chalicelib.accounts.model import Account
from chalicelib.accounts.session import SessionId
from chalicelib.accounts.sign_ins import PasswordVerifier
from chalicelib.accounts.tokens import Identity
from chalicelib.catalogue.cache import CatalogueCache
from chalicelib.catalogue.model import Video
from chalicelib.catalogue.snapshot import Snapshot
from chalicelib.viewing.choice import ProfileChoice
from chalicelib.viewing.pins import Pins
from chalicelib.viewing.profile_cache import ProfileCache
from chalicelib.viewing.profiles import Profiles
from chalicelib.viewing.progress import ContinueRule
from chalicelib.viewing.tracking import Tracking
from chalicelib.viewing.watchlists import Watchlists
from tests.builders.accounts import an_account
from tests.builders.videos import a_published_video
from tests.fakes.account_store import InMemoryAccountStore
from tests.fakes.catalogue_copies import InMemoryCopies
from tests.fakes.category_store import InMemoryCategoryStore
from tests.fakes.change_log import InMemoryChangeLog
from tests.fakes.clock import HandClock
from tests.fakes.password_hasher import ReadableHasher
from tests.fakes.throttle import InMemoryThrottle
from tests.fakes.token_signer import RememberingSigner
from tests.fakes.video_store import InMemoryVideoStore
from tests.fakes.viewing_stores import (
    InMemoryProfileStore,
    InMemoryProgressStore,
    InMemoryViewingRemoval,
    InMemoryWatchlistStore,
    ViewingTable,
)

PASSWORD = "correct horse battery"


@dataclass
class CountingProfileStore(InMemoryProfileStore):
    reads: int = 0

    def of(self, account_id):  # type: ignore[no-untyped-def]
        self.reads += 1
        return super().of(account_id)


@dataclass
class InMemoryViewing:
    """One account with a catalogue, and as many processes as a test likes."""

    clock: HandClock = field(default_factory=HandClock)
    table: ViewingTable = field(default_factory=ViewingTable)

    def __post_init__(self) -> None:
        self.accounts = InMemoryAccountStore(self.clock)
        self.videos = InMemoryVideoStore(self.clock)
        self.categories = InMemoryCategoryStore(self.clock)
        self.profile_store = CountingProfileStore(self.table)
        password_hash = ReadableHasher().hash(PASSWORD)
        self.account = self.accounts.add(an_account(self.clock.now(), password_hash=password_hash))
        self.identity = self.identity_of(self.account)
        throttle = InMemoryThrottle(self.clock)
        self.pins = Pins(
            ReadableHasher(),
            PasswordVerifier(self.accounts, ReadableHasher(), throttle),
            throttle,
            RememberingSigner(self.clock),
            self.clock,
        )

    def identity_of(self, account: Account, session: str = "s") -> Identity:
        return Identity(account.id, SessionId(session))

    def put(self, title: str = "Metropolis", *, age_rating: int | None = None) -> Video:
        video = a_published_video(self.clock.now(), title)
        video = replace(video, card=replace(video.card, age_rating=age_rating))
        self.videos.add(video)
        return video

    def withdraw(self, video: Video) -> None:
        self.videos.write(video.id, video.card, is_published=False)

    def people(self) -> tuple[Profiles, ProfileChoice]:
        """The profiles as one process has them."""
        cache = ProfileCache(self.profile_store, self.clock)
        removal = InMemoryViewingRemoval(self.table)
        return Profiles(cache, removal, self.pins), ProfileChoice(cache, self.pins)

    def tracking(self, rule: ContinueRule | None = None) -> Tracking:
        """The progress as one process has it."""
        store = InMemoryProgressStore(self.table)
        return Tracking(store, self._catalogue(), rule or ContinueRule(), self.clock)

    def watchlists(self) -> Watchlists:
        return Watchlists(InMemoryWatchlistStore(self.table), self._catalogue(), self.clock)

    def snapshot(self) -> Snapshot:
        return self._catalogue().snapshot()

    def _catalogue(self) -> CatalogueCache:
        return CatalogueCache(
            InMemoryChangeLog(self.videos, self.categories), InMemoryCopies(), self.clock
        )


@pytest.fixture
def viewing() -> InMemoryViewing:
    return InMemoryViewing()
