"""What deploys remember in the account, and the sign on the door while one is under way."""

import getpass
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from infra.refusal import Refusal

_DOOR = "deploying.json"
_TAKEN = ("PreconditionFailed", "ConditionalRequestConflict")


@dataclass(frozen=True, slots=True)
class Shelf:
    client: Any
    bucket: str

    def read(self, name: str) -> str | None:
        try:
            found = self.client.get_object(Bucket=self.bucket, Key=name)
        except self.client.exceptions.NoSuchKey:
            return None
        text: str = found["Body"].read().decode()
        return text

    def write(self, name: str, text: str) -> None:
        """Keep it; what is there already is not written again."""
        if self.read(name) != text:
            self.client.put_object(Bucket=self.bucket, Key=name, Body=text.encode())

    def forget(self, name: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=name)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else deploy meanwhile; raise `Refusal` if somebody does."""
        sign = {
            "who": f"{getpass.getuser()} on {socket.gethostname()}",
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        try:
            self.client.put_object(
                Bucket=self.bucket, Key=_DOOR, Body=json.dumps(sign).encode(), IfNoneMatch="*"
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in _TAKEN:
                raise
            raise Refusal(self._who_is_there()) from None
        try:
            yield
        finally:
            self.forget(_DOOR)

    def open_the_door(self) -> None:
        """Take down the sign of a deploy that died with it."""
        self.forget(_DOOR)

    def _who_is_there(self) -> str:
        sign = json.loads(self.read(_DOOR) or "{}")
        return (
            f"Another deploy of this stage is under way: {sign.get('who', 'somebody')}, since "
            f"{sign.get('since', 'a moment ago')}. Wait for it; if it is dead, "
            "`python -m infra.deploy unlock STAGE` lets the next one in."
        )
