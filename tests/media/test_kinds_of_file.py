"""Whatever a common player plays becomes a video; of anything else it is said what it is."""

from pathlib import Path
from typing import cast

import pytest

from chalicelib.encoding.failures import Finding, Reason
from tests.builders import clips
from tests.builders.plans import planned, planned_as_by_a_worker
from tests.builders.published_encodes import finished
from tests.media import forgeries
from transcoder.errors import Refused

_DV = ("-vf", "scale=720:576,setsar=16/15", "-pix_fmt", "yuv420p", "-c:v", "dvvideo")
_MPEG2 = ("-c:v", "mpeg2video", "-q:v", "2", "-bf", "2")
_MPEG1 = ("-c:v", "mpeg1video", "-q:v", "2", "-bf", "2")
_H264 = ("-c:v", "libx264", "-bf", "3", "-g", "50")
_H265 = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:bframes=3")
_VP8 = ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "-8", "-b:v", "1M")
_AV1 = ("-c:v", "libsvtav1", "-preset", "12", "-crf", "10")
# By the demuxer that each needs.
_KINDS = {
    "dv": (_DV, "dv"),
    "h264": (_H264, "h264"),
    "hevc": (_H265, "hevc"),
    "mpeg2": (_MPEG2, "mpeg2video"),
    "mpeg1": (_MPEG1, "mpeg1video"),
    "mpeg4": (("-c:v", "mpeg4", "-q:v", "3", "-bf", "2"), "m4v"),
    "av1": (_AV1, "obu"),
    "ivf": (_VP8, "ivf"),
    "y4m": ((), "yuv4mpegpipe"),
    "nut": (_H264, "nut"),
    "gif": ((), "gif"),
    "apng": ((), "apng"),
    "gxf": (("-vf", "scale=720:576", *_MPEG2[:4]), "gxf"),
    "mjpeg": (("-c:v", "mjpeg", "-q:v", "3"), "mjpeg"),
    "h263": (("-vf", "scale=176:144,setsar=1", "-c:v", "h263", "-q:v", "2"), "h263"),
}
_WITHOUT_TIMES = {"h264", "hevc", "mpeg2", "mpeg1", "mpeg4", "av1", "mjpeg", "h263"}


@pytest.mark.parametrize("kind", _KINDS)
def test_every_kind_that_players_play_becomes_a_video(tmp_path: Path, kind: str) -> None:
    options, muxer = _KINDS[kind]
    path = tmp_path / "film"
    clips.ffmpeg("-i", clips.get("silent").path, *options, "-f", muxer, path)
    made = finished(path)
    assert made.report["ok"], made.report
    assert made.plan.chunk_count == 2
    assert made.asset.grid.rate == 25
    rung = made.asset.rungs[-1]
    assert clips.numbers(made.played(f"video/{rung.name}")) == list(range(175))
    counted = "It stores no times; 25 pictures a second are shown."
    assert (counted in made.plan.notes) == (kind in _WITHOUT_TIMES)


@pytest.mark.parametrize("kind", ["av1", "h264"])
def test_a_bare_stream_that_breaks_off_is_a_video_as_far_as_it_is_there(
    tmp_path: Path, kind: str
) -> None:
    options, muxer = _KINDS[kind]
    path = tmp_path / "film"
    clips.ffmpeg("-i", clips.get("silent").path, *options, "-f", muxer, path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    made = finished(path)
    assert made.report["ok"], made.report
    numbers = clips.numbers(made.played(f"video/{made.asset.rungs[-1].name}"))
    assert 70 < len(numbers) < 130
    assert numbers[:70] == list(range(70))
    notes = " ".join(cast("list[str]", made.report["notes"]))
    assert "breaks off" in notes or "could not be read whole" in notes


@pytest.mark.parametrize("length", [1, 187, 1000, 20_000])
def test_a_ts_behind_the_rest_of_something_else_becomes_a_video(
    tmp_path: Path, length: int
) -> None:
    path = tmp_path / "film.ts"
    clips.ffmpeg("-i", clips.get("tiny").path, "-c", "copy", path)
    path.write_bytes(bytes(number * 37 % 251 for number in range(length)) + path.read_bytes())
    plan = planned(path)
    assert (plan.picture.demuxer, plan.picture.frames) == ("mpegts", 75)
    assert len(plan.asset.audio) == 1


def _refused(path: Path) -> tuple[Reason, str]:
    with pytest.raises(Refused) as refusal:
        planned(path)
    return refusal.value.reason, refusal.value.detail


@pytest.mark.parametrize(
    ("head", "reason", "detail"),
    [
        (b"\xff\xd8\xff\xe0", Reason.NOT_VIDEO, "It is a still picture."),
        (b"RIFF\0\0\0\0WEBPVP8 ", Reason.NOT_VIDEO, "It is a still picture."),
        (b"\0\0\0\x18ftypheic", Reason.NOT_VIDEO, "It is a still picture."),
        (b"%PDF-1.7", Reason.NOT_VIDEO, "It is a document."),
        (b"PK\3\4", Reason.NOT_VIDEO,
         "It is an archive: please upload the video that is in it."),
        (b"#EXTM3U\n", Reason.NOT_VIDEO, "It is a playlist: please upload the videos it names."),
        ("Grüße".encode(), Reason.NOT_VIDEO, "It is a document."),
        (b"RIFF\0\0\0\0WEBPVP8X" + bytes(14) + b"ANIM", Reason.UNSUPPORTED_FORMAT,
         "It is an animated WebP."),
        (b".RMF\0\0", Reason.UNSUPPORTED_FORMAT, "It is RealMedia."),
        (b"\x00\x01\x02 who knows", Reason.UNSUPPORTED_FORMAT, ""),
    ],
)  # fmt: skip
def test_of_what_is_not_taken_it_is_said_what_it_is(
    tmp_path: Path, head: bytes, reason: Reason, detail: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(head)
    assert _refused(path) == (reason, detail)


@pytest.mark.parametrize("muxer", ["gif", "apng"])
def test_a_picture_that_could_move_but_does_not_is_a_still_one(tmp_path: Path, muxer: str) -> None:
    path = tmp_path / "picture"
    clips.ffmpeg("-i", clips.get("tiny").path, "-frames:v", "1", "-f", muxer, path)
    assert _refused(path) == (Reason.NOT_VIDEO, "It is a still picture.")


def test_a_photograph_with_pictures_behind_it_is_a_still_one(tmp_path: Path) -> None:
    path = tmp_path / "picture.jpg"
    clips.ffmpeg("-i", clips.get("tiny").path, "-frames:v", "1", "-f", "mjpeg", path)
    path.write_bytes(3 * path.read_bytes())
    assert _refused(path) == (Reason.NOT_VIDEO, "It is a still picture.")


def test_a_ts_with_zeros_at_its_end_becomes_a_video(tmp_path: Path) -> None:
    path = tmp_path / "film.ts"
    clips.ffmpeg("-i", clips.get("tiny").path, "-c", "copy", path)
    path.write_bytes(path.read_bytes() + bytes(300_000))
    assert planned(path).picture.frames == 75


def test_sound_of_eight_channels_in_an_order_of_its_own_does_not_break_the_reader(
    tmp_path: Path,
) -> None:
    path = tmp_path / "film.mov"
    eight = ("-af", "pan=7.1|c0=c0|c1=c1|c2=c0|c3=c1|c4=c0|c5=c1|c6=c0|c7=c1")
    clips.ffmpeg("-i", clips.get("tiny").path, *eight, "-c:v", "copy", "-c:a", "pcm_s16le", path)
    path.write_bytes(forgeries.with_channels_in_another_order(path.read_bytes()))
    assert len(planned_as_by_a_worker(path, tmp_path).asset.audio) == 1


def test_a_header_that_breaks_off_is_called_incomplete(tmp_path: Path) -> None:
    path, head = tmp_path / "film.mp4", tmp_path / "head.mp4"
    clips.ffmpeg("-i", clips.get("tiny").path, "-c", "copy", "-movflags", "+faststart", path)
    head.write_bytes(path.read_bytes()[:200])
    assert _refused(head) == (Reason.CORRUPT, "")


def test_an_encrypted_video_is_called_encrypted(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    keys = ("-encryption_key", "76a6c65c5ea762046bd749a2e632ccbb", "-encryption_kid", "a7" * 16)
    clips.ffmpeg("-i", clips.get("tiny").path, "-c", "copy",
                 "-encryption_scheme", "cenc-aes-ctr", *keys, path)  # fmt: skip
    assert _refused(path) == (Reason.ENCRYPTED, Finding.COMMON_ENCRYPTION)


def test_a_compressed_header_is_read_as_far_as_it_is_one(tmp_path: Path) -> None:
    path = tmp_path / "film.mov"
    content = clips.get("prores").path.read_bytes()
    path.write_bytes(forgeries.with_packed_header(content, unpacked=1_000_000))
    assert planned(path).picture.frames == 50
    bomb = forgeries.with_packed_header(content, unpacked=64_000_000)
    assert len(bomb) < len(content) + 100_000
    box = b"\0\0\0\x08free"
    for before in (b"", box * 900, b"\0\0\0\x08moof", box + b"\0\0\0\x08moof" * 3):
        path.write_bytes(bomb[:20] + before + bomb[20:] if before else bomb)
        assert _refused(path) == (
            Reason.UNSUPPORTED_FORMAT,
            "Its header unpacks to more than is read.",
        )
    path.write_bytes(bomb[:20] + box * 1000 + bomb[20:])
    assert _refused(path) == (Reason.CORRUPT, "")
