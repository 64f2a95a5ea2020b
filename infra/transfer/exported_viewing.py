"""The lines of an export about viewing: what each account keeps, and what all watched."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from chalicelib.accounts.model import AccountId
from chalicelib.adapters.dynamodb.progress_store import SMALLEST
from chalicelib.catalogue.model import NO_AGE_LIMIT, VideoId
from chalicelib.clock import EPOCH
from chalicelib.errors import InvalidInput
from chalicelib.language import Language
from chalicelib.viewing.export import AccountViewing
from chalicelib.viewing.model import (
    DEFAULT_PROFILE,
    Codec,
    ProfileId,
    WatchlistEntry,
)
from chalicelib.viewing.profile import (
    LANGUAGE_TAG,
    LONGEST_NAME,
    MOST_PROFILES,
    Picture,
    Profile,
    is_profile_id,
)
from chalicelib.viewing.progress import PlayerReport, Progress, Watched
from infra.transfer.exported import id_of, moment_of, require_text

_DEFAULT = Profile(DEFAULT_PROFILE)
_LONGEST_HASH = 500
# Of one video on one day: more than all people could watch.
_MOST_SECONDS = 10**15


@dataclass(frozen=True, slots=True)
class ProfileLine:
    id: str
    name: str = ""
    picture: str = Picture.OWL.value
    language: str | None = None
    caption_language: str = ""
    audio_language: str = ""
    age_limit: int = _DEFAULT.age_limit
    pin_hash: str = ""

    @classmethod
    def of(cls, profile: Profile) -> Self:
        return cls(
            id=profile.id,
            name=profile.name,
            picture=profile.picture.value,
            language=profile.language.value if profile.language else None,
            caption_language=profile.caption_language,
            audio_language=profile.audio_language,
            age_limit=profile.age_limit,
            pin_hash=profile.pin_hash,
        )

    def profile(self) -> Profile:
        """Return the profile; values that only a later version knows get their defaults."""
        require_text("name", self.name, longest=LONGEST_NAME)
        if not all(map(LANGUAGE_TAG.fullmatch, (self.caption_language, self.audio_language))):
            raise ValueError("caption_language and audio_language are tags of languages")
        require_text("pin_hash", self.pin_hash, longest=_LONGEST_HASH)
        if not 0 <= self.age_limit <= NO_AGE_LIMIT:
            raise ValueError(f"age_limit is a number from 0 to {NO_AGE_LIMIT}")
        pictures = {each.value: each for each in Picture}
        return Profile(
            id=_profile_id(self.id),
            name=self.name,
            picture=pictures.get(self.picture, _DEFAULT.picture),
            language=Language.named(self.language or ""),
            caption_language=self.caption_language,
            audio_language=self.audio_language,
            age_limit=self.age_limit,
            pin_hash=self.pin_hash,
        )


@dataclass(frozen=True, slots=True)
class ProgressLine:
    profile: str
    video: int
    position: float
    duration: float
    at: str

    @classmethod
    def of(cls, progress: Progress) -> Self:
        at = progress.at.isoformat()
        return cls(progress.profile_id, progress.video_id, progress.position, progress.duration, at)

    def progress(self) -> Progress:
        try:
            PlayerReport(self.position, self.duration).require_valid()
        except InvalidInput as error:
            raise ValueError(f"{', '.join(error.fields)} is no time in a video") from error
        return Progress(
            _profile_id(self.profile),
            VideoId(id_of(self.video)),
            self.position,
            self.duration,
            _event(self.at),
        )


@dataclass(frozen=True, slots=True)
class WatchlistLine:
    profile: str
    video: int
    at: str

    @classmethod
    def of(cls, entry: WatchlistEntry) -> Self:
        return cls(entry.profile_id, entry.video_id, entry.at.isoformat())

    def entry(self) -> WatchlistEntry:
        video = VideoId(id_of(self.video))
        return WatchlistEntry(_profile_id(self.profile), video, _event(self.at))


@dataclass(frozen=True, slots=True)
class ViewingLine:
    """What one account keeps; without profiles it has the default one."""

    account: int
    profiles: tuple[ProfileLine, ...] = ()
    progress: tuple[ProgressLine, ...] = ()
    watchlist: tuple[WatchlistLine, ...] = ()

    @classmethod
    def of(
        cls, account_id: AccountId, viewing: AccountViewing, videos: Container[VideoId]
    ) -> Self | None:
        """Return the line of an account, of videos that exist; None if it would be empty."""
        stored: Sequence[Profile] = viewing.profiles if viewing.profiles != (_DEFAULT,) else ()
        progress = [each for each in viewing.progress if each.video_id in videos]
        listed = [each for each in viewing.watchlist if each.video_id in videos]
        if not (stored or progress or listed):
            return None
        return cls(
            account_id,
            tuple(map(ProfileLine.of, stored)),
            tuple(map(ProgressLine.of, progress)),
            tuple(map(WatchlistLine.of, listed)),
        )

    def viewing(self) -> tuple[AccountId, AccountViewing]:
        """Return the account and what it keeps; raise `ValueError` if it could not be stored."""
        profiles = tuple(each.profile() for each in self.profiles) or (_DEFAULT,)
        ids = [each.id for each in profiles]
        if len(ids) > MOST_PROFILES or len(set(ids)) < len(ids):
            raise ValueError(f"an account has at most {MOST_PROFILES} profiles, each once")
        if ids[0] != DEFAULT_PROFILE or profiles[0].has_pin:
            raise ValueError("the first profile is the default one, which has no PIN")
        return AccountId(id_of(self.account)), AccountViewing(
            profiles,
            [each.progress() for each in self.progress],
            [each.entry() for each in self.watchlist],
        )


@dataclass(frozen=True, slots=True)
class WatchedLine:
    """Seconds that all viewers together watched of a video on one day, with one codec."""

    video: int
    day: str
    codec: Codec
    seconds: float

    @classmethod
    def of(cls, video_id: VideoId, watched: Watched) -> Self:
        return cls(video_id, watched.day.isoformat(), watched.codec, watched.seconds)

    def watched(self) -> tuple[VideoId, Watched]:
        """Return the video and its seconds; raise `ValueError` if they could not be stored."""
        if not SMALLEST <= self.seconds <= _MOST_SECONDS:
            raise ValueError(f"seconds must be a positive number up to {_MOST_SECONDS}")
        day = date.fromisoformat(self.day)
        return VideoId(id_of(self.video)), Watched(day, self.codec, self.seconds)


def _profile_id(text: str) -> ProfileId:
    if not is_profile_id(text):
        raise ValueError("the id of a profile is letters, digits, - and _")
    return ProfileId(text)


def _event(text: str) -> datetime:
    return max(moment_of(text), EPOCH)
