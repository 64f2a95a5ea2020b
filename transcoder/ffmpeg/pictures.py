"""How FFmpeg is asked for still pictures of a film."""

from collections.abc import Mapping
from fractions import Fraction

from chalicelib.transcoding.plan import Picture
from transcoder.ffmpeg.graph import counted, standard_range
from transcoder.ffmpeg.opening import QUIET, opened
from transcoder.ffmpeg.program import ffmpeg

Size = tuple[int, int]

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
    """Two frames a second: each in every size as `<name>.<number>.jpg`, and tiny in `judged`."""
    before, kept = _kept(picture, begin, seconds)
    return (
        ffmpeg(),
        *QUIET,
        *before,
        *opened(picture, address, position=position),
        *("-filter_complex", _graph(picture, sizes, kept)),
        *("-map", f"[{JUDGED}]", "-fps_mode", "passthrough", "-f", "rawvideo", JUDGED),
        *(option for name in sizes for option in _jpegs(name)),
    )


def _kept(picture: Picture, begin: Fraction, seconds: int) -> tuple[tuple[str, ...], str]:
    """Return how the source is searched, and the filters that leave the seconds from `begin` on."""
    if picture.clock:
        return ("-copyts",), _trimmed(begin, seconds)
    sought = max(picture.start, begin - _RUN_UP_SECONDS.get(picture.demuxer, 0))
    # Without an index even a search for the very first picture may end behind it.
    if sought == picture.start or picture.counted_rate:
        return (), f"setpts=PTS-STARTPTS,{_trimmed(begin - picture.start, seconds)}"
    early = begin - sought
    # The source's own clock, which need not begin at 0.
    search = ("-seek_timestamp", "1", "-ss", f"{float(sought):.6f}")
    return (*search, "-t", f"{float(early + seconds):.6f}"), _trimmed(early, seconds)


def _trimmed(begin: Fraction, seconds: int) -> str:
    return f"trim=start={float(begin):.6f}:end={float(begin + seconds):.6f}"


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


def _graph(picture: Picture, sizes: Mapping[str, Size], kept: str) -> str:
    names = [JUDGED, *sizes]
    branches = "".join(f"[{name}.large]" for name in names)
    width, height = JUDGED_SIZE
    return ";".join(
        [
            f"[0:{picture.stream}]{_seen(picture, kept)},split={len(names)}{branches}",
            f"[{JUDGED}.large]scale={width}:{height}:flags=area:out_range=pc,format=gray[{JUDGED}]",
            *(
                f"[{name}.large]scale={width}:{height}:flags=lanczos+{_EXACT}:{_JPEG_COLOUR},"
                f"format=yuvj420p,setsar=1[{name}]"
                for name, (width, height) in sizes.items()
            ),
        ]
    )


def _seen(picture: Picture, kept: str) -> str:
    """Whole pictures instead of fields, few of them, in ordinary colours."""
    return ",".join(
        [
            *(("bwdif=mode=send_frame:deint=all",) if picture.is_interlaced else ()),
            *counted(picture),
            f"{kept},setpts=PTS-STARTPTS",
            # A film that ends before the first half second still has a picture.
            f"fps={_PER_SECOND}:eof_action=pass",
            *standard_range(picture),
        ]
    )


def _jpegs(name: str) -> tuple[str, ...]:
    return (
        *("-map", f"[{name}]", "-c:v", "mjpeg", "-q:v", str(_JPEG_QUALITY)),
        # As many as there are tiny ones: the best is found by its number.
        *("-fps_mode", "passthrough", "-threads", "1", "-flags", "+bitexact"),
        *("-f", "image2", "-start_number", "0", f"{name}.%d.jpg"),
    )
