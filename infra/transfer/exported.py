"""The lines of an export: what they hold, and how they become what they were."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Self

from chalicelib.accounts.account_details import LONGEST_NAME as LONGEST_PERSONAL_NAME
from chalicelib.accounts.model import (
    Account,
    AccountId,
    AccountStatus,
    PendingSignUp,
    canonical_email,
)
from chalicelib.catalogue.categories import MOST_NAMES
from chalicelib.catalogue.curation import canonical
from chalicelib.catalogue.model import (
    DATES,
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    LONGEST_SLUG,
    LONGEST_URL,
    Card,
    Category,
    CategoryId,
    Translation,
    Video,
    VideoId,
    slug_of,
)
from chalicelib.catalogue.names import joined_by_hyphens, one_line
from chalicelib.clock import LARGEST_ID, to_the_millisecond
from chalicelib.errors import InvalidInput
from chalicelib.language import Language

# What no other rule of a card limits.
_LONGEST: Mapping[str, int] = {
    "description": LONGEST_DESCRIPTION,
    **dict.fromkeys(("director", "genre", "release", "license_type"), LONGEST_NAME),
    "license_url": LONGEST_URL,
}
# Of the tag of a language, which is a part of a key.
LONGEST_TAG = 100


@dataclass(frozen=True, slots=True)
class SignUpLine:
    password_hash: str
    expires_at: str

    @classmethod
    def of(cls, sign_up: PendingSignUp) -> Self:
        return cls(sign_up.password_hash, sign_up.expires_at.isoformat())

    def sign_up(self) -> PendingSignUp:
        return PendingSignUp(self.password_hash, moment_of(self.expires_at))


@dataclass(frozen=True, slots=True)
class AccountLine:
    id: int
    email: str
    password_hash: str
    created_at: str
    status: AccountStatus
    is_admin: bool = False
    first_name: str = ""
    last_name: str = ""
    language: str = Language.ENGLISH.value
    expires_at: str | None = None
    later_sign_ups: tuple[SignUpLine, ...] = ()

    @classmethod
    def of(cls, account: Account) -> Self:
        return cls(
            id=account.id,
            email=account.email,
            password_hash=account.password_hash,
            created_at=account.created_at.isoformat(),
            status=account.status,
            is_admin=account.is_admin,
            first_name=account.first_name,
            last_name=account.last_name,
            language=account.language.value,
            expires_at=account.expires_at.isoformat() if account.expires_at else None,
            later_sign_ups=tuple(map(SignUpLine.of, account.later_sign_ups)),
        )

    def account(self) -> Account:
        """Return the account; raise `ValueError` if it could not be stored."""
        try:
            is_canonical = canonical_email(self.email) == self.email
        except InvalidInput:
            is_canonical = False
        if not is_canonical:
            raise ValueError("email is no canonical e-mail address")
        for name in ("first_name", "last_name"):
            require_text(name, getattr(self, name), longest=LONGEST_PERSONAL_NAME)
        return Account(
            id=AccountId(id_of(self.id)),
            email=self.email,
            password_hash=self.password_hash,
            created_at=moment_of(self.created_at),
            status=self.status,
            is_admin=self.is_admin,
            first_name=self.first_name,
            last_name=self.last_name,
            language=Language.named(self.language) or Language.ENGLISH,
            expires_at=moment_of(self.expires_at) if self.expires_at else None,
            later_sign_ups=tuple(each.sign_up() for each in self.later_sign_ups),
        )


@dataclass(frozen=True, slots=True)
class NameLine:
    language: str
    name: str


@dataclass(frozen=True, slots=True)
class CategoryLine:
    id: int
    name: str
    slug: str
    other_slugs: tuple[str, ...] = ()
    position: int | None = None
    translations: tuple[NameLine, ...] = ()

    @classmethod
    def of(cls, category: Category) -> Self:
        slugs = category.slug, category.other_slugs
        translations = tuple(
            NameLine(language.value, name)
            for language, name in sorted(category.translations.items())
        )
        return cls(category.id, category.name, *slugs, category.position, translations)

    def category(self, *, now: datetime) -> Category:
        """Return the category; raise `ValueError` if it could not be stored."""
        slugs = (self.slug, *self.other_slugs)
        name = one_line(self.name)
        translations = {
            language: one_line(each.name)
            for each in self.translations
            if (language := Language.named(each.language))
        }
        names = (name, *translations.values())
        if not (all(map(slug_of, names)) and all(slugs)):
            raise ValueError("a category needs a name and a slug")
        if any(slug != joined_by_hyphens(slug) for slug in slugs):
            raise ValueError("a slug is words with hyphens between them")
        for each in names:
            require_text("name", each, longest=LONGEST_NAME)
        if len(self.other_slugs) > MOST_NAMES or len(set(slugs)) < len(slugs):
            raise ValueError(f"a category has at most {MOST_NAMES} other slugs, each once")
        for slug in slugs:
            require_text("slug", slug, longest=LONGEST_SLUG)
        number = CategoryId(id_of(self.id))
        return Category(
            number,
            name,
            self.slug,
            now,
            self.other_slugs,
            self.position,
            translations=translations,
        )


@dataclass(frozen=True, slots=True)
class TranslationLine:
    language: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class VideoLine:
    id: int
    created_at: str
    title: str
    description: str = ""
    category: str = ""
    is_published: bool = False
    is_trailer: bool = False
    director: str = ""
    cast: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    original_language: str = ""
    genre: str = ""
    release: str = ""
    license_type: str = ""
    license_url: str = ""
    age_rating: int | None = None
    publish_at: str | None = None
    rights_until: str | None = None
    trailer: int | None = None
    trashed_at: str | None = None
    translations: tuple[TranslationLine, ...] = ()

    @classmethod
    def of(cls, video: Video) -> Self:
        texts = asdict(video.card)
        texts["translations"] = tuple(
            TranslationLine(language.value, each.title, each.description)
            for language, each in sorted(video.card.translations.items())
        )
        for name in DATES:
            texts[name] = texts[name].isoformat() if texts[name] else None
        return cls(
            video.id,
            video.created_at.isoformat(),
            is_published=video.is_published,
            trashed_at=video.trashed_at.isoformat() if video.trashed_at else None,
            **texts,
        )

    def video(self, *, now: datetime) -> Video:
        """Return the video; raise `ValueError` if it could not be stored."""
        for name, longest in _LONGEST.items():
            require_text(name, getattr(self, name), longest=longest)
        for each in self.translations:
            require_text("description", each.description, longest=LONGEST_DESCRIPTION)
        translations = {
            language: Translation(each.title, each.description)
            for each in self.translations
            if (language := Language.named(each.language))
        }
        texts = asdict(self)
        for other in ("id", "created_at", "is_published", "trashed_at"):
            del texts[other]
        for name in DATES:
            texts[name] = moment_of(texts[name]) if texts[name] else None
        if self.trailer is not None:
            id_of(self.trailer)
        card = Card(**{**texts, "translations": translations})
        try:
            card = canonical(card)
        except InvalidInput as error:
            raise ValueError(f"{', '.join(error.fields)} cannot be stored") from error
        return Video(
            VideoId(id_of(self.id)),
            card,
            moment_of(self.created_at),
            changed_at=now,
            is_published=self.is_published,
            # Later ones would never be purged.
            trashed_at=min(moment_of(self.trashed_at), now) if self.trashed_at else None,
        )


@dataclass(frozen=True, slots=True)
class MediaLine:
    """An object from which the media of a video can be made again."""

    video: int
    # "original", "mp4", "subtitles", or "poster" if it is the own poster, whose id is in the key.
    role: str
    bucket: str
    key: str
    size: int
    # Of subtitles.
    language: str = ""

    def checked(self) -> Self:
        """Return it; raise `ValueError` if its object could not be sent."""
        require_text("language", self.language, longest=LONGEST_TAG)
        return self


def id_of(number: int) -> int:
    if not 0 < number <= LARGEST_ID:
        raise ValueError(f"an id is a number from 1 to {LARGEST_ID}")
    return number


def moment_of(text: str) -> datetime:
    """Return the time in UTC and whole milliseconds, as it is stored; raise `ValueError`."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    try:
        return to_the_millisecond(moment.astimezone(UTC))
    except OverflowError as error:
        raise ValueError(f"{text} is no time in UTC") from error


def require_text(name: str, text: str, *, longest: int) -> None:
    """Raise `ValueError` if the API would not take the text: it is too long, or has a NUL."""
    if len(text) > longest:
        raise ValueError(f"{name} has more than {longest} characters")
    if "\0" in text:
        raise ValueError(f"{name} has a NUL, which is no character")
