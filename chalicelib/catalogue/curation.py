"""Use cases of administrators: add, change, publish and remove videos."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from chalicelib.catalogue.cache import CatalogueCache
from chalicelib.catalogue.categories import NO_NAME, Categories
from chalicelib.catalogue.dates import problems_of_dates, stored_date
from chalicelib.catalogue.labels import distinct, problems_of_labels
from chalicelib.catalogue.model import (
    LONGEST_NAME,
    LONGEST_TITLE,
    NO_AGE_LIMIT,
    BadTitle,
    BulkChangeId,
    Card,
    StaleVideo,
    Video,
    VideoId,
    VideoNotFound,
    VideoTaken,
    slug_of,
)
from chalicelib.catalogue.names import is_blank, one_line
from chalicelib.catalogue.ports import Changes, PublicMedia, VideoStore
from chalicelib.catalogue.trash import VideoInTrash
from chalicelib.catalogue.versions import KnownVersions, values_of_video
from chalicelib.clock import Clock, id_at, to_the_millisecond
from chalicelib.language import Text

_TRIES = 5
OWN_TRAILER = "A video is no trailer of itself."
_BLANK = "This field may not be blank."


@dataclass(frozen=True, slots=True)
class Curation:
    videos: VideoStore
    categories: Categories
    cache: CatalogueCache
    public_media: PublicMedia
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
        self._require_trailer(card)
        self.categories.ensure(card.category)
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
        """Read the video from the store, also one in the trash; raise `VideoNotFound`."""
        return self.videos.get(video_id)

    def in_use(self, video_id: VideoId) -> Video:
        """Read the video from the store; raise `VideoInTrash`, or `VideoNotFound`."""
        video = self.videos.get(video_id)
        if video.is_in_trash:
            raise VideoInTrash
        return video

    def change(
        self,
        video_id: VideoId,
        change: Callable[[Card], Card],
        *,
        is_published: bool | None = None,
        known: KnownVersions | None = None,
        bulk_change: BulkChangeId | None = None,
    ) -> Video:
        """Change the card of a video; raise `Outdated` if it is none of the known versions.

        A bulk change overwrites no other change; it raises `StaleVideo` if there are too many, or
        if it has written the video before.
        """
        for _ in range(_TRIES if known or bulk_change else 0):
            # What was written back meanwhile is the known version again.
            with suppress(StaleVideo):
                return self._change(video_id, change, is_published, known, bulk_change)
        return self._change(video_id, change, is_published, known, bulk_change)

    def _change(
        self,
        video_id: VideoId,
        change: Callable[[Card], Card],
        is_published: bool | None,
        known: KnownVersions | None,
        bulk_change: BulkChangeId | None,
    ) -> Video:
        before = self.in_use(video_id)
        if known:
            known.require(values_of_video(before))
        card = self._changed_card(before, change)
        now = self.clock.now()
        was_public = before.is_public_at(now)
        will_be_published = before.is_published if is_published is None else is_published
        will_be_public = will_be_published and card.is_open_at(now)
        if will_be_public and not was_public:
            self.public_media.reveal(before)
        try:
            video = self.videos.write(
                video_id,
                card,
                is_published=is_published,
                instead_of=before.card,
                only_if=before if known or bulk_change else None,
                bulk_change=bulk_change,
            )
        except StaleVideo:
            if will_be_public and not was_public:
                self._hide_unless_public(video_id)
            raise
        self.cache.record(Changes({video_id: video}, {}))
        is_withdrawn = before.is_published and not video.is_published
        # It may have been put in the trash meanwhile.
        was_revealed = was_public or will_be_public
        if is_withdrawn or (was_revealed and not video.is_public_at(now)):
            self.public_media.withdraw(video_id)
        return video

    def _changed_card(self, before: Video, change: Callable[[Card], Card]) -> Card:
        """Return the new card in its stored form, whose category there is from now on."""
        changed = change(before.card)
        card = canonical(changed)
        if changed.category == before.card.category:
            # A stored name may break a rule for new names, and is the only link to its category.
            card = replace(card, category=changed.category)
        if card.trailer != before.card.trailer:
            self._require_trailer(card, of=before.id)
        if card.category != before.card.category:
            self.categories.ensure(card.category)
        return card

    def remove(self, video_id: VideoId, *, known: KnownVersions | None = None) -> None:
        """Delete the video; calling it again repeats the removal of its media.

        Raise `Outdated` if it is none of the known versions.
        """
        if known:
            self._remove_known(video_id, known)
            return
        try:
            self.videos.remove(video_id)
            self.cache.record(Changes({video_id: None}, {}))
        finally:
            self.public_media.withdraw(video_id)

    def _remove_known(self, video_id: VideoId, known: KnownVersions) -> None:
        before = self.videos.get(video_id)
        known.require(values_of_video(before))
        try:
            self.videos.remove(video_id, only_if=before)
        except StaleVideo:
            known.require(values_of_video(self.videos.get(video_id)))
            raise
        self.cache.record(Changes({video_id: None}, {}))
        self.public_media.withdraw(video_id)

    def _hide_unless_public(self, video_id: VideoId) -> None:
        """Take back what a change has revealed that was refused."""
        with suppress(VideoNotFound):
            if self.videos.get(video_id).is_public_at(self.clock.now()):
                return
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

    def _require_trailer(self, card: Card, *, of: VideoId | None = None) -> None:
        """Raise `BadTitle` if the trailer is no other video."""
        if card.trailer is None:
            return
        if card.trailer == of:
            raise BadTitle(fields={"trailer": [OWN_TRAILER]})
        try:
            self.in_use(card.trailer)
        except VideoNotFound as problem:
            raise BadTitle(fields={"trailer": [VideoNotFound.sentence]}) from problem


def canonical(card: Card) -> Card:
    """Return the card in its stored form; raise `BadTitle` with all problems."""
    card = replace(
        card,
        title=one_line(card.title),
        category=one_line(card.category),
        cast=distinct(card.cast),
        tags=distinct(card.tags),
        original_language=card.original_language.lower(),
        publish_at=stored_date(card.publish_at),
        rights_until=stored_date(card.rights_until),
        trailer=card.trailer or None,
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
        problems["category"] = [NO_NAME]
    if len(card.category) > LONGEST_NAME:
        problems["category"] = [_too_long(LONGEST_NAME)]
    if card.license_url and not _is_web_url(card.license_url):
        problems["license_url"] = ["Enter a web address that starts with https:// or http://."]
    problems |= _problems_of_rating(card.age_rating)
    problems |= problems_of_labels(card)
    problems |= problems_of_dates(card)
    blank = [
        language
        for language, each in card.translations.items()
        # Without any title, that of the video is shown with the translated description.
        if is_blank(each.title) and (each.title or not each.description)
    ]
    if blank:
        pattern = "{option}, {field}: {said}"
        problems["translations"] = [
            Text(pattern, option=language, field="title", said=_BLANK) for language in blank
        ]
    if problems:
        raise BadTitle(fields=problems)
    return card


def _problems_of_rating(age_rating: int | None) -> dict[str, list[str]]:
    if age_rating is None or 0 <= age_rating <= NO_AGE_LIMIT:
        return {}
    return {"age_rating": [Text("Must be from {least} to {most}.", least=0, most=NO_AGE_LIMIT)]}


def _too_long(most: int) -> Text:
    return Text("Ensure this field has no more than {most} characters.", most=most)


def _is_web_url(text: str) -> bool:
    try:
        url = urlsplit(text)
    except ValueError:
        return False
    is_whole = text.isprintable() and " " not in text
    return url.scheme in {"http", "https"} and bool(url.netloc) and is_whole
