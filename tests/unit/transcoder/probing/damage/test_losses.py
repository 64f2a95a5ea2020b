"""The picture that libavformat holds back where streams change counts as damage."""

from pathlib import Path

from tests.builders import clips
from tests.builders.plans import planned


def _recording(path: Path, first_pid: int) -> bytes:
    source = ("-f", "lavfi", "-i", "testsrc2=s=64x36:r=25:d=2")
    streams = ("-streamid", f"0:{first_pid}")
    clips.ffmpeg(*source, "-c:v", "libx264", "-g", "25", "-f", "mpegts", *streams, path)
    return path.read_bytes()


def test_one_picture_is_damaged_at_each_change(tmp_path: Path) -> None:
    path = tmp_path / "film.ts"
    recordings = [_recording(tmp_path / f"{pid}.ts", pid) for pid in (256, 512)]
    path.write_bytes(b"".join(recordings))
    plan = planned(path)
    assert plan.expected
    assert (sum(plan.expected.counts), plan.expected.damaged) == (99, 1)
