"""Tiny sources of every kind, made with FFmpeg once per run; every picture shows its own number.

`get("vfr")` returns a `Clip`; `numbers(path)` reads the numbers back out of any video, whatever
was done to its size, and `bursts(path)` says when the tones of its sound begin: one every second.
"""

import atexit
import shutil
import subprocess
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import IO

import av
import imageio_ffmpeg

COLUMNS, ROWS = 6, 4
_TOP, _BOTTOM = (1, 1, 0, 0, 0, 0), (1, 0, 1, 0, 1, 0)
_BITS = 12
# Below the cells a bar moves, so that no two pictures are alike and combing can be seen.
_CELLS_END = Fraction(9, 10)
_BLACK, _WHITE, _GREY = b"\x28", b"\xd7", b"\x80"

AUDIO_RATE = 48_000
BURST = "0.4*sin(2*PI*(400+100*floor(t))*t)*lt(mod(t,1),0.1)"
_AAC = ("-c:a", "aac", "-b:a", "96k")
_H264 = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p")
_PQ = ("-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc")


@dataclass(frozen=True, slots=True)
class Clip:
    """What is in the file; sizes are those of the picture as people see it."""

    name: str
    suffix: str = ".mp4"
    rate: Fraction = Fraction(25)
    frames: int = 325
    width: int = 320
    height: int = 180
    # Seconds of sound; None is as long as the picture, 0 is none at all.
    sound: Fraction | None = None
    # How much later than the picture it begins.
    sound_begins: Fraction = Fraction(0)
    channels: str = "stereo"
    # Where frames do not come evenly: the time of each, in milliseconds, as FFmpeg says it.
    times_ms: str = ""
    filters: str = ""
    video: tuple[str, ...] = _H264
    audio: tuple[str, ...] = _AAC
    # More inputs, and how all of them are put together.
    inputs: tuple[str, ...] = ()
    mux: tuple[str, ...] = ()
    # Options before the picture, when it is packed a second time without encoding.
    repack: tuple[str, ...] = ()
    path: Path = field(default=Path(), compare=False)

    @property
    def seconds(self) -> Fraction:
        return self.frames / self.rate

    @property
    def sound_seconds(self) -> Fraction:
        return self.seconds if self.sound is None else self.sound


def ffmpeg(*arguments: str | Path, feed: Iterable[bytes] = ()) -> None:
    """Run FFmpeg to its end and show what it said if that went wrong."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostats", "-y"]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [*command, *map(str, arguments)], stdin=subprocess.PIPE, stdout=said, stderr=said
        )
        assert process.stdin is not None
        # It may have read enough before the end, or met something wrong.
        with suppress(BrokenPipeError):
            process.stdin.writelines(feed)
        with suppress(BrokenPipeError):
            process.stdin.close()
        if process.wait() != 0:
            said.seek(0)
            raise RuntimeError(said.read().decode(errors="replace"))


def picture(number: int, *, width: int, height: int, phase: int) -> bytes:
    """One frame in yuv420p: the number in cells of black and white, and a bar that moves."""
    bits = tuple(number >> bit & 1 for bit in reversed(range(_BITS)))
    rows = (_TOP, bits[:COLUMNS], bits[COLUMNS:], _BOTTOM)
    edges = [width * column // COLUMNS for column in range(COLUMNS + 1)]
    lines = [int(height * _CELLS_END) * row // ROWS for row in range(ROWS + 1)]
    luma = bytearray()
    for row, (top, bottom) in zip(rows, pairwise(lines), strict=True):
        cells = zip(row, pairwise(edges), strict=True)
        line = b"".join((_WHITE if bit else _BLACK) * (b - a) for bit, (a, b) in cells)
        luma += line * (bottom - top)
    bar = max(2, width // 16)
    left = phase * 5 % (width - bar)
    line = _BLACK * left + _WHITE * bar + _BLACK * (width - bar - left)
    luma += line * (height - lines[-1])
    return bytes(luma) + _GREY * (2 * -(-width // 2) * -(-height // 2))


def drawn_number(frame: av.VideoFrame) -> int:
    """Read the number of a picture; -1 if it does not stand upright or is no such picture."""
    plane = frame.reformat(format="gray").planes[0]
    return drawn_number_in(memoryview(plane), plane.width, plane.height, plane.line_size)


def drawn_number_in(luma: Sequence[int], width: int, height: int, line_size: int) -> int:
    """Read the number out of the brightness of a picture, line by line."""

    def bit(column: int, row: int) -> int:
        x = width * (2 * column + 1) // (2 * COLUMNS)
        y = int(height * _CELLS_END) * (2 * row + 1) // (2 * ROWS)
        return int(luma[y * line_size + x] > 128)

    cells = [tuple(bit(column, row) for column in range(COLUMNS)) for row in range(ROWS)]
    if cells[0] != _TOP or cells[-1] != _BOTTOM:
        return -1
    return int("".join(map(str, cells[1] + cells[2])), 2)


def numbers(file: Path | IO[bytes], *, stream: int = 0) -> list[int]:
    """Decode a video stream and return what each of its pictures says it is."""
    with av.open(str(file) if isinstance(file, Path) else file, "r") as container:
        return [drawn_number(frame) for frame in container.decode(video=stream)]


def samples(file: Path | IO[bytes], *, stream: int = 0) -> "array[int]":
    """Decode an audio stream to one channel of 16 bits at 48 kHz."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=AUDIO_RATE)
    decoded = array("h")
    with av.open(str(file) if isinstance(file, Path) else file, "r") as container:
        for frame in (*container.decode(audio=stream), None):
            for resampled in resampler.resample(frame):
                decoded.frombytes(bytes(resampled.planes[0])[: resampled.samples * 2])
    return decoded


def bursts(file: Path | IO[bytes], *, stream: int = 0) -> list[float]:
    """When each tone begins, in seconds from the first decoded sample."""
    return onsets(samples(file, stream=stream))


def onsets(heard: Sequence[int]) -> list[float]:
    """When each tone begins in samples at 48 kHz."""
    loud = [at for at, value in enumerate(heard) if abs(value) > 1500]
    gap = AUDIO_RATE // 2
    starts = [at for before, at in pairwise([-gap, *loud]) if at - before > gap // 2]
    return [at / AUDIO_RATE for at in starts]


def times(clip: Clip) -> list[Fraction]:
    """The presentation time of each picture of the clip, counted from its first one."""
    if not clip.times_ms:
        return [number / clip.rate for number in range(clip.frames)]
    with av.open(str(get(clip.name).path)) as container:
        presented = sorted(
            packet.pts * packet.time_base
            for packet in container.demux(video=0)
            if packet.pts is not None
        )
    return [each - presented[0] for each in presented]


def _clip(name: str, seconds: int, **facts: object) -> Clip:
    clip = replace(Clip(name), **facts)  # type: ignore[arg-type]
    return replace(clip, frames=round(seconds * clip.rate))


_SUBTITLE = """1\n00:00:01,000 --> 00:00:02,500\nGrüße & <i>hello</i>\n
2\n00:00:05,000 --> 00:00:08,000\nacross a boundary\n"""
_PAIR = ("-map", "0:v", "-map", "1:a")
_TEXT = (*_PAIR, "-map", "2:s", "-map", "2:s", "-disposition:s:1", "forced")
_TEXT_NAMES = ("-metadata:s:s:0", "language=ger", "-metadata:s:s:1", "language=eng")
_TONGUES = (
    *_PAIR, "-map", "1:a", "-map", "1:a", "-disposition:a:1", "default", "-disposition:a:0", "0",
    "-metadata:s:a:0", "language=ger", "-metadata:s:a:1", "language=eng",
    "-metadata:s:a:1", "title=Director 🎬", "-metadata:s:a:2", "language=zzz",
)  # fmt: skip
_COVER = (*_PAIR, "-map", "2:v", "-c:v:1", "mjpeg", "-disposition:v:1", "attached_pic")
_SECOND = ("-map", "2:v", "-map", "0:v", "-map", "1:a", "-disposition:v", "0")
_COLOUR = ("-f", "lavfi", "-i")

_CLIPS = (
    _clip("plain", 13),  # two segments of 6 s and one of 1 s
    _clip("minute", 60, width=192, height=108),
    _clip("player", 24, width=640, height=360),  # what tests/players play
    _clip("film", 13, rate=Fraction(24_000, 1001)),
    _clip("ntsc", 13, rate=Fraction(30_000, 1001)),
    _clip("fast60", 7, rate=Fraction(60)),
    _clip("fast120", 7, rate=Fraction(120)),
    _clip("hd", 4, width=1280, height=720),
    _clip("tiny", 3, width=96, height=54),
    _clip("portrait", 4, width=180, height=320),
    _clip("odd", 4, width=321, height=181, suffix=".webm",
          video=("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "-8", "-b:v", "1M"),
          audio=("-c:a", "libopus")),
    _clip("vp9", 4, suffix=".webm",
          video=("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1M"),
          audio=("-c:a", "libopus")),
    _clip("avi", 4, suffix=".avi", video=("-c:v", "mpeg4", "-q:v", "3"),
          audio=("-c:a", "libmp3lame")),
    _clip("flv", 4, suffix=".flv"),
    _clip("flac", 4, suffix=".mkv", audio=("-c:a", "flac")),
    # 30 a second with jitter, then half as many, as telephones do it in the dark.
    _clip("vfr", 13, suffix=".mkv", rate=Fraction(25),
          times_ms="33*N+4*mod(N,3)+33*max(N-150,0)-20*max(N-250,0)"),
    _clip("vfr_mp4", 13, rate=Fraction(25),
          times_ms="33*N+4*mod(N,3)+33*max(N-150,0)-20*max(N-250,0)"),
    _clip("late_start", 13, suffix=".ts", mux=("-output_ts_offset", "3600")),
    _clip("open_gop", 13, suffix=".ts", video=(*_H264, "-x264-params", "open-gop=1:keyint=50")),
    _clip("faststart", 13, mux=("-movflags", "+faststart")),
    _clip("fragmented", 13, mux=("-movflags", "frag_keyframe+empty_moov")),
    _clip("rotated", 4, width=180, height=320, filters="transpose=cclock",
          repack=("-display_rotation", "-90")),
    _clip("upside_down", 4, filters="hflip,vflip", repack=("-display_rotation", "180")),
    _clip("anamorphic", 4, width=320, height=180, filters="scale=240:180,setsar=4/3"),
    _clip("interlaced", 4, filters="tinterlace=interleave_top,setfield=tff", suffix=".ts",
          video=("-c:v", "mpeg2video", "-q:v", "2", "-flags", "+ilme+ildct")),
    _clip("interlaced_h264", 4, filters="tinterlace=interleave_top,setfield=tff",
          video=(*_H264, "-flags", "+ilme+ildct", "-x264-params", "tff=1")),
    _clip("hdr", 3, video=("-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le",
                           *_PQ, "-x265-params", "log-level=none", "-tag:v", "hvc1"),
          filters="setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc"),
    _clip("high422", 3, video=("-c:v", "libx264", "-preset", "veryfast", "-crf", "18",
                               "-pix_fmt", "yuv422p10le")),
    _clip("prores", 2, suffix=".mov", video=("-c:v", "prores_ks", "-pix_fmt", "yuv422p10le"),
          audio=("-c:a", "pcm_s16le")),
    _clip("mono", 4, channels="mono"),
    _clip("surround", 7, channels="5.1"),
    _clip("silent", 7, sound=Fraction(0)),
    _clip("long_picture", 13, sound=Fraction(9)),
    _clip("long_sound", 7, sound=Fraction(12)),
    _clip("much_sound", 4, sound=Fraction(30)),
    _clip("late_sound", 7, sound=Fraction(5), sound_begins=Fraction(3, 2)),
    _clip("cover_art", 4, inputs=(*_COLOUR, "color=red:s=640x640:r=1:d=1"), mux=_COVER),
    # The smaller picture comes first; the other one is the video.
    _clip("several_pictures", 4, suffix=".mkv",
          inputs=(*_COLOUR, "color=red:s=96x54:r=25:d=4"), mux=_SECOND),
    _clip("languages", 7, suffix=".mkv", mux=_TONGUES),
    _clip("languages_mp4", 7, mux=_TONGUES),
    _clip("subtitles", 13, suffix=".mkv", inputs=("-i", "subtitle.srt"),
          mux=(*_TEXT, *_TEXT_NAMES, "-c:s:0", "srt", "-c:s:1", "ass")),
    _clip("subtitles_mp4", 13, inputs=("-i", "subtitle.srt"),
          mux=(*_TEXT, *_TEXT_NAMES, "-c:s", "mov_text")),
)  # fmt: skip
NAMES = tuple(clip.name for clip in _CLIPS)


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="clips-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "subtitle.srt").write_text(_SUBTITLE, encoding="utf-8")
    return folder


@cache
def get(name: str) -> Clip:
    """Make the clip if this run has not made it yet."""
    clip = next(each for each in _CLIPS if each.name == name)
    clip = replace(clip, path=_folder() / f"{name}{clip.suffix}")
    first = clip.path.with_name(f"{name}.first{clip.suffix}") if clip.repack else clip.path
    ffmpeg(*_inputs(clip), *_outputs(clip), first, feed=_pictures(clip))
    if clip.repack:
        ffmpeg(*clip.repack, "-i", first, "-map", "0", "-c", "copy", clip.path)
    return clip


def _is_interlaced(clip: Clip) -> bool:
    return "tinterlace" in clip.filters


def _pictures(clip: Clip) -> Iterator[bytes]:
    """Both fields of an interlaced picture bear its number, and the bar moves between them."""
    fields = 2 if _is_interlaced(clip) else 1
    for phase in range(clip.frames * fields):
        yield picture(phase // fields, width=clip.width, height=clip.height, phase=phase)


def _inputs(clip: Clip) -> Iterator[str]:
    rate = clip.rate * 2 if _is_interlaced(clip) else clip.rate
    yield from ("-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{clip.width}x{clip.height}")
    yield from ("-r", str(rate), "-i", "pipe:0")
    if clip.sound_seconds:
        channels = {"mono": 1, "stereo": 2, "5.1": 6}[clip.channels]
        tones = "|".join([BURST] * channels).replace(",", r"\,")
        sound = f"aevalsrc={tones}:c={clip.channels}:s={AUDIO_RATE}:d={float(clip.sound_seconds)}"
        offset = ("-itsoffset", str(float(clip.sound_begins))) if clip.sound_begins else ()
        yield from (*offset, "-f", "lavfi", "-i", sound)
    yield from (str(_folder() / each) if each == "subtitle.srt" else each for each in clip.inputs)


def _outputs(clip: Clip) -> Iterator[str]:
    timing = f"settb=1/1000,setpts='{clip.times_ms}'" if clip.times_ms else ""
    if chain := ",".join(filter(None, (clip.filters, timing))):
        yield from ("-filter:v:0", chain)
    if clip.times_ms:
        yield from ("-fps_mode", "passthrough", "-enc_time_base", "1/1000")
    yield from (*clip.video, *clip.audio, *clip.mux)


def bytes_of(name: str) -> bytes:
    return get(name).path.read_bytes()
