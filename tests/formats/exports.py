"""What an export holds: written by one installation, read by another of a later version."""

import json
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from chalicelib.accounts.model import Account, AccountId, AccountStatus, PendingSignUp
from chalicelib.catalogue.model import Card, Category, CategoryId, Translation, Video, VideoId
from chalicelib.language import Language
from infra.transfer.export_folder import ACCOUNTS, CATEGORIES, MEDIA, VIDEOS, ExportFolder
from infra.transfer.exported import AccountLine, CategoryLine, MediaLine, VideoLine
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
CATEGORY = Category(CategoryId(8), "Drama", "drama", MOMENT, ("dramen",))
CARD = Card(
    title="Metropolis",
    description="A city.",
    category="Drama",
    is_trailer=True,
    director="Fritz Lang",
    genre="Science fiction",
    release="1927",
    license_type="CC BY",
    license_url="https://example.com/license",
    translations={Language.GERMAN: Translation("Metropolis!", "Eine Stadt.")},
)
VIDEO = Video(VideoId(9), CARD, MOMENT, MOMENT, is_published=True)
OBJECT = MediaLine(9, "subtitles", "uploads", "uploads/9/subtitles/de.vtt", 6, "de")


LINES = (AccountLine.of(ACCOUNT), CategoryLine.of(CATEGORY), VideoLine.of(VIDEO), OBJECT)
_KINDS = (ACCOUNTS, CATEGORIES, VIDEOS, MEDIA)


def _in_a_folder(act: Callable[[ExportFolder], Any]) -> Any:
    with tempfile.TemporaryDirectory() as name:
        return act(ExportFolder(Path(name)))


def _written(folder: ExportFolder) -> Any:
    for kind, line in zip(_KINDS, LINES, strict=True):
        folder.write(kind, [line])
    files = sorted(folder.path.iterdir())
    return {file.name: [*map(json.loads, file.read_text("utf-8").splitlines())] for file in files}


def _read(folder: ExportFolder, plain: Any) -> object:
    for name, lines in plain.items():
        (folder.path / name).write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    read = [folder.read(kind, type(line)) for kind, line in zip(_KINDS, LINES, strict=True)]
    return tuple(line for lines in read for _, line in lines)


FORMATS = (
    Format(
        "export",
        lambda: _in_a_folder(_written),
        lambda plain: _in_a_folder(lambda folder: _read(folder, plain)),
        LINES,
    ),
)
