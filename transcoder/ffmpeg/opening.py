"""How FFmpeg may open what strangers sent: by one demuxer, over as few protocols as it takes."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from chalicelib.encoding.plan import Clock, Picture

QUIET = ("-nostdin", "-hide_banner", "-nostats", "-y", "-loglevel", "error")
_MOST_PIXELS = 16_384 * 16_384
# A clock of 33 bits runs over after 95,443 s; falling back by ten elevenths of it looks like that.
_LIKE_OVERFLOW_SECONDS = 86_000
# What is left out would be made of the other.
_UNCHANGED: tuple[str, ...] = ("pts=PTS", "dts=DTS")
_TIMES = ("pts", "dts")
# The last packet of a stream that another one has followed comes at the end of the file, out of
# its place, and without one what was in one piece with it.
_LATE = "st(1,if(gt(pos,0),lt(pos,ld(0)),ld(1)));st(0,max(pos,ld(0)));ld(1)"
_ROUNDED_SECONDS = 0.0005
_SILENCE_MICROSECONDS = "30000000"


def protocols(address: str) -> str:
    return "http,tcp" if address.startswith("http://") else "file"


def opened(
    picture: Picture,
    address: str,
    *,
    position: int = 0,
    shortest: Fraction | None = None,
    stored_only: int | None = None,
) -> tuple[str, ...]:
    """Open the source, or what of it begins at that byte.

    No picture lasts less than `shortest`: the last one is dropped where it ends before the next
    frame of the grid is due. Of the stream `stored_only` only times are used that are stored.
    """
    return (
        *("-f", picture.demuxer, "-format_whitelist", picture.demuxer),
        *("-protocol_whitelist", protocols(address)),
        *("-max_pixels", str(_MOST_PIXELS)),
        # What the container would have cut off is shown, as browsers and the probe have it.
        *("-apply_cropping", "codec"),
        # A server that falls silent; the queue lets somebody try again.
        *(("-rw_timeout", _SILENCE_MICROSECONDS) if "://" in address else ()),
        *(("-merge_pmt_versions", "1") if picture.follows_tables else ()),
        # The edit list moves the beginning, and hides nothing.
        *(("-advanced_editlist", "0") if picture.reordering == 0 else ()),
        *(_as_it_counts(position) if picture.clock else ()),
        *_bitstream_filters(picture, position, shortest),
        *_only_stored_times(picture, position, stored_only),
        # Where an MP4 pauses, its picture alone has other filters.
        *(
            option
            for stream, begin in picture.pauses
            if stream != picture.stream
            for option in (f"-bsf:{stream}", _paused(begin))
        ),
        *("-i", address),
    )


def _as_it_counts(position: int) -> Iterator[str]:
    if position:
        yield from ("-skip_initial_bytes", str(position))
    # What looks like a clock that has run over may be one that starts again.
    yield from ("-correct_ts_overflow", "0")


def _bitstream_filters(picture: Picture, position: int, shortest: Fraction | None) -> Iterator[str]:
    """Give packets their right times before anything else sees them, and drop what is useless."""
    clock, times, of_all = picture.clock, _UNCHANGED, list[str]()
    if clock:
        times = tuple(f"{kind}='{_right(kind.upper(), clock, position)}'" for kind in _TIMES)
        of_all.append(f"setts={':'.join(times)}")
    if picture.follows_tables:
        of_all.append(f"noise=drop='{_LATE}'")
    if of_all:
        yield from ("-bsf", ",".join(of_all))
    if picture.reordering is not None:
        # Decoders put pictures in order; each is shown when it would leave one that never waits.
        times = ("pts=NOPTS", f"dts='DTS-round({picture.reordering}/TB)'")
    if shortest:
        times = (*times, f"duration='max(DURATION,ceil({shortest}/TB))'")
    if shortest or clock.undecodable or picture.pauses or picture.reordering is not None:
        kept = [f"setts={':'.join(times)}", *_dropped(clock, position)]
        kept += of_all[-1:] if picture.follows_tables else []
        kept += [_paused(begin) for stream, begin in picture.pauses if stream == picture.stream]
        yield from (f"-bsf:{picture.stream}", ",".join(kept))


def _only_stored_times(picture: Picture, position: int, stream: int | None) -> Iterator[str]:
    if stream is None:
        return
    clock = picture.clock
    stored = ((kind, kind.upper()) for kind in _TIMES)
    right = ((kind, _right(time, clock, position) if clock else time) for kind, time in stored)
    # What comes in one piece with others has no position of its own. Nothing can be counted on from
    # before the first time that is stored.
    counted = "st(1,max(gte(POS,0),ld(1)));lt(POS,0)*ld(1)"
    times = ":".join(f"{kind}='if({counted},NOPTS,{time})'" for kind, time in right)
    late = (f"noise=drop='{_LATE}'",) if picture.follows_tables else ()
    yield from (f"-bsf:{stream}", ",".join((f"setts={times}", *late)))


def _paused(begin: Fraction) -> str:
    """Drop what FFmpeg shows in a pause: the beginning again, which lies before what came."""
    # Times are rounded there.
    is_late = f"gte(pts*tb,{float(begin) - _ROUNDED_SECONDS:.6f})"
    begun = f"st(1,ld(1)+{is_late}*lt(pos,ld(0)))"
    return f"noise=drop='{begun};st(0,max(pos,ld(0)));gt(ld(1),0)*{is_late}'"


def _dropped(clock: Clock, position: int) -> Iterator[str]:
    if clock.undecodable:
        within = "+".join(_within(clock.undecodable))
        yield f"noise=drop='{_place('pos', position)};{within}'"


def _place(place: str, position: int) -> str:
    # What comes in one piece with others has no position of its own.
    return f"st(0,max(max({place},ld(0)),{position}))"


def _within(ranges: Iterable[tuple[int, int]]) -> list[str]:
    return [f"between(ld(0),{begin},{end - 1})" for begin, end in ranges]


def _right(time: str, clock: Clock, position: int) -> str:
    place = _place("POS", position)
    unknown = "+".join([f"eq({time},NOPTS)", *_within(clock.wrong)])
    later, before = ["0"], Fraction(0)
    for begin, seconds in clock.shifts:
        step = seconds - before
        moved = f"gte(ld(0),{begin})*({step.numerator}/{step.denominator})"
        # FFmpeg has done it already where it takes a new clock for one that has run over.
        is_like_overflow = step > _LIKE_OVERFLOW_SECONDS
        later.append(f"{moved}*lt({time}*TB,{int(step / 2)})" if is_like_overflow else moved)
        before = seconds
    return f"{place};if({unknown},NOPTS,{time}+round(({'+'.join(later)})/TB))"
