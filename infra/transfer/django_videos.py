"""Videos made of those of a Django dump, with their categories and translations."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from chalicelib.catalogue.curation import canonical
from chalicelib.catalogue.model import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    LONGEST_TITLE,
    LONGEST_URL,
    MOST_CAST,
    MOST_TAGS,
    BadTitle,
    Card,
    Translation,
    Video,
    VideoId,
    slug_of,
)
from chalicelib.catalogue.names import is_blank
from chalicelib.ingest.source_keys import title_from
from chalicelib.language import Language
from infra.transfer.django_labels import (
    dates_of,
    director_of,
    language_of,
    name_of,
    names_of,
    rating_of,
)
from infra.transfer.entries import VideoEntry
from infra.transfer.fields import Fields
from infra.transfer.ids import own_id
from infra.transfer.mapping import Kind
from infra.transfer.source_files import MediaFolder


@dataclass(frozen=True, slots=True)
class References:
    """The rows that videos of a dump refer to, by primary or natural key."""

    categories: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    translations: dict[str, dict[Language, Translation]] = field(default_factory=dict)
    # What the dump has.
    kinds: set[Kind] = field(default_factory=set)

    def note_category(self, key: object, fields: Fields) -> None:
        name = fields.text("name", longest=LONGEST_NAME)
        if not slug_of(name):
            fields.problem("Categories without a letter or digit in their name are left out")
            return
        _note(self.categories, key, fields, name)

    def note_person(self, key: object, fields: Fields) -> None:
        _note_label(self.people, key, fields)

    def note_tag(self, key: object, fields: Fields) -> None:
        _note_label(self.tags, key, fields)

    def note_translation(self, fields: Fields) -> None:
        language = Language.named(fields.text("language", longest=20)[:2].lower())
        title = fields.text("title", longest=LONGEST_TITLE)
        if language is None or is_blank(title):
            fields.problem("Translations without a title, or into another language, are left out")
            return
        text = Translation(title, fields.text("description", longest=LONGEST_DESCRIPTION))
        of_video = self.translations.setdefault(json.dumps(fields.first("video")), {})
        of_video[language] = text

    def category_of(self, fields: Fields) -> str:
        """Return the name of a video's category; the first one if it has several."""
        value = fields.first("category")
        known = self.categories.get(json.dumps(value))
        if isinstance(value, list) and known is None:
            if len(value) > 1:
                fields.problem("Of several categories of a video, the first one counts")
            value = value[0]
            known = self.categories.get(json.dumps(value))
        if known is None and isinstance(value, str):
            known = value[:LONGEST_NAME] if slug_of(value) else ""
        if known is None and value is not None:
            fields.problem("Their category is not in the dump")
        return known or ""

    def genre_of(self, fields: Fields) -> str:
        """Return the text of a dump, or the names of the categories that are its genres."""
        value = fields.first("genre")
        several = value if isinstance(value, list) else [value]
        known = self.categories.get(json.dumps(value))
        named = [self.categories.get(json.dumps(each)) for each in several]
        names = [known] if known else [*filter(None, named)]
        if names:
            return ", ".join(names)[:LONGEST_NAME]
        # What is no text there may be its category, or is named as missing where that is read.
        if not isinstance(value, str) and value == fields.first("category"):
            return ""
        return fields.text("genre", longest=LONGEST_NAME, may_be_number=False)


def _note_label(known: dict[str, str], key: object, fields: Fields) -> None:
    name = name_of(fields)
    if slug_of(name):
        _note(known, key, fields, name)
    else:
        fields.problem("People and tags without a letter or digit in their name are left out")


def _note(known: dict[str, str], key: object, fields: Fields, name: str) -> None:
    """Note a name by the keys that may refer to it: the primary key, or a text of its row."""
    texts = [each for each in fields.values.values() if isinstance(each, str)]
    short = [[each] for each in texts if len(each) <= LONGEST_NAME]
    for reference in (*short, key):
        known.setdefault(json.dumps(reference), name)


@dataclass(frozen=True, slots=True)
class DjangoVideos:
    references: References
    media: MediaFolder | None
    now: datetime

    def entry(
        self, key: object, fields: Fields, *, trailer: int | None = None
    ) -> VideoEntry | None:
        """Return the video; None, with a problem in the report, if it cannot be stored."""
        name = fields.text("file", longest=1000)
        source = self.media.file(name) if self.media and name else None
        if source is None:
            fields.problem(_why_no_source(name, has_folder=self.media is not None))
        card = self._card(key, fields, name)
        if card is None:
            return None
        dates = dates_of(fields)
        card = replace(
            card,
            publish_at=dates.publish_at,
            rights_until=dates.rights_until,
            trailer=VideoId(trailer) if trailer else None,
        )
        created_at = fields.moment("created_at")
        is_public = fields.flag("is_published", default=True)
        is_marked = fields.flag("is_draft", default=False, otherwise=True)
        is_draft = is_marked or source is None or dates.are_unknown
        video = Video(
            id=VideoId(own_id(key, fields.name)),
            card=card,
            created_at=created_at or self.now,
            changed_at=self.now,
            is_published=is_public and not is_draft,
        )
        is_dated = created_at is not None
        return VideoEntry(video, fields.name, is_dated, has_unique_id=False, source=source)

    def _card(self, key: object, fields: Fields, file_name: str) -> Card | None:
        title = fields.text("title", longest=LONGEST_TITLE)
        if is_blank(title):
            fields.problem("Without a title: that of the file is used")
            title = title_from(file_name)
        people, tags = self.references.people, self.references.tags
        card = Card(
            title=title,
            description=fields.text("description", longest=LONGEST_DESCRIPTION),
            category=self.references.category_of(fields),
            is_trailer=fields.flag("is_trailer", default=False),
            director=director_of(fields, people),
            cast=(*names_of(fields, "cast", people, most=MOST_CAST),),
            tags=(*names_of(fields, "tags", tags, most=MOST_TAGS),),
            original_language=language_of(fields),
            age_rating=rating_of(fields),
            genre=self.references.genre_of(fields),
            release=fields.text("release", longest=LONGEST_NAME),
            # A number is a key of what the dump may not even have.
            license_type=fields.text("license_type", longest=LONGEST_NAME, may_be_number=False),
            license_url=fields.text("license_url", longest=LONGEST_URL),
            translations=self._translations(key, fields),
        )
        return _storable(card, fields)

    def _translations(self, key: object, fields: Fields) -> Mapping[Language, Translation]:
        translations = dict(self.references.translations.get(json.dumps(key), {}))
        for language in Language:
            title = fields.text(f"title_{language}", longest=LONGEST_TITLE)
            if not is_blank(title):
                description = f"description_{language}"
                text = fields.text(description, longest=LONGEST_DESCRIPTION)
                translations[language] = Translation(title, text)
        return translations


def _storable(card: Card, fields: Fields) -> Card | None:
    try:
        return canonical(card)
    except BadTitle as error:
        if card.license_url and "license_url" in error.fields:
            fields.problem("The URL of their license is none, and is left out")
            return _storable(replace(card, license_url=""), fields)
        fields.problem(f"Not imported: {_sentences(error)}")
        return None


def _sentences(error: BadTitle) -> str:
    return " ".join(f"{name}: {' '.join(texts)}" for name, texts in error.fields.items())


def _why_no_source(name: str, *, has_folder: bool) -> str:
    if not name:
        return "Without a file: they are drafts without media"
    if not has_folder:
        return "Without --media: they are drafts without media"
    return "Their file is missing, empty or outside of --media: they are drafts without media"


def key_of(values: Mapping[str, Any]) -> Any:
    """Return the primary key of a row; that of a row without one is its title or name."""
    fields = values["fields"]
    return values["pk"] if "pk" in values else fields.get("title") or fields.get("name")
