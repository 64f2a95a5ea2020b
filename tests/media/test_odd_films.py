"""Films that are stored in an unusual way are planned as players show them."""

from pathlib import Path

import pytest

from tests.media import clips
from tests.media.planned import planned


@pytest.mark.parametrize(
    ("encoder", "crop"), [("libx264", "h264_metadata"), ("libx265", "hevc_metadata")]
)
def test_a_crop_at_the_left_makes_the_picture_narrower(
    tmp_path: Path, encoder: str, crop: str
) -> None:
    path = tmp_path / "film.mp4"
    pictures = ("-f", "lavfi", "-i", "testsrc2=s=320x176:r=25:d=0.4")
    clips.ffmpeg(*pictures, "-c:v", encoder, "-bsf:v", f"{crop}=crop_left=16:crop_top=32", path)
    plan = planned(path)
    assert (plan.picture.width, plan.picture.height) == (304, 144)
    assert (plan.asset.rungs[-1].width, plan.asset.rungs[-1].height) == (304, 144)
