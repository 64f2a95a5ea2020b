"""What a file shows and sounds like, as Debian's FFmpeg decodes it: an independent judge."""

import re
import subprocess
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.builders import clips
from tests.media.gallery.files import maker

WIDTH, HEIGHT = 48, 28
_PIXEL_BYTES = 3
_BASE = re.compile(r"config in time_base: (\d+)/(\d+)")
_PTS = re.compile(r"\bn: *\d+ pts: *(-?\d+)")
_SIZE = re.compile(r"\bsar:(\d+)/(\d+) s:(\d+)x(\d+)")
_COMBED = re.compile(r"Multi frame detection: TFF: *(\d+) BFF: *(\d+)")
_SAMPLES = re.compile(r"nb_samples:(\d+)")
_STUCK_SECONDS = 200
_MOST_SAMPLES = 200 * clips.AUDIO_RATE
_JITTER_SAMPLES = clips.AUDIO_RATE // 100
_FIELDS, _SMALL = "idet,", f"scale={WIDTH}:{HEIGHT}:flags=area,format=rgb24"
_SOUND = f"aresample={clips.AUDIO_RATE},aformat=sample_fmts=s16:channel_layouts=mono"


@dataclass(frozen=True, slots=True)
class Picture:
    at: Fraction
    # Small, line by line, red, green and blue.
    pixels: bytes

    @property
    def number(self) -> int:
        grey = [sum(self.pixels[at : at + 3]) // 3 for at in range(0, len(self.pixels), 3)]
        return clips.drawn_number_in(grey, WIDTH, HEIGHT, WIDTH)


@dataclass(frozen=True, slots=True)
class Tone:
    at: float
    hertz: float


@dataclass(frozen=True, slots=True)
class Decoded:
    pictures: tuple[Picture, ...]
    # Of each track; times are in the same clock as those of the pictures.
    tones: tuple[tuple[Tone, ...], ...]
    # When the first sample of each track is heard.
    begins: tuple[float, ...]
    complaints: int
    # Width and height as people see them.
    size: tuple[Fraction, int] = (Fraction(0), 0)
    # How many pictures show two fields of different times, if that was looked for.
    combed: int = 0


def decoded(
    path: Path,
    *,
    video: int | None = 0,
    audio: int = 0,
    tracks: int = 0,
    looks_for_fields: bool = False,
    decoder: str = "",
) -> Decoded:
    """Decode one video stream, and so many audio streams from a first one on."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        command = [maker(), "-nostdin", "-nostats", "-v", "level+info", "-y"]
        command += [*(("-c:v", decoder) if decoder else ()), "-i", str(path)]
        if video is not None:
            small = f"{_FIELDS if looks_for_fields else ''}showinfo@v=checksum=0,{_SMALL}"
            command += ["-map", f"0:v:{video}", "-vf", small, "-fps_mode", "passthrough"]
            command += ["-f", "rawvideo", str(folder / "v")]
        for track in range(tracks):
            command += ["-map", f"0:a:{audio + track}", "-af", f"{_SOUND},ashowinfo@a{track}"]
            command += ["-f", "s16le", str(folder / f"a{track}")]
        done = subprocess.run(command, capture_output=True, timeout=_STUCK_SECONDS, check=False)
        lines = done.stderr.decode(errors="replace").splitlines()
        pictures = tuple(_pictures(lines, folder / "v"))
        sounds = [_sound(lines, folder / f"a{track}") for track in range(tracks)]
    complaints = sum("[error]" in line or "[fatal]" in line for line in lines)
    return Decoded(
        pictures=tuple(sorted(pictures, key=lambda each: each.at)),
        tones=tuple(tones for tones, _ in sounds),
        begins=tuple(begins for _, begins in sounds),
        complaints=complaints + abs(done.returncode),
        size=_size(lines),
        combed=sum(int(each) for line in lines for each in sum(_COMBED.findall(line), ())),
    )


def _size(lines: list[str]) -> tuple[Fraction, int]:
    """Return the size of the first picture, in square pixels."""
    match = next((each for line in lines if (each := _SIZE.search(line))), None)
    if not match:
        return Fraction(0), 0
    across, down, width, height = map(int, match.groups())
    return width * (Fraction(across, down) if across and down else Fraction(1)), height


def _pictures(lines: list[str], path: Path) -> Iterator[Picture]:
    size = WIDTH * HEIGHT * _PIXEL_BYTES
    raw, base = path.read_bytes() if path.exists() else b"", Fraction(1)
    done = [line for line in lines if "[showinfo@v " in line]
    number = 0
    for line in done:
        if match := _BASE.search(line):
            base = Fraction(int(match[1]), int(match[2]))
        elif match := _PTS.search(line):
            pixels = raw[number * size : (number + 1) * size]
            number += 1
            if len(pixels) == size:
                yield Picture(int(match[1]) * base, pixels)


def _sound(lines: list[str], path: Path) -> tuple[tuple[Tone, ...], float]:
    """Lay the samples where their times say, and look for tones."""
    raw = array("h", path.read_bytes() if path.exists() else b"")
    if sys.byteorder == "big":
        raw.byteswap()
    laid, at, first = array("h"), 0, None
    for line in lines:
        if f"[ashowinfo@{path.name} " not in line:
            continue
        times, count = _PTS.search(line.replace("n:", "n: ")), _SAMPLES.search(line)
        if not times or not count:
            continue
        begin, length = int(times[1]), int(count[1])
        first = begin if first is None else first
        position = begin - first
        # Times of whole milliseconds, or of another clock, are no gaps.
        position = len(laid) if abs(position - len(laid)) < _JITTER_SAMPLES else position
        if 0 <= position < _MOST_SAMPLES:
            laid.extend(bytes(max(0, position + length - len(laid))))
            laid[position : position + length] = raw[at : at + length]
        at += length
    begins = (first or 0) / clips.AUDIO_RATE
    return tuple(Tone(begins + at, _hertz(laid, at)) for at in clips.onsets(laid)), begins


def _hertz(laid: "array[int]", at: float) -> float:
    """Count how often the wave crosses nothing, a little after the beginning of a tone."""
    begin = int((at + 0.02) * clips.AUDIO_RATE)
    wave = laid[begin : begin + clips.AUDIO_RATE // 20]
    crossings = sum((a < 0) != (b < 0) for a, b in pairwise(wave))
    return crossings * 10.0
