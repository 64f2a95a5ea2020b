"""A stage made of fakes, and imports into it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from chalicelib.catalogue.cache import CatalogueCache
from chalicelib.catalogue.categories import Categories
from infra.transfer.destination import StageDestination
from infra.transfer.django_accounts import DjangoAccounts
from infra.transfer.django_import import DjangoImport
from infra.transfer.django_videos import DjangoVideos
from infra.transfer.imported_ids import ImportedIds
from infra.transfer.json_objects import JsonFile
from infra.transfer.mapping import DumpMapping
from infra.transfer.report import TransferReport
from infra.transfer.source_files import MediaFolder
from infra.transfer.viewing_destination import ViewingDestination
from tests.builders.dumps import a_dump
from tests.fakes.account_store import InMemoryAccountStore
from tests.fakes.audit_trail import InMemoryAuditTrail
from tests.fakes.catalogue_copies import InMemoryCopies
from tests.fakes.category_store import InMemoryCategoryStore
from tests.fakes.change_log import InMemoryChangeLog
from tests.fakes.clock import HandClock
from tests.fakes.video_store import InMemoryVideoStore
from tests.fakes.viewing_stores import (
    InMemoryProfileStore,
    InMemoryProgressStore,
    InMemoryWatchedStore,
    InMemoryWatchlistStore,
    ViewingTable,
)


@dataclass
class SentFiles:
    sent: dict[str, bytes] = field(default_factory=dict)

    def send(self, path: Path, key: str) -> bool:
        if self.sent.get(key) == path.read_bytes():
            return False
        self.sent[key] = path.read_bytes()
        return True


@dataclass
class FakeStage:
    clock: HandClock
    accounts: InMemoryAccountStore
    videos: InMemoryVideoStore
    categories: InMemoryCategoryStore
    files: SentFiles
    viewing: ViewingTable
    uses: StageDestination

    @classmethod
    def empty(cls) -> "FakeStage":
        clock = HandClock()
        accounts, videos = InMemoryAccountStore(clock), InMemoryVideoStore(clock)
        categories, files = InMemoryCategoryStore(clock), SentFiles()
        cache = CatalogueCache(InMemoryChangeLog(videos, categories), InMemoryCopies(), clock)
        use_cases = Categories(categories, cache, InMemoryAuditTrail(), clock)
        viewing = ViewingTable()
        destination = StageDestination(
            accounts, categories, videos, cache, use_cases, files, stores_of(viewing)
        )
        return cls(clock, accounts, videos, categories, files, viewing, destination)

    @property
    def destination(self) -> StageDestination:
        """A new one, as each command has."""
        return replace(self.uses, met_accounts=set(), met_videos=set())

    def import_rows(
        self,
        folder: Path,
        rows: Sequence[object],
        *,
        media: Path | None = None,
        unconfirmed: Collection[str] = (),
    ) -> TransferReport:
        """Import a dump, a minute after the import before."""
        self.clock.advance(minutes=1)
        dump = JsonFile(a_dump(folder, rows))
        with ImportedIds() as ids:
            run = DjangoImport(dump, DumpMapping.known(), self.destination, ids, TransferReport())
            now = self.clock.now()
            accounts = DjangoAccounts("unusable", now, frozenset(unconfirmed))
            references = run.references(accounts)
            videos = DjangoVideos(references, MediaFolder(media) if media else None, now)
            run.write(accounts, videos)
        return run.report


def stores_of(table: ViewingTable) -> ViewingDestination:
    return ViewingDestination(
        InMemoryProfileStore(table),
        InMemoryProgressStore(table),
        InMemoryWatchlistStore(table),
        InMemoryWatchedStore(table),
    )


@pytest.fixture
def stage() -> FakeStage:
    return FakeStage.empty()
