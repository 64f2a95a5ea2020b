"""The data folder of runs: the emulator's state, the administrator's password, the lock."""

import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.local.settings import LocalSettings
from infra.terminal import Refusal, say

_PATIENCE_SECONDS = 15


@dataclass(frozen=True, slots=True)
class DataFolder:
    path: Path

    @property
    def emulator(self) -> Path:
        return self.path / "emulator"

    @property
    def password_file(self) -> Path:
        return self.path / "superuser-password"

    @property
    def token_file(self) -> Path:
        return self.path / "administrator-token"

    @contextmanager
    def locked(self) -> Iterator[int]:
        """Lock the data against other runs, and yield the lock's descriptor for the emulator.

        The lock lasts until every process with the descriptor has ended: after a supervisor was
        killed, the emulator may still be saving the data.
        """
        self._create()
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._acquire(descriptor)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
            yield descriptor
        finally:
            os.close(descriptor)

    def administrator_password(self) -> str:
        """Return the administrator's generated password; generate it at the first start."""
        if not self.password_file.exists():
            _write_secret(self.password_file, secrets.token_urlsafe(12))
        return self.known_administrator_password()

    def known_administrator_password(self) -> str:
        """Return the generated password; raise `FileNotFoundError` before the first start."""
        return self.password_file.read_text(encoding="ascii").strip()

    def kept_token(self, email: str) -> str:
        """Return the API token kept for an administrator; "" if there is none."""
        try:
            kept = json.loads(self.token_file.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return ""
        return str(kept["token"]) if kept["email"] == email else ""

    def keep_token(self, email: str, token: str) -> None:
        _write_secret(self.token_file, json.dumps({"email": email, "token": token}))

    def _create(self) -> None:
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Refusal(f"DATA_FOLDER cannot be {self.path}: {error.strerror}.") from error

    def _acquire(self, descriptor: int) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not _try_lock(descriptor):
            owner = os.pread(descriptor, 20, 0).decode("ascii", errors="replace")
            if _is_alive(owner):
                raise Refusal(
                    f"Videoflix is running already on {self.path} (process {owner}): "
                    "use that one, or end it first."
                )
            if time.monotonic() > deadline:
                raise Refusal(f"Programs of an earlier run still use {self.path}: end them.")
            say("Waiting for an earlier run to save its data ...")
            time.sleep(1)


def known_password(settings: LocalSettings, no_site: str) -> str:
    """Return the administrator's password; raise `Refusal` before the first start."""
    try:
        configured = settings.administrator_password
        return configured or DataFolder(settings.data).known_administrator_password()
    except FileNotFoundError:
        raise Refusal(no_site) from None


def _write_secret(file: Path, text: str) -> None:
    fresh = file.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(text, encoding="ascii")
    fresh.replace(file)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_alive(process: str) -> bool:
    if not process.isdecimal():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
