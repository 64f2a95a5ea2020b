"""The FFmpeg commands for still pictures of a video, and for sheets of its storyboard."""

from collections.abc import Mapping
from fractions import Fraction

from chalicelib.encoding.plan import Picture
from transcoder.ffmpeg.graph import (
    WITHOUT_SIDE_DATA,
    Size,
    counted,
    fitted,
    labelled,
    on_black,
    standard_range,
    whole,
)
from transcoder.ffmpeg.opening import QUIET, ffmpeg, opened

JUDGED = "judged"
JUDGED_SIZE: Size = (64, 36)
_PER_SECOND = 2
JPEG_QUALITY = 3
_SHEET_QUALITY = 4
# Without an index, seeking is inexact, and decoding starts at the next key frame.
_RUN_UP_SECONDS = {"mpegts": 10, "mpeg": 10}
_ONE = ("-frames:v", "1", "-update", "1")
EXACT = "accurate_rnd+bitexact+full_chroma_int"
# JPEG is always full range and BT.601.
JPEG_COLOUR = "out_range=pc:out_color_matrix=bt601"


def candidates(
    picture: Picture,
    url: str,
    *,
    begin: Fraction,
    seconds: int,
    sizes: Mapping[str, Size],
    position: int = 0,
) -> tuple[str, ...]:
    """Two frames a second: each in every size as `<name>.<number>.jpg`, and tiny in `judged`.

    The first one is the picture that is visible at `begin`.
    """
    frames = ("-frames:v", str(seconds * _PER_SECOND), "-fps_mode", "passthrough")
    return (
        ffmpeg(),
        *QUIET,
        # Times are those of the file, wherever decoding starts.
        "-copyts",
        *(sought := _sought(picture, begin)),
        # With several threads, memory would depend on the number of processors.
        *("-threads", "1"),
        *opened(picture, url, position=position, waits_for_key=bool(sought)),
        *("-filter_complex", _graph(picture, sizes, begin, seconds)),
        *("-map", f"[{JUDGED}]", *frames, "-f", "rawvideo", JUDGED),
        *(option for name in sizes for option in (*_jpegs(name, frames), f"{name}.%d.jpg")),
    )


def _sought(picture: Picture, begin: Fraction) -> tuple[str, ...]:
    sought = begin - _RUN_UP_SECONDS.get(picture.demuxer, 0)
    # Without an index, seeking to the first picture may end after it.
    if sought <= picture.start or not picture.is_searchable:
        return ()
    # In the source's own clock, which may not start at 0.
    return ("-seek_timestamp", "1", "-ss", f"{float(sought):.6f}", "-noaccurate_seek")


def first(picture: Picture, url: str, *, sizes: Mapping[str, Size]) -> tuple[str, ...]:
    """Write `<name>.jpg` of the first picture that can be decoded, with hardly any filter."""
    labels = "".join(f"{each}," for each in (*labelled(picture), *on_black(picture)))
    branches = "".join(f"[{name}.large]" for name in sizes)
    scaled = (
        f"[{name}.large]scale={width}:{height}:{JPEG_COLOUR},format=yuvj420p,setsar=1[{name}]"
        for name, (width, height) in sizes.items()
    )
    return (
        ffmpeg(),
        *QUIET,
        *("-threads", "1"),
        *opened(picture, url),
        *("-filter_complex", ";".join((
            f"[0:{picture.stream}]{labels}{WITHOUT_SIDE_DATA},split={len(sizes)}{branches}",
            *scaled,
        ))),
        *(option for name in sizes for option in (*_jpegs(name, _ONE), f"{name}.jpg")),
    )  # fmt: skip


def black(sizes: Mapping[str, Size]) -> tuple[str, ...]:
    """Write a black `<name>.jpg` if no picture of the video can be decoded."""
    return (
        ffmpeg(),
        *QUIET,
        *("-f", "lavfi", "-i", "color=black:s=16x16"),
        *(
            option
            for name, (width, height) in sizes.items()
            for option in (
                *("-map", "0:0", "-s", f"{width}x{height}", "-frames:v", "1"),
                *("-c:v", "mjpeg", "-threads", "1", "-flags", "+bitexact", "-pix_fmt", "yuvj420p"),
                *("-update", "1", "-f", "image2", f"{name}.jpg"),
            )
        ),
    )


def smaller(picture: str, name: str, *, size: Size, quality: int, softness: int) -> tuple[str, ...]:
    """Scale down a JPEG that the transcoder has written; 1 is best quality, least soft."""
    width, height = size
    scale = f"scale={width}:{height}:flags=lanczos+{EXACT}"
    # Removes detail smaller than this many pixels, which makes the file smaller.
    coarse = f"{-(-width // softness)}:{-(-height // softness)}"
    soft = f",scale={coarse}:flags=area,scale={width}:{height}:flags=bicubic"
    return (
        ffmpeg(),
        *QUIET,
        *("-protocol_whitelist", "file", "-f", "mjpeg", "-i", picture),
        *("-vf", f"{scale}{soft if softness > 1 else ''},format=yuvj420p,setsar=1"),
        *("-frames:v", "1", "-c:v", "mjpeg", "-q:v", str(quality), "-qmax", str(quality)),
        *("-threads", "1", "-flags", "+bitexact", "-update", "1", "-f", "image2", name),
    )


def _graph(picture: Picture, sizes: Mapping[str, Size], begin: Fraction, seconds: int) -> str:
    names = [JUDGED, *sizes]
    branches = "".join(f"[{name}.large]" for name in names)
    seen = _seen(picture, sizes, begin, seconds)
    width, height = JUDGED_SIZE
    return ";".join(
        [
            f"[0:{picture.stream}]{seen},split={len(names)}{branches}",
            f"[{JUDGED}.large]scale={width}:{height}:flags=area:out_range=pc,format=gray[{JUDGED}]",
            *(
                f"[{name}.large]{_sized(picture, size, begin)}[{name}]"
                for name, size in sizes.items()
            ),
        ]
    )


def _sized(picture: Picture, size: Size, begin: Fraction) -> str:
    fitting, padding = fitted(picture, *size, begin=begin)
    scale = f"scale={fitting}:flags=lanczos+{EXACT}:{JPEG_COLOUR}"
    return ",".join((scale, "format=yuvj420p", *padding, "setsar=1"))


def _seen(picture: Picture, sizes: Mapping[str, Size], begin: Fraction, seconds: int) -> str:
    """Deinterlace, select two pictures a second, and convert to standard range."""
    width, height = max(sizes.values())
    largest = f"scale={width}:{height}:flags=lanczos+{EXACT},setsar=1"
    return ",".join(
        [
            *labelled(picture),
            *whole(picture),
            *counted(picture),
            # Time 0 is `begin`.
            f"setpts='PTS-round({begin.numerator}/{begin.denominator}/TB)'",
            # The newest picture at each half second; its repetitions come all at once. A video of
            # less than half a second still has a picture.
            f"fps={_PER_SECOND}:start_time=0:eof_action=pass",
            f"trim=end_frame={seconds * _PER_SECOND}",
            *on_black(picture),
            *((largest, *standard_range(picture)) if picture.is_bright else ()),
            WITHOUT_SIDE_DATA,
        ]
    )


def _jpegs(name: str, frames: tuple[str, ...]) -> tuple[str, ...]:
    return (
        *("-map", f"[{name}]", "-c:v", "mjpeg", "-q:v", str(JPEG_QUALITY)),
        # As many as in `judged`: the best one is selected by its number.
        *(*frames, "-threads", "1", "-flags", "+bitexact"),
        *("-f", "image2", "-start_number", "0"),
    )


def sheets(*, tiles: str, columns: int, rows: int, name: str) -> tuple[str, ...]:
    """`tiles` and `name` are patterns such as `tiles/%05d.jpg`, counted from 0."""
    return (
        ffmpeg(),
        *QUIET,
        *("-protocol_whitelist", "file", "-f", "image2", "-framerate", "1"),
        *("-start_number", "0", "-i", tiles),
        *("-vf", f"tile={columns}x{rows}", "-fps_mode", "passthrough"),
        *("-c:v", "mjpeg", "-q:v", str(_SHEET_QUALITY), "-threads", "1", "-flags", "+bitexact"),
        *("-f", "image2", "-start_number", "0", name),
    )
