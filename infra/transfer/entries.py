"""What is imported: accounts, videos and progress in our terms, and what they are made of."""

from dataclasses import dataclass, field
from pathlib import Path

from chalicelib.accounts.model import Account
from chalicelib.catalogue.model import Video
from chalicelib.catalogue.poster import PosterId
from chalicelib.viewing.model import ViewingKey
from chalicelib.viewing.progress import DatedReport


@dataclass(frozen=True, slots=True)
class AccountEntry:
    account: Account
    # As reports name it, the same in every import.
    name: str
    # Whether it has a time by which a second import recognises it, under whatever address.
    is_dated: bool = True


@dataclass(frozen=True, slots=True)
class VideoEntry:
    video: Video
    name: str
    # Whether its time is that of the original, by which a second import recognises it.
    is_dated: bool = True
    # Whether no other installation gives its id to another video.
    has_unique_id: bool = True
    # The file to be encoded; None if there is none.
    source: Path | None = None
    # Files with subtitles, by language.
    subtitles: dict[str, Path] = field(default_factory=dict)
    # Its own poster, and the id that it had.
    poster: tuple[PosterId, Path] | None = None


@dataclass(frozen=True, slots=True)
class ProgressEntry:
    key: ViewingKey
    report: DatedReport
