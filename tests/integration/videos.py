"""Give sources to a running site, follow their encodes, and look at the result."""

import hashlib
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import imageio_ffmpeg

from tests.browser import Browser, Server
from tests.integration.supervised import PASSWORD, Run
from tests.integration.wire import Wire

CATALOGUE = "videoflix-catalogue"
WORK = "videoflix-work"


def make_clip(path: Path, *, seconds: int, size: str = "320x180") -> Path:
    """A clip whose pictures all differ, with a tone that rises."""
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        *("-v", "error", "-y"),
        *("-f", "lavfi", "-i", f"testsrc2=s={size}:r=25:d={seconds}"),
        *("-f", "lavfi", "-i", f"aevalsrc=0.3*sin(2*PI*(300+20*t)*t):s=48000:d={seconds}"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", str(path)),
    ]
    subprocess.run(command, check=True)
    return path


class Account(Protocol):
    """Where the videos are stored, and the output to print when an encode is not finished."""

    @property
    def output(self) -> str: ...

    def client(self, service: str) -> Any: ...


@dataclass(frozen=True)
class Videos:
    """The videos of an AWS account, seen by the administrator."""

    account: Account
    server: Server
    patience_seconds: float = 240
    password: str = PASSWORD

    @cached_property
    def admin(self) -> Browser:
        browser = Browser(self.server)
        sent = {"email": "admin@videoflix.test", "password": self.password}
        answer = browser.post("/login/", sent)
        assert answer.status == 200, answer
        return browser

    @cached_property
    def buckets(self) -> Mapping[str, str]:
        names = [each["Name"] for each in self._s3.list_buckets()["Buckets"]]
        return {name.split("-")[-2]: name for name in names}

    def drop(self, source: Path | bytes, name: str) -> None:
        """Put a source into the inbox, as `aws s3 cp` does."""
        content = source.read_bytes() if isinstance(source, Path) else source
        self._s3.put_object(Bucket=self.buckets["uploads"], Key=f"inbox/{name}", Body=content)

    @cached_property
    def _s3(self) -> Any:
        return self.account.client("s3")

    def title(self, name: str) -> Any:
        """Wait until there is a video of this name."""
        return self.until(lambda: self._find(name), f"no video {name!r}")

    def finished(self, video: int) -> Any:
        """Wait until its media are made, or are known to be impossible to make."""

        def over() -> Any:
            entry = self.admin.get(f"/video/{video}/?include=drafts").json
            return entry if entry["conversion_status"] in ("completed", "failed") else None

        return self.until(over, f"video {video} is not finished")

    def publish(self, video: int) -> None:
        assert self.admin.patch(f"/video/{video}/", {"is_published": True}).status == 200

    def objects(self, prefix: str) -> dict[str, str]:
        """What lies below, by name, as a digest of its bytes."""
        s3, bucket = self.account.client("s3"), self.buckets["media"]
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        keys = [each["Key"] for page in pages for each in page.get("Contents", [])]
        return {
            key.removeprefix(prefix): hashlib.sha256(
                s3.get_object(Bucket=bucket, Key=key)["Body"].read()
            ).hexdigest()
            for key in keys
        }

    def rest(self) -> None:
        """Wait until no transcoder works any more, on videos that were deleted either."""
        sqs = self.account.client("sqs")
        urls = sqs.list_queues(QueueNamePrefix=WORK)["QueueUrls"]
        counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]

        def is_empty(url: str) -> bool:
            left = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=counts)["Attributes"]
            return not any(int(left[count]) for count in counts)

        self.until(lambda: all(map(is_empty, urls)), "tasks are left")

    def until(self, look: Callable[[], Any], complaint: str) -> Any:
        deadline = time.monotonic() + self.patience_seconds
        while time.monotonic() < deadline:
            if seen := look():
                return seen
            time.sleep(0.2)
        raise AssertionError(f"{complaint}:\n{self.account.output[-6000:]}")

    def _find(self, name: str) -> Any:
        listed = self.admin.get(f"/video/?include=drafts&text=plain&search={quote(name)}").json
        return next((each for each in listed if each["title"] == name), None)


class Site(Videos):
    """The videos of a `make run`."""

    def __init__(self, run: Run, patience_seconds: float = 240) -> None:
        super().__init__(run, Wire(run), patience_seconds)

    @property
    def run(self) -> Run:
        assert isinstance(self.account, Run)
        return self.account
