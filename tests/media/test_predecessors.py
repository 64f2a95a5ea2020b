"""Faults measured in the transcoding of the backends that this one replaces."""

from fractions import Fraction
from pathlib import Path

import pytest

from chalicelib.encoding.messages import TaskKind
from tests.builders import clips
from tests.media.shop import Shop
from transcoder.errors import Refused
from transcoder.ffmpeg.chunk import chunk_command
from transcoder.planning.ladder import Size, rungs_for


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_a_small_picture_is_not_blown_up() -> None:
    """They made 1080p of 720p."""
    assert max(rung.height for rung in rungs_for(Size(1280, 720), Fraction(25))) == 720


@pytest.mark.parametrize("size", [Size(1920, 800), Size(1080, 1920), Size(1440, 1080)])
def test_the_shape_of_the_picture_is_kept(size: Size) -> None:
    """They forced 854x480 on everything."""
    for rung in rungs_for(size, Fraction(25)):
        assert rung.width / rung.height == pytest.approx(size.width / size.height, rel=0.02)


def test_all_sizes_come_from_one_decode(shop: Shop) -> None:
    """They ran FFmpeg once per size, one after the other."""
    encode = shop.receive(clips.get("hd").path.read_bytes())
    shop.do(encode, TaskKind.PLAN)
    plan = shop.context.store_of(encode.video_id, encode.revision).plan()
    assert plan is not None
    command = chunk_command(plan, plan.chunk(0), "film.mp4", seek=None)
    assert len(plan.asset.rungs) > 1
    assert command.count("-i") == 1
    assert command.count("libx264") == len(plan.asset.rungs)


def test_half_a_file_is_not_taken_for_a_source(shop: Shop) -> None:
    """They published what a killed worker had half written."""
    content = clips.get("plain").path.read_bytes()
    encode = shop.receive(content[: len(content) // 2])
    with pytest.raises(Refused, match="corrupt"):
        shop.make(encode)
    assert shop.videos.get(encode.video_id).media is None


def test_half_a_segment_is_not_taken_for_a_whole_one(shop: Shop) -> None:
    encode = shop.receive(clips.get("plain").path.read_bytes())
    shop.do(encode, TaskKind.PLAN)
    shop.do(encode, TaskKind.CHUNK)
    key = next(key for key in shop.media.objects if key.endswith("00000.m4s"))
    shop.media.objects[key] = shop.media.objects[key][:-100]
    with pytest.raises(Refused, match="not_proven"):
        shop.make(encode)
    assert shop.videos.get(encode.video_id).media is None
