"""Pictures of HEVC that refer to what lies before a broken link are left out."""

from pathlib import Path

import av
import pytest

from tests.builders import clips
from tests.builders.published_encodes import finished

_OPEN_KEY, _BROKEN_LINK, _LENGTH_BYTES = 21, 16, 4
_OPTIONS = (
    "-c:v libx265 -preset ultrafast -x265-params"
    " keyint=25:min-keyint=25:open-gop=1:bframes=4:b-adapt=0:scenecut=0:log-level=none"
)


def _break_link(path: Path, *, after: int) -> None:
    """Declare that the link of the first key picture after so many packets is broken."""
    with av.open(path, "r") as container:
        packets = [each for each in container.demux(video=0) if each.size]
    key = next(each for each in packets[after:] if each.is_keyframe and each.pos)
    data, at = bytearray(path.read_bytes()), key.pos or 0
    while (data[at + _LENGTH_BYTES] >> 1 & 63) != _OPEN_KEY:
        at += _LENGTH_BYTES + int.from_bytes(data[at : at + _LENGTH_BYTES])
    data[at + _LENGTH_BYTES] = _BROKEN_LINK << 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("seconds", "after"), [(5, 40), (13, 260)], ids=["at the beginning", "further on"]
)
def test_open_pictures_after_a_broken_link_are_left_out(
    tmp_path: Path, seconds: int, after: int
) -> None:
    path = tmp_path / "film.mp4"
    clips.ffmpeg("-f", "lavfi", "-i", f"testsrc2=s=128x72:r=25:d={seconds}",
                 *_OPTIONS.split(), path)  # fmt: skip
    _break_link(path, after=after)
    made = finished(path)
    assert made.report["ok"], made.report
    assert made.plan.picture.frames < seconds * 25
    assert "Pictures before the first key picture of a part were left out." in made.plan.notes
