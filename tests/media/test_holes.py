"""Zeros in an AVI: what is left is shown at its own time, and the rest is damage."""

from io import BytesIO
from pathlib import Path

import av
import pytest

from tests.builders import clips
from tests.builders.plans import planned
from tests.media.shop import Shop
from tests.media.test_damage import proof_of

_TOLERATED = 1


def with_zeros(path: Path, begin: float, end: float) -> Path:
    data = path.read_bytes()
    first, last = int(len(data) * begin), int(len(data) * end)
    zeroed = path.with_name(f"zeros{path.suffix}")
    zeroed.write_bytes(data[:first] + bytes(last - first) + data[last:])
    return zeroed


@pytest.mark.parametrize("options", [("-c:v", "mjpeg", "-q:v", "3"), ("-c:v", "libx264")])
def test_pictures_of_an_avi_behind_zeros_come_at_their_times(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    whole = tmp_path / "whole.avi"
    clips.ffmpeg("-i", clips.get("plain").path, "-an", *options, "-g", "12", whole)
    path = with_zeros(whole, 0.4, 0.5)
    plan = planned(path)
    assert plan.picture.follows_index
    (begin, end), = plan.zeros
    shop = Shop(tmp_path / "shop")
    encode = shop.receive(path.read_bytes())
    shop.make(encode)
    frames = shop.shown(encode)
    rate = float(plan.asset.grid.rate)
    behind = frames[int((float(end) + 1) * rate) :]
    print(begin, end, frames)
    assert behind


def test_zeros_in_an_avi_are_damage_by_their_share(tmp_path: Path) -> None:
    whole = tmp_path / "whole.avi"
    clips.ffmpeg("-i", clips.get("plain").path, "-an", "-c:v", "mjpeg", "-q:v", "3", whole)
    proof = proof_of(whole, by=with_zeros(whole, 0.4, 0.5))
    assert 0.88 < proof.decodable.pictures < 0.92
