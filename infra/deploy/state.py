"""State that deploys keep in the account, and the lock of the one that runs."""

import getpass
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from infra.terminal import Refusal

_LOCK = "deploying.json"
_HELD = ("PreconditionFailed", "ConditionalRequestConflict")


@dataclass(frozen=True, slots=True)
class DeployState:
    client: Any
    bucket: str

    def read(self, name: str) -> str | None:
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=name)
        except self.client.exceptions.NoSuchKey:
            return None
        text: str = answer["Body"].read().decode()
        return text

    def write(self, name: str, text: str) -> None:
        """Write the text, unless it is stored already."""
        if self.read(name) != text:
            self.client.put_object(Bucket=self.bucket, Key=name, Body=text.encode())

    def forget(self, name: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=name)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock of the stage; raise `Refusal` if another deploy holds it."""
        holder = {
            "who": f"{getpass.getuser()} on {socket.gethostname()}",
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        try:
            self.client.put_object(
                Bucket=self.bucket, Key=_LOCK, Body=json.dumps(holder).encode(), IfNoneMatch="*"
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in _HELD:
                raise
            raise Refusal(self._held_by()) from None
        try:
            yield
        finally:
            self.forget(_LOCK)

    def unlock(self) -> None:
        """Remove the lock of a deploy that died."""
        self.forget(_LOCK)

    def _held_by(self) -> str:
        holder = json.loads(self.read(_LOCK) or "{}")
        return (
            f"Another deploy of this stage is under way: {holder.get('who', 'unknown')}, since "
            f"{holder.get('since', 'a moment ago')}. Wait for it; if it is dead, "
            "`python -m infra.deploy unlock STAGE` lets the next one in."
        )
