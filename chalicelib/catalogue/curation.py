"""Use cases of administrators: add, change, publish and remove videos and categories."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from chalicelib.audit import (
    AuditAction,
    AuditEvent,
    AuditOutcome,
    AuditTrail,
    Target,
    current_actor,
)
from chalicelib.catalogue.cache import CatalogueCache
from chalicelib.catalogue.model import (
    LONGEST_NAME,
    LONGEST_TITLE,
    BadTitle,
    Card,
    Category,
    CategoryId,
    CategoryNotFound,
    CategoryTaken,
    Video,
    VideoId,
    VideoNotFound,
    VideoTaken,
    category_id_of,
    slug_of,
)
from chalicelib.catalogue.names import is_blank, one_line
from chalicelib.catalogue.ports import CategoryStore, Changes, PublicMedia, VideoStore
from chalicelib.clock import Clock, id_at, to_the_millisecond
from chalicelib.language import Text

_TRIES = 5
# The removal of a category writes all of them in one transaction.
_MOST_NAMES = 50
_BLANK = "This field may not be blank."
_EARLIER_NAME = (
    'This is an earlier name of the category "{name}" and still leads to it. '
    "Please choose another one."
)
_NO_NAME = "This field needs a letter or a digit."


@dataclass(frozen=True, slots=True)
class Curation:
    videos: VideoStore
    categories: CategoryStore
    cache: CatalogueCache
    public_media: PublicMedia
    trail: AuditTrail
    clock: Clock

    def add(
        self,
        card: Card,
        *,
        is_published: bool = False,
        video_id: VideoId | None = None,
        awaits_upload: str = "",
    ) -> Video:
        """Add a video without media; raise `VideoTaken` only if `video_id` is given."""
        card = canonical(card)
        self._have_category(card.category)
        now = to_the_millisecond(self.clock.now())
        for _ in range(_TRIES):
            number = video_id or VideoId(id_at(now, entropy=secrets.randbits(32)))
            video = Video(
                number,
                card,
                created_at=now,
                changed_at=now,
                is_published=is_published,
                awaits_upload=awaits_upload,
            )
            with suppress(VideoTaken):
                self.videos.add(video)
                self.cache.record(Changes({video.id: video}, {}))
                return video
            if video_id:
                break
        raise VideoTaken("This id is in use.")

    def get(self, video_id: VideoId) -> Video:
        """Read the video from the store; raise `VideoNotFound`."""
        return self.videos.get(video_id)

    def change(
        self,
        video_id: VideoId,
        change: Callable[[Card], Card],
        *,
        is_published: bool | None = None,
    ) -> Video:
        before = self.videos.get(video_id)
        changed = change(before.card)
        card = canonical(changed)
        if changed.category == before.card.category:
            # A stored name may break a rule for new names, and is the only link to its category.
            card = replace(card, category=changed.category)
        if card.category != before.card.category:
            self._have_category(card.category)
        if is_published and not before.is_published:
            self.public_media.reveal(before)
        video = self.videos.write(video_id, card, is_published=is_published, instead_of=before.card)
        self.cache.record(Changes({video_id: video}, {}))
        if before.is_published and not video.is_published:
            self.public_media.withdraw(video_id)
        return video

    def remove(self, video_id: VideoId) -> None:
        """Delete the video; calling it again repeats the removal of its media."""
        try:
            self.videos.remove(video_id)
            self.cache.record(Changes({video_id: None}, {}))
        finally:
            self.public_media.withdraw(video_id)

    def keep(self, video: Video) -> None:
        """Keep a draft even if the upload it was made for is aborted."""
        if video.awaits_upload:
            self.videos.keep(video.id)

    def remove_abandoned(self, video_id: VideoId, upload_id: str) -> bool:
        """Delete the draft of an aborted upload, unless it was used otherwise."""
        try:
            self.videos.remove_abandoned(video_id, upload_id)
        except VideoNotFound:
            return False
        self.cache.record(Changes({video_id: None}, {}))
        return True

    def add_category(self, name: str) -> Category:
        name = _category_name(name)
        self._refuse_one_alike(name)
        slug = slug_of(name)
        category = Category(category_id_of(slug), name, slug, changed_at=self.clock.now())
        try:
            self.categories.add(category)
        except CategoryTaken:
            raise self._taken(name) from None
        self.cache.record(Changes({}, {category.id: category}))
        return category

    def rename_category(self, category_id: CategoryId, name: str) -> Category:
        """Rename a category: it keeps its videos, id and slug.

        Raise `CategoryTaken` if the name belongs to another one.
        """
        before = self._category(category_id)
        slug = slug_of(before.name)
        is_ours = self.cache.snapshot().categories_by_slug.get(slug) == before
        after = before.renamed(_category_name(name), keeping=slug if is_ours else "")
        self._refuse_one_alike(after.name, but=category_id)
        if len(after.other_slugs) > _MOST_NAMES:
            problem = Text("A category can have {most} names over time.", most=_MOST_NAMES)
            raise BadTitle(fields={"name": [problem]})
        if after == before:
            return before
        try:
            renamed = self.categories.rename(before, after)
        except CategoryTaken:
            raise self._taken(after.name) from None
        self.cache.record(Changes({}, {category_id: renamed}))
        return renamed

    def remove_category(self, category_id: CategoryId) -> None:
        """Delete a category; videos keep its name."""
        self.categories.remove(self._category(category_id))
        self.cache.record(Changes({}, {category_id: None}))

    def _refuse_one_alike(self, name: str, *, but: CategoryId | None = None) -> None:
        """Raise `CategoryTaken` where the store cannot: stored slugs may follow earlier rules."""
        holder = self.cache.snapshot().category_called(name)
        if holder and holder.id != but and slug_of(name) not in holder.slugs:
            raise self._taken(name)

    def _taken(self, name: str) -> CategoryTaken:
        """Return the error; it names the category if no list shows the name, an earlier one."""
        holder = self.cache.snapshot().category_called(name)
        if holder is None or slug_of(holder.name) == slug_of(name):
            return CategoryTaken()
        return CategoryTaken(Text(_EARLIER_NAME, name=holder.name))

    def _category(self, category_id: CategoryId) -> Category:
        category = self.cache.snapshot().categories_by_id.get(category_id)
        if category is None:
            raise CategoryNotFound
        return category

    def _have_category(self, name: str) -> None:
        if not name or self.cache.snapshot().category_called(name):
            return
        try:
            category = self.add_category(name)
        except CategoryTaken:
            return
        # The caller records the video only.
        self.trail.record(
            AuditEvent(
                AuditAction.ADD_CATEGORY,
                AuditOutcome.DONE,
                self.clock.now(),
                current_actor(),
                Target("category", str(category.id)),
            )
        )


def canonical(card: Card) -> Card:
    """Return the card in its stored form; raise `BadTitle` with all problems."""
    card = replace(
        card,
        title=one_line(card.title),
        category=one_line(card.category),
        translations={
            language: replace(each, title=one_line(each.title))
            for language, each in card.translations.items()
        },
    )
    problems: dict[str, list[str]] = {}
    if is_blank(card.title):
        problems["title"] = [_BLANK]
    if len(card.title) > LONGEST_TITLE:
        problems["title"] = [_too_long(LONGEST_TITLE)]
    if card.category and not slug_of(card.category):
        problems["category"] = [_NO_NAME]
    if len(card.category) > LONGEST_NAME:
        problems["category"] = [_too_long(LONGEST_NAME)]
    if card.license_url and not _is_web_url(card.license_url):
        problems["license_url"] = ["Enter a web address that starts with https:// or http://."]
    blank = [language for language, each in card.translations.items() if is_blank(each.title)]
    if blank:
        pattern = "{option}, {field}: {said}"
        problems["translations"] = [
            Text(pattern, option=language, field="title", said=_BLANK) for language in blank
        ]
    if problems:
        raise BadTitle(fields=problems)
    return card


def _category_name(text: str) -> str:
    name = one_line(text)
    if not slug_of(name):
        raise BadTitle(fields={"name": [_NO_NAME]})
    return name


def _too_long(most: int) -> Text:
    return Text("Ensure this field has no more than {most} characters.", most=most)


def _is_web_url(text: str) -> bool:
    try:
        url = urlsplit(text)
    except ValueError:
        return False
    is_whole = text.isprintable() and " " not in text
    return url.scheme in {"http", "https"} and bool(url.netloc) and is_whole
