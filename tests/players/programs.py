"""Players of the command line, each of which writes down what it would show and play."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

import av

from tests.builders import clips
from tests.players.measured import FRAMES_PER_SECOND

_SECONDS = 120
# Large enough to read the number of each picture.
_WIDTH, _HEIGHT = 96, 54


@dataclass(frozen=True, slots=True)
class Program:
    name: str
    package: str
    executable: str
    command: Callable[[str, Path], Sequence[str | Path]]
    # One of them refuses to be run by root.
    user: str | None = None

    @property
    def missing(self) -> str:
        return "" if shutil.which(self.executable) else f"needs apt-get install {self.package}"

    def play(self, url: str) -> "Recording":
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o777)  # for the user it runs as
            return self._play(url, Path(folder))

    def _play(self, url: str, folder: Path) -> "Recording":
        made = folder / f"{self.name}.mkv"
        done = subprocess.run(
            [self.executable, *self.command(url, made)],
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"},
            cwd=folder,
            user=self.user if os.geteuid() == 0 else None,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        assert made.exists(), (done.returncode, done.stderr[-1000:])
        return Recording.of(made)


@dataclass(frozen=True, slots=True)
class Recording:
    numbers: Sequence[int]
    seconds: float
    # How much later than the picture of its second each tone begins.
    late: Sequence[float]

    @classmethod
    def of(cls, path: Path) -> "Recording":
        with av.open(str(path)) as container:
            frames = [
                (float(frame.time), clips.drawn_number(frame))
                for frame in container.decode(video=0)
            ]
        with av.open(str(path)) as container:
            sound = next(float(frame.time or 0) for frame in container.decode(audio=0))
        pictures = {number: at for at, number in frames}
        late = [
            sound + burst - pictures[second * FRAMES_PER_SECOND]
            for second, burst in enumerate(clips.bursts(path))
        ]
        ends = frames[-1][0] + median(b[0] - a[0] for a, b in pairwise(frames))
        return cls([number for _, number in frames], ends - frames[0][0], late)


def _ffmpeg(url: str, made: Path) -> Sequence[str | Path]:
    return ("-v", "error", "-nostdin", "-i", url, "-vf", f"scale={_WIDTH}:{_HEIGHT}",
            "-c:v", "ffv1", "-c:a", "pcm_s16le", made)  # fmt: skip


def _mpv(url: str, made: Path) -> Sequence[str | Path]:
    return ("--no-config", "--really-quiet", "--hls-bitrate=max", f"--vf=scale={_WIDTH}:{_HEIGHT}",
            "--of=matroska", "--ovc=ffv1", "--oac=pcm_s16le", f"--o={made}", url)  # fmt: skip


def _vlc(url: str, made: Path) -> Sequence[str | Path]:
    """What its demuxers make of it, packed anew: it decodes nothing."""
    return ("-I", "dummy", "--no-video-title-show", "--adaptive-logic=highest", url,
            "--sout", f"#std{{access=file,mux=mkv,dst={made}}}", "vlc://quit")  # fmt: skip


def _gstreamer(url: str, made: Path) -> Sequence[str | Path]:
    picture = f"video/x-raw,format=I420,width={_WIDTH},height={_HEIGHT},pixel-aspect-ratio=1/1"
    return ("-q", "uridecodebin3", f"uri={url}", "name=in",
            "in.", "!", "video/x-raw", "!", "queue", "max-size-time=0", "max-size-bytes=0",
            "max-size-buffers=0", "!", "videoconvert", "!", "videoscale", "!", picture, "!", "mux.",
            "in.", "!", "audio/x-raw", "!", "queue", "max-size-time=0", "max-size-bytes=0",
            "max-size-buffers=0", "!", "audioconvert", "!", "audioresample", "!",
            "audio/x-raw,format=S16LE", "!", "mux.",
            "matroskamux", "name=mux", "!", "filesink", f"location={made}")  # fmt: skip


PROGRAMS = (
    Program("FFmpeg", "ffmpeg", "/usr/bin/ffmpeg", _ffmpeg),
    Program("mpv", "mpv", "mpv", _mpv),
    Program("VLC", "vlc-bin vlc-plugin-base", "cvlc", _vlc, user="nobody"),
    Program("GStreamer", "gstreamer1.0-tools gstreamer1.0-plugins-bad gstreamer1.0-libav",
            "gst-launch-1.0", _gstreamer),
)  # fmt: skip
