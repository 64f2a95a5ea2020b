"""Dumps a project with data: `python -m tests.dialects.originals.dumping djoser dump.json`."""

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import django
from django.conf import settings

_PROJECTS = "tests.dialects.originals"
_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
PASSWORD = "correct horse battery"
FILE = "videos/metropolis.mp4"
# Seconds, of twenty.
POSITION = 12.5


def main(project: str, path: str, options: Sequence[str]) -> None:
    chosen = importlib.import_module(f"{_PROJECTS}.{project}.settings").SETTINGS
    settings.configure(**chosen | {"PASSWORD_HASHERS": _HASHERS})
    django.setup()
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)
    FILLED[project](importlib.import_module(f"{_PROJECTS}.{project}.catalogue.models"))
    call_command("dumpdata", *options, output=path)


def _official(models: Any) -> None:
    from django.contrib.auth.models import User

    _add_users(lambda email, **fields: User.objects.create_user(email, email, PASSWORD, **fields))
    video = _add_video(models, category="Drama", video_file=FILE)
    ada = User.objects.get(email="ada@example.com")
    position = timedelta(seconds=POSITION)
    models.VideoProgress.objects.create(user=ada, video=video, current_time=position)


def _authemail(models: Any) -> None:
    def add(email: str, **fields: Any) -> Any:
        account = models.Account.objects.create_user(email, PASSWORD)
        models.Account.objects.filter(pk=account.pk).update(is_verified=True, **fields)
        account.refresh_from_db()
        return account

    _add_users(add)
    models.Account.objects.create_user("unverified@example.com", PASSWORD)
    category = models.Category.objects.create(name="Drama", slug="drama")
    video = _add_video(models, category=category, file=FILE)
    ada = models.Account.objects.get(email="ada@example.com")
    grace = models.Account.objects.get(email="Grace@example.com")
    add_progress = models.WatchProgress.objects.create
    add_progress(user=ada, video=video, last_position=POSITION, total_duration=20)
    add_progress(user=grace, video=video, last_position=1, total_duration=20, completed=True)


def _djoser(models: Any) -> None:
    accounts = models.Account.objects
    _add_users(lambda email, **fields: accounts.create_user(email, PASSWORD, **fields))
    video = _add_video(models, category="Drama", video_file=FILE)
    ada = accounts.get(email="ada@example.com")
    models.Progress.objects.create(account=ada, video=video, position=POSITION, duration=20)
    grace = accounts.get(email="Grace@example.com")
    models.Progress.objects.create(account=grace, video=video, position=0, duration=0)


def _add_users(add: Callable[..., Any]) -> None:
    add("ada@example.com", first_name="Ada")
    add("root@example.com", is_staff=True)
    add("banned@example.com", is_active=False)
    add("Grace@EXAMPLE.com")
    unusable = add("unusable@example.com")
    unusable.set_unusable_password()
    unusable.save()


def _add_video(models: Any, **fields: Any) -> Any:
    return models.Video.objects.create(title="Metropolis", description="Ä city.", **fields)


FILLED: Mapping[str, Callable[[Any], None]] = {
    "official": _official,
    "authemail": _authemail,
    "djoser": _djoser,
}

if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
