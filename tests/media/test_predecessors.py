"""Faults measured in the transcoding of the backends that this one replaces."""

from fractions import Fraction

import pytest

from chalicelib.encoding.messages import TaskKind
from tests.builders import clips
from tests.media.in_memory_transcoder import InMemoryTranscoder
from transcoder.errors import Refused
from transcoder.ffmpeg.chunk import chunk_command
from transcoder.planning.ladder import Size, rungs_for


def test_a_small_picture_is_not_blown_up() -> None:
    """They made 1080p of 720p."""
    assert max(rung.height for rung in rungs_for(Size(1280, 720), Fraction(25))) == 720


@pytest.mark.parametrize("size", [Size(1920, 800), Size(1080, 1920), Size(1440, 1080)])
def test_the_shape_of_the_picture_is_kept(size: Size) -> None:
    """They forced 854x480 on everything."""
    for rung in rungs_for(size, Fraction(25)):
        assert rung.width / rung.height == pytest.approx(size.width / size.height, rel=0.02)


def test_all_sizes_come_from_one_decode(transcoder: InMemoryTranscoder) -> None:
    """They ran FFmpeg once per size, one after the other."""
    encode = transcoder.receive(clips.get("hd").path.read_bytes())
    transcoder.do(encode, TaskKind.PLAN)
    plan = transcoder.context.store_of(encode.video_id, encode.revision).plan()
    assert plan is not None
    command = chunk_command(plan, plan.chunk(0), "film.mp4", seek=None)
    assert len(plan.asset.rungs) > 1
    assert command.count("-i") == 1
    assert command.count("libx264") == len(plan.asset.rungs)


def test_half_a_file_is_not_taken_for_a_source(transcoder: InMemoryTranscoder) -> None:
    """They published what a killed worker had half written."""
    content = clips.get("plain").path.read_bytes()
    encode = transcoder.receive(content[: len(content) // 2])
    with pytest.raises(Refused, match="corrupt"):
        transcoder.make(encode)
    assert transcoder.videos.get(encode.video_id).media is None


def test_half_a_segment_is_not_taken_for_a_whole_one(transcoder: InMemoryTranscoder) -> None:
    encode = transcoder.receive(clips.get("plain").path.read_bytes())
    transcoder.do(encode, TaskKind.PLAN)
    transcoder.do(encode, TaskKind.CHUNK)
    key = next(key for key in transcoder.media.objects if key.endswith("00000.m4s"))
    transcoder.media.objects[key] = transcoder.media.objects[key][:-100]
    with pytest.raises(Refused, match="not_proven"):
        transcoder.make(encode)
    assert transcoder.videos.get(encode.video_id).media is None
