"""How FFmpeg is asked for still pictures of a film."""

from collections.abc import Mapping
from fractions import Fraction

from chalicelib.encoding.plan import Picture
from transcoder.ffmpeg.graph import Size, counted, fitted, standard_range, whole
from transcoder.ffmpeg.opening import QUIET, opened
from transcoder.ffmpeg.program import ffmpeg

JUDGED = "judged"
JUDGED_SIZE: Size = (64, 36)
_PER_SECOND = 2
_JPEG_QUALITY = 3
# Without an index a search ends anywhere, and nothing can be decoded before the next key frame.
_RUN_UP_SECONDS = {"mpegts": 10, "mpeg": 10}
_EXACT = "accurate_rnd+bitexact+full_chroma_int"
# A JPEG is full range and BT.601, whatever the film is.
_JPEG_COLOUR = "out_range=pc:out_color_matrix=bt601"


def candidates(
    picture: Picture,
    address: str,
    *,
    begin: Fraction,
    seconds: int,
    sizes: Mapping[str, Size],
    position: int = 0,
) -> tuple[str, ...]:
    """Two frames a second: each in every size as `<name>.<number>.jpg`, and tiny in `judged`.

    They begin with the picture that is on screen at `begin`, however long it has been there.
    """
    frames = ("-frames:v", str(seconds * _PER_SECOND), "-fps_mode", "passthrough")
    return (
        ffmpeg(),
        *QUIET,
        # A picture's time is the one in the file, wherever decoding began.
        "-copyts",
        *_sought(picture, begin),
        # With several, memory would depend on how many processors there are.
        *("-threads", "1"),
        *opened(picture, address, position=position),
        *("-filter_complex", _graph(picture, sizes, begin, seconds)),
        *("-map", f"[{JUDGED}]", *frames, "-f", "rawvideo", JUDGED),
        *(option for name in sizes for option in (*_jpegs(name, frames), f"{name}.%d.jpg")),
    )


def _sought(picture: Picture, begin: Fraction) -> tuple[str, ...]:
    sought = begin - _RUN_UP_SECONDS.get(picture.demuxer, 0)
    # Without an index even a search for the very first picture may end behind it.
    if sought <= picture.start or not picture.is_searchable:
        return ()
    # The source's own clock, which need not begin at 0.
    return ("-seek_timestamp", "1", "-ss", f"{float(sought):.6f}", "-noaccurate_seek")


def black(sizes: Mapping[str, Size]) -> tuple[str, ...]:
    """Make `<name>.jpg` where nothing of the film can be shown."""
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
    """Make a smaller JPEG of one of our own; 1 is the best quality and the least soft."""
    width, height = size
    scale = f"scale={width}:{height}:flags=lanczos+{_EXACT}"
    # Detail finer than this many pixels goes, and the weight with it.
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
    scale = f"scale={fitting}:flags=lanczos+{_EXACT}:{_JPEG_COLOUR}"
    return ",".join((scale, "format=yuvj420p", *padding, "setsar=1"))


def _seen(picture: Picture, sizes: Mapping[str, Size], begin: Fraction, seconds: int) -> str:
    """Whole pictures instead of fields, few of them, in ordinary colours."""
    width, height = max(sizes.values())
    largest = f"scale={width}:{height}:flags=lanczos+{_EXACT},setsar=1"
    return ",".join(
        [
            *whole(picture),
            *counted(picture),
            # The wanted seconds begin at 0.
            f"setpts='PTS-round({begin.numerator}/{begin.denominator}/TB)'",
            # The newest picture of each half second, also one from before; all repetitions of it
            # come at once. A film that ends before the first half second still has a picture.
            f"fps={_PER_SECOND}:start_time=0:eof_action=pass",
            f"trim=end_frame={seconds * _PER_SECOND}",
            *((largest, *standard_range(picture)) if picture.is_bright else ()),
        ]
    )


def _jpegs(name: str, frames: tuple[str, ...]) -> tuple[str, ...]:
    return (
        *("-map", f"[{name}]", "-c:v", "mjpeg", "-q:v", str(_JPEG_QUALITY)),
        # As many as there are tiny ones: the best is found by its number.
        *(*frames, "-threads", "1", "-flags", "+bitexact"),
        *("-f", "image2", "-start_number", "0"),
    )
