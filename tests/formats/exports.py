"""What an export holds: written by one installation, read by another of a later version."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from chalicelib.accounts.model import Account, AccountId, AccountStatus, PendingSignUp
from chalicelib.catalogue.model import Card, Category, CategoryId, Translation, Video, VideoId
from chalicelib.language import Language
from chalicelib.viewing.export import AccountViewing
from chalicelib.viewing.model import DEFAULT_PROFILE, Codec, ProfileId, WatchlistEntry
from chalicelib.viewing.profile import Picture, Profile
from chalicelib.viewing.progress import Progress, Watched
from infra.transfer.export_folder import (
    ACCOUNTS,
    CATEGORIES,
    MEDIA,
    VIDEOS,
    VIEWING,
    WATCHED,
    ExportFolder,
)
from infra.transfer.exported import AccountLine, CategoryLine, MediaLine, VideoLine
from infra.transfer.exported_viewing import ViewingLine, WatchedLine
from tests.formats.form import MOMENT, Format

ACCOUNT = Account(
    id=AccountId(7),
    email="ada@example.com",
    password_hash="a hash",
    created_at=MOMENT,
    status=AccountStatus.PENDING,
    is_admin=True,
    first_name="Ada",
    last_name="Lovelace",
    language=Language.GERMAN,
    expires_at=MOMENT + timedelta(days=2),
    later_sign_ups=(PendingSignUp("another hash", MOMENT + timedelta(days=3)),),
)
CATEGORY = Category(
    CategoryId(8),
    "Drama",
    "drama",
    MOMENT,
    ("dramen",),
    position=-3,
    translations={Language.GERMAN: "Dramen"},
)
CARD = Card(
    title="Metropolis",
    description="A city.",
    category="Drama",
    is_trailer=True,
    director="Fritz Lang",
    cast=("Brigitte Helm", "Gustav Fr\N{LATIN SMALL LETTER O WITH DIAERESIS}hlich"),
    tags=("silent", "city"),
    original_language="de",
    genre="Science fiction",
    release="1927",
    license_type="CC BY",
    license_url="https://example.com/license",
    age_rating=12,
    publish_at=MOMENT,
    rights_until=MOMENT + timedelta(days=30),
    trailer=VideoId(11),
    translations={Language.GERMAN: Translation("Metropolis!", "Eine Stadt.")},
)
VIDEO = Video(VideoId(9), CARD, MOMENT, MOMENT, is_published=True, trashed_at=MOMENT)
OBJECT = MediaLine(9, "subtitles", "uploads", "uploads/9/subtitles/de.vtt", 6, "de")
KIDS = Profile(
    ProfileId("a-profile_1"),
    name="Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}",
    picture=Picture.DRAGON,
    language=Language.GERMAN,
    caption_language="de",
    audio_language="pt-BR",
    age_limit=6,
    pin_hash="the hash of a PIN",
)
VIEWED = AccountViewing(
    (Profile(DEFAULT_PROFILE), KIDS),
    [Progress(KIDS.id, VIDEO.id, 61.5, 5400.25, MOMENT)],
    [WatchlistEntry(DEFAULT_PROFILE, VIDEO.id, MOMENT)],
)
SECONDS = Watched(MOMENT.date(), Codec.H264, 12.5)
VIEWING_LINE = ViewingLine.of(ACCOUNT.id, VIEWED, {VIDEO.id})

LINES = {
    ACCOUNTS: AccountLine.of(ACCOUNT),
    CATEGORIES: CategoryLine.of(CATEGORY),
    VIDEOS: VideoLine.of(VIDEO),
    VIEWING: VIEWING_LINE,
    WATCHED: WatchedLine.of(VIDEO.id, SECONDS),
    MEDIA: OBJECT,
}
# Before names of categories by language.
_EIGHTH_LINE = replace(CategoryLine.of(CATEGORY), translations=())
# Before categories were arranged.
_SEVENTH = LINES | {CATEGORIES: replace(_EIGHTH_LINE, position=None)}
# Before the trash.
_SIXTH_LINE = replace(VideoLine.of(VIDEO), trashed_at=None)
# Before trailers of videos.
_FIFTH_LINE = replace(_SIXTH_LINE, trailer=None)
# Before dates.
_FOURTH_LINE = replace(_FIFTH_LINE, publish_at=None, rights_until=None)
# Before lists of names.
_THIRD_LINE = replace(_FOURTH_LINE, cast=(), tags=(), original_language="")
_THIRD = _SEVENTH | {VIDEOS: _THIRD_LINE}
# Before age ratings.
_SECOND = _SEVENTH | {VIDEOS: replace(_THIRD_LINE, age_rating=None)}
# Before exports had viewing data.
_FIRST = {kind: line for kind, line in _SECOND.items() if kind not in (VIEWING, WATCHED)}


def _in_a_folder(act: Callable[[ExportFolder], Any]) -> Any:
    with tempfile.TemporaryDirectory() as name:
        return act(ExportFolder(Path(name)))


def _written(folder: ExportFolder) -> Any:
    for kind, line in LINES.items():
        folder.write(kind, [line])
    files = sorted(folder.path.iterdir())
    return {file.name: [*map(json.loads, file.read_text("utf-8").splitlines())] for file in files}


def _read(folder: ExportFolder, plain: Any) -> object:
    for name, lines in plain.items():
        (folder.path / name).write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return {kind: line for kind, each in LINES.items() for _, line in folder.read(kind, type(each))}


FORMATS = (
    Format(
        "export",
        lambda: _in_a_folder(_written),
        lambda plain: _in_a_folder(lambda folder: _read(folder, plain)),
        LINES,
        {
            1: _FIRST,
            2: _SECOND,
            3: _THIRD,
            4: _SEVENTH | {VIDEOS: _FOURTH_LINE},
            5: _SEVENTH | {VIDEOS: _FIFTH_LINE},
            6: _SEVENTH | {VIDEOS: _SIXTH_LINE},
            7: _SEVENTH,
            8: LINES | {CATEGORIES: _EIGHTH_LINE},
        },
    ),
)
