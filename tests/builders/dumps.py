"""Rows of dumps as `manage.py dumpdata` writes them, and the files that hold them."""

import base64
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PASSWORD = "correct horse battery"
# As Django hashes the password, in fewer rounds.
DJANGO_HASH = "pbkdf2_sha256$1000$abcDEF0123456789abcdeF$" + (
    base64.b64encode(
        hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), b"abcDEF0123456789abcdeF", 1000)
    ).decode()
)
JOINED = "2023-04-05T06:07:08.123456Z"


def a_user(pk: object = 1, email: object = "ada@example.com", **fields: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "password": DJANGO_HASH,
        "last_login": None,
        "is_superuser": False,
        "username": email,
        "first_name": "",
        "last_name": "",
        "email": email,
        "is_staff": False,
        "is_active": True,
        "date_joined": JOINED,
        "groups": [],
        "user_permissions": [],
    }
    return {"model": "auth.user", "pk": pk, "fields": values | fields}


def a_category_row(pk: object = 1, name: str = "Drama", **fields: Any) -> dict[str, Any]:
    values = {"name": name, "slug": name.lower()}
    return {"model": "catalogue.category", "pk": pk, "fields": values | fields}


def a_video_row(pk: object = 1, title: str = "Metropolis", **fields: Any) -> dict[str, Any]:
    values = {
        "title": title,
        "description": "A city.",
        "category": "Drama",
        "video_file": "videos/metropolis.mp4",
        "created_at": "2023-05-06T07:08:09.987654Z",
    }
    return {"model": "catalogue.video", "pk": pk, "fields": values | fields}


def a_progress_row(user: object = 1, video: object = 1, **fields: Any) -> dict[str, Any]:
    values = {
        "user": user,
        "video": video,
        "position": 42.5,
        "duration": 100.0,
        "updated": "2023-06-07T08:09:10.111222Z",
    }
    return {"model": "catalogue.watchprogress", "pk": 1, "fields": values | fields}


def a_dump(folder: Path, rows: Sequence[object]) -> Path:
    path = folder / "dump.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


def a_media_folder(folder: Path, *names: str) -> Path:
    media = folder / "media"
    for name in names:
        (media / name).parent.mkdir(parents=True, exist_ok=True)
        (media / name).write_bytes(f"the file {name}".encode())
    return media
