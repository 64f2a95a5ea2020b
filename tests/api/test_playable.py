"""Lists, details, progress and playlists agree on whether a video is playable."""

from collections.abc import Callable
from dataclasses import dataclass

import boto3
import pytest

from chalicelib.catalogue.model import Video
from chalicelib.encoding.failures import Reason, failure
from chalicelib.encoding.model import Encode
from chalicelib.encoding.updates import EncodeUpdates
from chalicelib.wiring import catalogue, encoding, stage
from tests.api.encoder import Encoder
from tests.browser import Browser
from tests.builders.assets import asset
from tests.builders.videos import a_video
from tests.fakes.clock import HandClock

ASSET = asset(seconds=60)


@dataclass
class EncodeSteps:
    """A published video and the real use cases of its encodes."""

    clock: HandClock
    video: Video

    @property
    def updates(self) -> EncodeUpdates:
        return encoding.control().updates

    @property
    def encode(self) -> Encode:
        revision = self.current().encode.revision
        return self.updates.encodes.get(self.video.id, revision)

    def current(self) -> Video:
        return catalogue.curation().get(self.video.id)

    def begin(self) -> None:
        key = f"uploads/{self.video.id}/{'0' * 32}/source.mp4"
        bucket = stage.settings().uploads_bucket
        boto3.client("s3").put_object(Bucket=bucket, Key=key, Body=b"film")
        source = encoding.control().sources.find(key)
        assert source
        revision = self.updates.videos.begin_encode(self.video.id)
        encoding.control().begin(self.video.id, revision, source)

    def plan(self) -> None:
        encode = self.updates.planning(self.video.id, self.encode.revision)
        self.updates.planned(encode, ASSET, segments_per_chunk=2)

    def finish_first_chunk(self) -> None:
        self.updates.chunk_done(self.video.id, self.encode.revision, 0)
        self.updates.audio_grown(self.video.id, self.encode.revision, 0, 2)

    def lose(self) -> None:
        """Lose the execution, as a restarted emulator does, and begin again like `make run`."""
        encoding.control().pipeline.stop(self.encode, code="lost", text="")
        assert encoding.clean_up().revive() == 1

    def fail(self) -> None:
        self.updates.fail(self.video.id, self.encode.revision, failure(Reason.TOO_SLOW))

    def retry(self) -> None:
        encoding.control().retry(self.current())

    def publish(self) -> None:
        self.updates.publish(self.video.id, self.encode.revision, ASSET)


@pytest.fixture
def steps(encoder: Encoder, state_machine: str, clock: HandClock) -> EncodeSteps:
    assert encoder.clock is clock
    assert state_machine
    video = a_video(clock.now())
    catalogue.curation().videos.add(video)
    catalogue.curation().videos.write(video.id, video.card, is_published=True)
    return EncodeSteps(clock, video)


def answers(person: Browser, video: Video, *, include: str) -> dict[str, bool]:
    """Return the answers of all endpoints about the video."""
    path = f"/video/{video.id}"
    listed = person.get(f"/video/?include={include}").json
    detail = person.get(f"{path}/?include={include}")
    progress = person.get(f"{path}/progress/")
    return {
        "list": any(each["playable"] for each in listed),
        "detail": detail.status == 200 and detail.json["playable"],
        "progress": progress.status == 200 and progress.json["playable"],
        "master": person.get(f"{path}/master.m3u8").status == 200,
        "480p": person.get(f"{path}/480p/index.m3u8").status == 200,
    }


FIRST: list[tuple[Callable[[EncodeSteps], None], bool]] = [
    (EncodeSteps.begin, False),
    (EncodeSteps.plan, False),
    (EncodeSteps.finish_first_chunk, True),
    (EncodeSteps.lose, True),
    (EncodeSteps.plan, True),
    (EncodeSteps.fail, False),
    (EncodeSteps.retry, True),
    (EncodeSteps.plan, True),
    (EncodeSteps.publish, True),
]
# A failed encode of a newer upload never removes the published revision.
RENEWED = [
    EncodeSteps.begin,
    EncodeSteps.plan,
    EncodeSteps.finish_first_chunk,
    EncodeSteps.lose,
    EncodeSteps.fail,
]


def test_all_addresses_agree_from_the_upload_to_a_newer_file_that_fails(
    steps: EncodeSteps, signed_in: Browser, admin: Browser
) -> None:
    for step, is_playable in [*FIRST, *((step, True) for step in RENEWED)]:
        step(steps)
        steps.clock.advance(seconds=3)
        for person, include in ((signed_in, "playable"), (admin, "drafts")):
            states = answers(person, steps.video, include=include)
            assert states == dict.fromkeys(states, is_playable), (step.__name__, include)
