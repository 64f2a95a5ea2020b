"""The files themselves: numbered pictures and tones, made into whatever an entry says."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.builders import clips
from tests.media.gallery.model import Entry, Master
from transcoder.ffmpeg.opening import ffmpeg as own_build

_CHANNELS = {"4.0": 4, "mono": 1, "stereo": 2, "5.1": 6, "7.1": 8}
# In what FFmpeg says of an encoder, a muxer, an option that it does not have.
_LACKS = frozenset({b"Unknown", b"Unrecognized", b"Requested", b"Unable"})
# Without it there are random numbers in some headers.
_SAME = ("-fflags", "+bitexact")
_LOW, _HIGH = 96, 160
_LONGEST_SECONDS = 120


class NotMade(Exception):
    """There is no encoder for it here."""


@cache
def maker() -> str:
    """Debian's FFmpeg where there is one: the product's own does not judge itself then."""
    return shutil.which("ffmpeg", path="/usr/bin") or own_build()


def make(entry: Entry, folder: Path) -> Path:
    """Return the file of an entry in the folder, made unless it is there."""
    path = folder / f"{entry.name}.{entry.suffix}"
    if not path.exists():
        unfinished = _aside(path)
        _write(entry, folder, unfinished)
        if entry.change:
            unfinished.write_bytes(entry.change(unfinished.read_bytes()))
        unfinished.replace(path)
    return path


def _write(entry: Entry, folder: Path, path: Path) -> None:
    from tests.media.gallery.catalogue import entry_of

    if entry.write:
        entry.write(path)
    elif entry.content:
        path.write_bytes(entry.content)
    elif entry.parts:
        path.write_bytes(
            b"".join(make(entry_of(part), folder).read_bytes() for part in entry.parts)
        )
    else:
        source = (
            make(entry_of(entry.source), folder)
            if entry.source
            else master_of(entry.master, folder)
        )
        options = [each.replace("{input}", str(source)) for each in shlex.split(entry.options)]
        run([*shlex.split(entry.before), "-i", str(source), *options, *_SAME, str(path)])


def _aside(path: Path) -> Path:
    """Another process may be making the same."""
    return path.with_name(f"{os.getpid()}-{path.name}")


def run(arguments: list[str], feed: Iterator[bytes] | None = None, *, program: str = "") -> None:
    command = [program or maker(), "-v", "error", "-nostdin", "-y", *arguments]
    command.remove("-nostdin") if feed else None
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    said = b""
    try:
        assert process.stdin is not None
        for each in feed or ():
            process.stdin.write(each)
        _, said = process.communicate(timeout=_LONGEST_SECONDS)
    except BrokenPipeError:
        _, said = process.communicate(timeout=_LONGEST_SECONDS)
    finally:
        process.kill()
    if process.returncode and maker() == own_build() and _LACKS & set(said.split()):
        raise NotMade("the FFmpeg of this machine has no means to make it; Debian's has")
    if process.returncode:
        raise RuntimeError(f"{shlex.join(command)}\n{said.decode(errors='replace')[-1500:]}")


def master_of(master: Master, folder: Path) -> Path:
    name = f"{master.rate.numerator}-{master.rate.denominator}-{master.frames}"
    name += f"-{master.width}x{master.height}-{master.channels}-{float(master.sound_seconds)}"
    path = folder / f"master-{name}-{int(master.has_fields)}.nut"
    if not path.exists():
        unfinished = _aside(path)
        raw = ("-c:v", "rawvideo", "-c:a", "pcm_s16le", str(unfinished))
        run([*_inputs(master), *raw], pictures(master))
        unfinished.replace(path)
    return path


def pictures(master: Master) -> Iterator[bytes]:
    """A number and a moving bar as in all clips, and four colours."""
    width, height, fields = master.width, master.height, 2 if master.has_fields else 1
    columns, lines = -(-width // 2), -(-height // 2)
    line = bytes([_LOW]) * (columns // 2) + bytes([_HIGH]) * (columns - columns // 2)
    top, bottom = columns * (lines // 2), columns * (lines - lines // 2)
    colours = line * lines + bytes([_HIGH]) * top + bytes([_LOW]) * bottom
    for phase in range(master.frames * fields):
        grey = clips.picture(phase // fields, width=width, height=height, phase=phase)
        yield grey[: width * height] + colours


def _inputs(master: Master) -> Iterator[str]:
    rate = master.rate * 2 if master.has_fields else master.rate
    yield from ("-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{master.width}x{master.height}")
    yield from ("-r", str(rate), "-i", "pipe:0")
    if seconds := master.sound_seconds:
        tones = "|".join([clips.BURST] * _CHANNELS[master.channels]).replace(",", r"\,")
        yield from ("-f", "lavfi", "-i")
        yield f"aevalsrc={tones}:c={master.channels}:s={clips.AUDIO_RATE}:d={float(seconds)}"
    if master.has_fields:
        yield from ("-vf", "tinterlace=interleave_top,setfield=tff")
