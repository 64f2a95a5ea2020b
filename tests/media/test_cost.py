"""What an encode costs in requests to S3, counted at a real client of it."""

import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import imageio_ffmpeg
import pytest
from moto import mock_aws

from chalicelib.adapters.media_bucket import S3MediaStore
from chalicelib.encoding.messages import TaskKind
from infra.cost.asset import CostedVideo
from tests.media.in_memory_transcoder import InMemoryTranscoder

SECONDS = 13
WORDS = "1\n00:00:01,000 --> 00:00:02,500\nGood evening\n"


def clip(path: Path) -> bytes:
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        *("-v", "error", "-f", "lavfi", "-i", f"testsrc2=s=640x360:r=10:d={SECONDS}"),
        *("-f", "lavfi", "-i", f"sine=f=330:r=48000:d={SECONDS}"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", str(path)),
    ]
    subprocess.run(command, check=True)
    return path.read_bytes()


@pytest.mark.parametrize("subtitles", [0, 1])
def test_the_requests_are_those_that_are_paid_for(tmp_path: Path, subtitles: int) -> None:
    with mock_aws():
        s3: Any = boto3.Session().client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="films")
        counted: Counter[str] = Counter()
        s3.meta.events.register("before-call.s3", lambda model, **_: counted.update([model.name]))
        transcoder = InMemoryTranscoder(tmp_path)
        transcoder.context = replace(transcoder.context, media=S3MediaStore(lambda: s3, "films"))
        encode = transcoder.receive(clip(tmp_path / "film.mp4"))
        if subtitles:
            transcoder.beside(encode, "en.srt", WORDS.encode())
        for number in transcoder.make(encode)["mp4"]:  # type: ignore[attr-defined]
            transcoder.do(encode, TaskKind.MP4, number)
    expected = CostedVideo(segments=3, chunks=3, rungs=2, subtitles=subtitles)
    assert counted["PutObject"] == expected.writes
    assert counted["GetObject"] + counted["HeadObject"] == expected.reads
    assert counted["ListObjectsV2"] == expected.lists
    assert set(counted) == {"PutObject", "GetObject", "HeadObject", "ListObjectsV2"}
