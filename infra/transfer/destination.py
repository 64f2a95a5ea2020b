"""Where imported objects go: a stage, or for a dry run nowhere; nothing is overwritten."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from chalicelib.accounts.model import (
    Account,
    AccountId,
    AccountNotFound,
    AccountTaken,
    EmailTaken,
    StaleAccount,
)
from chalicelib.accounts.ports import AccountStore
from chalicelib.catalogue import object_keys
from chalicelib.catalogue.cache import CatalogueCache
from chalicelib.catalogue.categories import Categories
from chalicelib.catalogue.model import (
    Category,
    CategoryTaken,
    StaleCategory,
    Video,
    VideoId,
    VideoNotFound,
    VideoTaken,
)
from chalicelib.catalogue.ports import CategoryStore, VideoStore
from chalicelib.errors import InvalidInput
from chalicelib.ingest.source_keys import sidecar_key, suffix_of, upload_key
from infra.transfer.entries import AccountEntry, ProgressEntry, VideoEntry
from infra.transfer.ids import spare_id, upload_id
from infra.transfer.result import Added, Result
from infra.transfer.viewing_destination import ViewingDestination


class Destination(Protocol):
    def add_account(self, entry: AccountEntry) -> Added: ...

    def add_category(self, name: str) -> Result: ...

    def add_video(self, entry: VideoEntry) -> Added: ...

    def add_progress(self, entry: ProgressEntry) -> Result: ...


class SourceFiles(Protocol):
    """The uploads bucket, as a program with rights on it sends files."""

    def send(self, path: Path, key: str) -> bool:
        """Send a file unless the bucket has it; return whether it was sent."""


class DryRun:
    """Accepts everything and writes nothing."""

    def add_account(self, entry: AccountEntry) -> Added:
        return Added(Result.IMPORTED, entry.account.id)

    def add_category(self, _name: str) -> Result:
        return Result.IMPORTED

    def add_video(self, entry: VideoEntry) -> Added:
        return Added(Result.IMPORTED, entry.video.id, is_sent=entry.source is not None)

    def add_progress(self, _entry: ProgressEntry) -> Result:
        return Result.IMPORTED


@dataclass(frozen=True, slots=True)
class StageDestination:
    """Every write is conditional, so that an import can be repeated after it was interrupted."""

    accounts: AccountStore
    category_store: CategoryStore
    videos: VideoStore
    cache: CatalogueCache
    categories: Categories
    files: SourceFiles
    viewing: ViewingDestination
    # What this import has met, which no other object of it is.
    met_accounts: set[AccountId] = field(default_factory=set)
    met_videos: set[VideoId] = field(default_factory=set)

    def add_account(self, entry: AccountEntry) -> Added:
        added = self._add_account(entry)
        if added.id is not None:
            self.met_accounts.add(AccountId(added.id))
        return added

    def _add_account(self, entry: AccountEntry) -> Added:
        account = entry.account
        spare = AccountId(spare_id(entry.name))
        ids = dict.fromkeys((account.id, spare))
        # First by id: its address may have changed here, and be the address of another one now.
        if entry.is_dated and (earlier := self._imported_before(ids, account)):
            has_moved = earlier.email != account.email
            result = Result.MOVED if has_moved else Result.PRESENT
            return Added(result, earlier.id, is_recognised=True)
        present = self.accounts.by_email(account.email)
        if present and present.is_pending and not account.is_pending:
            with suppress(StaleAccount):
                self.accounts.remove(present)
        elif present and present.id not in ids and self._may_have_moved(ids, entry):
            # Another person may have its address by now.
            return Added(Result.PRESENT)
        elif present:
            is_recognised = not entry.is_dated and present.id in ids
            return replace(_present(present), is_recognised=is_recognised)
        for account_id in ids:
            with suppress(EmailTaken, AccountTaken):
                self.accounts.add(replace(account, id=account_id))
                return _added(account_id, account.id)
        # Its address was signed up with meanwhile, or both ids are in use.
        present = self.accounts.by_email(account.email)
        return _present(present) if present else Added(Result.REFUSED)

    def _imported_before(self, ids: Iterable[AccountId], account: Account) -> Account | None:
        stored = self._not_met(ids)
        return next((each for each in stored if each.created_at == account.created_at), None)

    def _may_have_moved(self, ids: Iterable[AccountId], entry: AccountEntry) -> bool:
        """Return whether an account without a time of its own may be here, under another address.

        One with a time was looked for before.
        """
        return not entry.is_dated and any(self._not_met(ids))

    def _not_met(self, ids: Iterable[AccountId]) -> Iterator[Account]:
        for account_id in ids:
            if account_id not in self.met_accounts:
                with suppress(AccountNotFound):
                    yield self.accounts.by_id(account_id)

    def add_category(self, name: str) -> Result:
        try:
            self.categories.add(name)
        except CategoryTaken:
            return Result.PRESENT
        except InvalidInput:
            return Result.REFUSED
        return Result.IMPORTED

    def restore_category(self, category: Category) -> Result:
        """Add an exported category with its id, its slug and its other names."""
        plain = replace(category, other_slugs=())
        try:
            self.category_store.add(plain)
        except CategoryTaken:
            stored = self.cache.snapshot().names.by_id.get(category.id)
            is_same = stored and replace(stored, changed_at=plain.changed_at) == plain
            # If only its other names are missing, an import was interrupted before them.
            if not (is_same and category.other_slugs):
                return Result.PRESENT
        if category.other_slugs:
            with suppress(CategoryTaken, StaleCategory):
                self.category_store.rename(plain, category)
        return Result.IMPORTED

    def add_video(self, entry: VideoEntry) -> Added:
        added = self._add_video(entry)
        if added.id is not None:
            self.met_videos.add(VideoId(added.id))
        return added

    def _add_video(self, entry: VideoEntry) -> Added:
        spare, has_twin = VideoId(spare_id(entry.name)), False
        for video_id in dict.fromkeys((entry.video.id, spare)):
            video = replace(entry.video, id=video_id)
            try:
                self.videos.add(video)
            except VideoTaken:
                stored = self._stored(video_id)
                if stored is None:
                    return Added(Result.DELETED)
                if video_id not in self.met_videos and _is_same(stored, entry):
                    is_sent = self._send_missing(stored, entry)
                    is_retitled = stored.card.title != entry.video.card.title
                    result = Result.RETITLED if is_retitled else Result.PRESENT
                    return Added(
                        result,
                        video_id,
                        is_recognised=True,
                        is_sent=is_sent,
                        lacks_media=entry.source is None and not stored.encode.revision,
                    )
                has_twin = has_twin or _has_time_of(stored, entry)
                continue
            added = replace(_added(video_id, entry.video.id), has_twin=has_twin)
            return replace(added, is_sent=self._send_missing(video, entry))
        return Added(Result.REFUSED)

    def add_progress(self, entry: ProgressEntry) -> Result:
        return self.viewing.add_progress(entry.key, entry.report)

    def _stored(self, video_id: VideoId) -> Video | None:
        try:
            return self.videos.get(video_id)
        except VideoNotFound:
            return None

    def _send_missing(self, video: Video, entry: VideoEntry) -> bool:
        """Send the source unless an encode of it has begun; subtitles before it, and the poster."""
        if entry.poster and video.poster.newest < entry.poster[0]:
            poster, picture = entry.poster
            self.files.send(picture, object_keys.sent_poster(video.id, poster))
        if entry.source is None or video.encode.revision:
            return False
        for language, path in entry.subtitles.items():
            self.files.send(path, sidecar_key(video.id, language, suffix_of(path.name)))
        upload = upload_id(f"{entry.name} {entry.source.name}")
        return self.files.send(entry.source, upload_key(video.id, upload, entry.source.name))


def _present(account: Account) -> Added:
    """Return that its address is in use; without an id while its owner is unconfirmed."""
    return Added(Result.PRESENT, None if account.is_pending else account.id)


def _added(object_id: int, own_id: int) -> Added:
    return Added(Result.IMPORTED if object_id == own_id else Result.RENUMBERED, object_id)


def _is_same(stored: Video, entry: VideoEntry) -> bool:
    """Return whether the video under this id is the one of an earlier import.

    It may have been renamed here; of two installations, both may have a video of this id and time.
    """
    if entry.is_dated and not _has_time_of(stored, entry):
        return False
    here, theirs = stored.card, entry.video.card
    has_a_text = here.title == theirs.title or here.description == theirs.description != ""
    return has_a_text or (entry.is_dated and entry.has_unique_id)


def _has_time_of(stored: Video, entry: VideoEntry) -> bool:
    return stored.created_at == entry.video.created_at
