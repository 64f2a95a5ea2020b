"""The filter graph of a chunk: from pictures of the source to grid frames of every rung."""

from fractions import Fraction

from chalicelib.catalogue.asset import Grid, Rung, Storyboard
from chalicelib.encoding.plan import Chunk, Picture, Plan
from transcoder.ffmpeg.log import NUMBERS_PRINTED

_BT709 = "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709"
# Without these flags the result depends on the instruction set of the processor.
_EXACT = "accurate_rnd+bitexact"
_TILE = "tile"
_HIGH_DEFINITION = 720
QUARTER_TURNS = (90, 270)
# The filter `scale` fails on these matrices, of which `zscale` converts only some.
_CONVERTED = frozenset({"bt2020c", "chroma-derived-c", "chroma-derived-nc", "ycgco"})
NOT_CONVERTED = frozenset({"ictcp", "ipt-c2", "smpte2085", "ycgco-re", "ycgco-ro"})
# Smaller differences of shapes come from rounding to even sizes.
SAME_SHAPE = Fraction(1, 50)

Size = tuple[int, int]


def label(position: int) -> str:
    return f"[rung{position}]"


TILES = f"[{_TILE}]"
# Pictures after the last chunk, decoded so that the log counts them.
BEYOND = "[beyond]"
_WATCHED_SECONDS = 10
# Encoders write some of it into headers, such as the brightness of HDR, which these pictures have
# no more; and not every branch of a graph passes it on, so that chunks would differ.
WITHOUT_SIDE_DATA = "sidedata=mode=delete"


def is_last(plan: Plan, chunk: Chunk) -> bool:
    return chunk.number == plan.chunk_count - 1


def of_source(plan: Plan, chunk: Chunk, *, is_over: bool = False) -> str:
    """`is_over`: repeat frame 0 of the chunk, the last picture of the source, for all frames."""
    picture, grid = plan.picture, plan.asset.grid
    steps = (
        *labelled(picture),
        *whole(picture),
        *counted(picture),
        *_numbered(picture, grid, chunk),
        # Logs each picture.
        NUMBERS_PRINTED,
        *_from_first(picture, chunk),
        *((_watched(grid, chunk),) if is_last(plan, chunk) else ()),
        # A picture shorter than a frame would otherwise not be shown at all.
        *(("trim=start_pts=0", "loop=loop=1:size=1", "setpts=N") if is_over else ()),
    )
    colours = (
        *on_black(picture),
        *_no_larger_than(picture, plan.asset.rungs[0]),
        *standard_range(picture),
    )
    chain = ",".join((*steps, *colours, WITHOUT_SIDE_DATA))
    return f"[0:{picture.stream}]{chain}{_to_rungs(plan, chunk)}"


def _watched(grid: Grid, chunk: Chunk) -> str:
    """Decode the pictures after the chunk without encoding them."""
    until = chunk.frames + int(_WATCHED_SECONDS * grid.rate)
    return (
        f"split=2[watched][used];[watched]trim=end_pts={until},settb=1,setpts=N{BEYOND};[used]null"
    )


def of_black(plan: Plan, chunk: Chunk) -> str:
    return f"[0:0]null{_to_rungs(plan, chunk)}"


def of_finished(grid: Grid, rung: Rung) -> str:
    """Scale grid frames of a larger rung, of which none is missing; the first is at time 0."""
    size = f"scale={rung.width}:{rung.height}:flags=lanczos+{_EXACT}"
    rate = _ratio(grid.rate)
    steps = (f"settb={_ratio(1 / grid.rate)}", "setpts=N", f"fps={rate}", size, "format=yuv420p")
    return ",".join((*steps, "setsar=1", WITHOUT_SIDE_DATA))


def black(plan: Plan) -> str:
    rung, rate = plan.asset.rungs[0], plan.asset.grid.rate
    return f"color=c=black:s={rung.width}x{rung.height}:r={_ratio(rate)}"


def _numbered(picture: Picture, grid: Grid, chunk: Chunk) -> tuple[str, str]:
    """Convert the time of each picture to the number of its first grid frame.

    The number depends on that time only, not on where decoding starts, so that all chunks agree.
    The first frame of the chunk has number 0.
    """
    start = f"round({picture.start.numerator}/{picture.start.denominator}/TB)"
    rate, period = f"{_ratio(grid.rate)}", f"{_ratio(1 / grid.rate)}"
    number = f"ceil((PTS-{start})*TB*{rate}-{tolerance(picture, grid)})-{chunk.first_frame}"
    # Rounded: after a division 28 may be 27.99, and would be truncated to 27.
    return f"setpts='round(({number})*{period}/TB)'", f"settb={period}"


def _from_first(picture: Picture, chunk: Chunk) -> tuple[str, ...]:
    """Drop pictures before the first planned one, where it is held for earlier sound."""
    first = picture.lead_frames - chunk.first_frame
    return (f"select='gte(pts,{first})'",) if first > 0 else ()


def tolerance(picture: Picture, grid: Grid) -> float:
    """The part of a frame by which a picture may be late.

    If the source has more pictures than frames, a half would be a tie for every other picture.
    """
    # Slightly less than half: times in whole milliseconds are often exactly there.
    return 0.2 if picture.frames * 4 > grid.frames * 5 else 0.4999


def _held(grid: Grid, chunk: Chunk) -> str:
    """One frame per number: the newest picture up to it; the last picture is held to the end.

    Repetitions of a picture come all at once. They share its memory, because it is scaled before.
    """
    return (
        f"fps={_ratio(grid.rate)}:start_time=0,tpad=stop=-1:stop_mode=clone,"
        f"trim=end_frame={chunk.frames}"
    )


def whole(picture: Picture) -> tuple[str, ...]:
    """Crop, and deinterlace to one picture per frame, not one per field."""
    rows = picture.blanking
    cropped = (f"crop=iw:ih-{rows}:0:{rows}",) if rows else ()
    if not picture.is_interlaced:
        return cropped
    width, height = picture.cropped_size
    if picture.rotation in QUARTER_TURNS:
        width, height = height, width
    # `bwdif` fails on changes of size; `scale` passes pictures of this size unchanged.
    return *cropped, f"scale={width}:{height}:interl=1", "bwdif=mode=send_frame:deint=all"


def counted(picture: Picture) -> tuple[str, ...]:
    """Set evenly spaced times if the source stores none."""
    return (
        (f"setpts='round(N/({_ratio(picture.counted_rate)})/TB)'",) if picture.counted_rate else ()
    )


def _no_larger_than(picture: Picture, rung: Rung) -> tuple[str, ...]:
    """Scale down before tone mapping, which needs four bytes per value."""
    is_larger = picture.width * picture.height > rung.width * rung.height
    if not (picture.is_bright and is_larger):
        return ()
    return (f"scale={rung.width}:{rung.height}:flags=lanczos+{_EXACT}", "setsar=1")


def on_black(picture: Picture) -> tuple[str, ...]:
    """Lay transparent pictures on black; what they hide would be seen otherwise."""
    if picture.is_bright or not picture.has_alpha:
        return ()
    planes = "yuva444p" if picture.pixel_format.startswith("yuva") else "gbrap"
    return f"scale=flags=lanczos+{_EXACT}", f"format={planes}", "premultiply=inplace=1"


def standard_range(picture: Picture) -> tuple[str, ...]:
    if not picture.is_bright:
        return ()
    return (
        "zscale=t=linear:npl=100",
        "format=gbrpf32le",
        "zscale=p=bt709",
        "tonemap=hable:desat=0",
        "zscale=t=bt709:m=bt709:r=tv",
        "format=yuv420p",
    )


def labelled(picture: Picture) -> tuple[str, ...]:
    """Label colours before the first filter that depends on them.

    Unlabelled high definition is BT.709; FFmpeg would assume BT.601.
    """
    if picture.matrix in _CONVERTED and not picture.is_bright:
        return ("zscale=m=bt709",)
    is_high = min(picture.width, picture.height) >= _HIGH_DEFINITION
    is_usual = (is_high and not picture.matrix) or picture.matrix in NOT_CONVERTED
    labels = {
        # Pictures that declare a range know better.
        "range": picture.container_range,
        "colorspace": picture.container_matrix or ("bt709" if is_usual else ""),
    }
    if picture.is_bright:
        labels |= {
            "colorspace": "bt2020nc",
            "color_primaries": "bt2020",
            "color_trc": picture.transfer,
        }
    known = ":".join(f"{name}={value}" for name, value in labels.items() if value)
    return (f"setparams={known}",) if known else ()


def _to_rungs(plan: Plan, chunk: Chunk) -> str:
    rungs, board = plan.asset.rungs, plan.asset.storyboard
    held = _held(plan.asset.grid, chunk)
    ways = [f"[in{position}]" for position in range(len(rungs))]
    chains = [
        f"{way}{_sized(plan, chunk, rung)},{held}{label(position)}"
        for position, (way, rung) in enumerate(zip(ways, rungs, strict=True))
    ]
    if board:
        ways.append("[in_tile]")
        # Most frames have no tile, so frames are selected before scaling.
        chains.append(f"[in_tile]{held},{_tile(board, plan, chunk)}{TILES}")
    return f",split={len(ways)}{''.join(ways)};{';'.join(chains)}"


def _sized(plan: Plan, chunk: Chunk, rung: Rung) -> str:
    size, padding = fitted(plan.picture, rung.width, rung.height, begin=_begin(plan, chunk))
    scale = f"scale={size}:flags=lanczos+{_EXACT}:out_color_matrix=bt709:out_range=tv"
    return ",".join((scale, "format=yuv420p", *padding, "setsar=1", _BT709))


def _tile(board: Storyboard, plan: Plan, chunk: Chunk) -> str:
    first = f"select='not(mod(n,{plan.asset.grid.frames_per_segment}))'"
    width, height = board.tile_width, board.tile_height
    size, padding = fitted(plan.picture, width, height, begin=_begin(plan, chunk))
    scale = f"scale={size}:flags=area+{_EXACT}:out_color_matrix=bt601:out_range=pc"
    return ",".join((first, scale, "format=yuvj420p", *padding, "setsar=1"))


def _begin(plan: Plan, chunk: Chunk) -> Fraction:
    # A picture may be shown half a frame early.
    frames = chunk.first_frame + Fraction(1, 2)
    return plan.picture.start + frames / plan.asset.grid.rate


def fitted(
    picture: Picture, width: int, height: int, *, begin: Fraction
) -> tuple[str, tuple[str, ...]]:
    """Return the size for `scale`, and padding for pictures with other aspect ratios.

    `begin` is the source's time at time 0 of the filter. Shapes are selected by time, because
    FFmpeg assigns the pixel aspect of the first picture to all.
    """
    if not picture.shapes:
        return f"{width}:{height}", ()
    # `pad` fails on odd sides if colours have half the size.
    width, height = max(2, width - width % 2), max(2, height - height % 2)
    across, down = str(width), str(height)
    for since, shape in picture.shapes:
        wide, high = _within(width, height, shape)
        later = f"gte(t,{float(since - begin):.6f})"
        across, down = f"if({later},{wide},{across})", f"if({later},{high},{down})"
    return f"w='{across}':h='{down}':eval=frame", (f"pad={width}:{height}:-1:-1:eval=frame",)


def _within(width: int, height: int, shape: Fraction) -> Size:
    if abs(shape * height / width - 1) < SAME_SHAPE:
        return width, height
    return min((width, _even(width / shape)), (_even(height * shape), height))


def _even(length: Fraction) -> int:
    return max(2, 2 * round(length / 2))


def _ratio(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"
