"""The memory a task needs depends on the size of pictures, not on how long they are shown."""

import sys
from pathlib import Path

import pytest

from tests.media import clips
from tests.media.planned import planned
from tests.media.plans import a_sandbox
from transcoder import encoding
from transcoder.sandbox import Limits

# Enough for five sizes of 1080p; six seconds of a held picture in all of them need another 1.6 GB.
_ENOUGH_BYTES = 3 * 1024**3


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps a limit on memory")
@pytest.mark.parametrize("chunk", [0, 1])
def test_a_picture_that_is_held_for_long_costs_no_more_than_one(
    chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "slides.mkv"
    clips.ffmpeg(
        *("-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=30:d=2"),
        *("-vf", "setpts='(N/30+20*gte(N,30))/TB'", "-fps_mode", "passthrough"),
        *("-enc_time_base", "1/1000", "-c:v", "libx264", "-preset", "ultrafast", source),
    )
    plan = planned(source)
    assert plan.asset.grid.rate == 30
    limits = Limits(cpu_seconds=300, memory_bytes=_ENOUGH_BYTES)
    monkeypatch.setattr(encoding, "_limits", lambda *_: limits)
    made = encoding.make_chunk(plan, chunk, str(source), sandbox=a_sandbox(tmp_path / "made"))
    assert sum(piece.frames for piece in made.pieces) == 180 * len(plan.asset.rungs)
