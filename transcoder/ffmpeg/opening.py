"""Options to open an untrusted source: one demuxer, the fewest protocols, corrected times."""

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cache

import imageio_ffmpeg

from chalicelib.encoding.plan import BelowZero, Picture, SourceClock


@cache
def ffmpeg() -> str:
    return str(imageio_ffmpeg.get_ffmpeg_exe())


QUIET = ("-nostdin", "-hide_banner", "-nostats", "-y", "-loglevel", "error")
_MOST_PIXELS = 16_384 * 16_384
# A clock of 33 bits wraps around after 95,443 s; FFmpeg assumes that at a step of ten elevenths.
LIKE_OVERFLOW_SECONDS = 86_000
# Times that it has corrected may be earlier than by the step.
_EARLIER_SECONDS = 10
# Both, because `setts` derives one of them from the other if it is left out.
_UNCHANGED: tuple[str, ...] = ("pts=PTS", "dts=DTS")
_TIMES = ("pts", "dts")
# The demuxer that follows edit lists.
HAS_EDITS = "mov"
# Measured: their decoders begin at any picture and mark key pictures; others wait for one.
BEGINNING_ANYWHERE = frozenset({
    "cinepak", "flv1", "h263", "h263i", "h263p", "mpeg4", "msmpeg4v1", "msmpeg4v2", "msmpeg4v3",
    "theora", "wmv1", "wmv2",
})  # fmt: skip
_BEFORE_KEY = "noise=drop='st(0,max(ld(0),key));not(ld(0))'"
_SEI = {"h264": "6", "hevc": "39"}
# After a change of streams, the last packet of the old stream comes at the end of the file, with
# its earlier position; the rest of its PES packet has no position.
_LATE = "st(1,if(gt(pos,0),lt(pos,ld(0)),ld(1)));st(0,max(pos,ld(0)));ld(1)"
_ROUNDED_SECONDS = 0.0005
_SILENCE_MICROSECONDS = "30000000"
# Reads an excerpt of a source like a file of its own.
_EXCERPTS = "subfile"
_EXCERPT = re.compile(rf"{_EXCERPTS},,start,(\d+),end,(\d+),,:(.+)", re.DOTALL)


def excerpt(url: str, begin: int, end: int) -> str:
    """The URL of an excerpt; an `end` of 0 is that of the source."""
    return f"{_EXCERPTS},,start,{begin},end,{end},,:{url}" if begin or end else url


def taken_from(url: str) -> tuple[str, int, int]:
    """Return the URL of the source, with begin and end of the excerpt."""
    match = _EXCERPT.fullmatch(url)
    return (match[3], int(match[1]), int(match[2])) if match else (url, 0, 0)


def later_excerpt(url: str, position: int) -> str:
    """The URL of what comes from this position on, in a source or in an excerpt of one."""
    source, begin, end = taken_from(url)
    return excerpt(source, begin + position, end)


def protocols(url: str) -> str:
    source, *_ = taken_from(url)
    needed = "http,tcp" if source.startswith("http://") else "file"
    return needed if source == url else f"{_EXCERPTS},{needed}"


def opened(
    picture: Picture,
    url: str,
    *,
    position: int = 0,
    shortest: Fraction | None = None,
    stored_only: int | None = None,
    waits_for_key: bool = False,
) -> tuple[str, ...]:
    """Open the source from a byte position on.

    Each picture lasts at least `shortest`, or the last one would be dropped if it ends before the
    next frame of the grid. For the stream `stored_only`, derived times are not used. Pictures
    before the first key picture do not reach the decoder if it `waits_for_key`.
    """
    url = excerpt(url, *picture.excerpt)
    return (
        *("-f", picture.demuxer, "-format_whitelist", picture.demuxer),
        *("-protocol_whitelist", protocols(url)),
        *("-max_pixels", str(_MOST_PIXELS)),
        # The probe knows what Matroska and MP4 crop; other cropping by the container is ignored.
        *("-apply_cropping", "all" if any(picture.crop) else "codec"),
        # A server without answers ends the task, which the queue retries.
        *(("-rw_timeout", _SILENCE_MICROSECONDS) if "://" in url else ()),
        *(("-merge_pmt_versions", "1") if picture.follows_tables else ()),
        *(("-fflags", "+sortdts") if picture.follows_index else ()),
        # The edit list shifts the start only, and hides nothing.
        *(("-advanced_editlist", "0") if _ignores_edits(picture) else ()),
        *(_as_it_counts(position) if picture.clock else ()),
        *_bitstream_filters(picture, position, shortest, waits_for_key=waits_for_key),
        *_only_stored_times(picture, position, stored_only),
        # The video stream has its own filters, which include the pause.
        *(
            option
            for stream, begin in picture.pauses
            if stream != picture.stream
            for option in (f"-bsf:{stream}", _paused(begin))
        ),
        *("-i", url),
    )


def _ignores_edits(picture: Picture) -> bool:
    return picture.reordering == 0 and picture.demuxer == HAS_EDITS


def _as_it_counts(position: int) -> Iterator[str]:
    if position:
        yield from ("-skip_initial_bytes", str(position))
    # A clock that seems to wrap around may have restarted.
    yield from ("-correct_ts_overflow", "0")


def _bitstream_filters(
    picture: Picture, position: int, shortest: Fraction | None, *, waits_for_key: bool
) -> Iterator[str]:
    """Correct the times of packets and drop undecodable ones, before the decoder."""
    clock, times, of_all = picture.clock, _UNCHANGED, list[str]()
    above = {each.stream: _above_zero(each) for each in picture.below_zero}
    times = above.pop(picture.stream, times)
    for stream, right in above.items():
        yield from (f"-bsf:{stream}", f"setts={':'.join(right)}")
    if clock:
        times = tuple(f"{kind}='{_right(kind.upper(), clock, position)}'" for kind in _TIMES)
        of_all.append(f"setts={':'.join(times)}")
    if picture.follows_tables:
        of_all.append(f"noise=drop='{_LATE}'")
    if of_all:
        yield from ("-bsf", ",".join(of_all))
    if picture.reordering is not None:
        # Decoders reorder pictures; the presentation time is the time of leaving one without delay.
        times = ("pts=NOPTS", f"dts='DTS-round({picture.reordering}/TB)'")
    if shortest:
        times = (*times, f"duration='max(DURATION,ceil({shortest}/TB))'")
    left_out = [*_without_sei(picture), *_before_key(picture, waits_for_key=waits_for_key)]
    if (
        shortest
        or clock.undecodable
        or picture.pauses
        or picture.reordering is not None
        or picture.below_zero
        or left_out
    ):
        kept = [f"setts={':'.join(times)}", *_dropped(clock, position), *left_out]
        kept += of_all[-1:] if picture.follows_tables else []
        kept += [_paused(begin) for stream, begin in picture.pauses if stream == picture.stream]
        yield from (f"-bsf:{picture.stream}", ",".join(kept))


def _without_sei(picture: Picture) -> Iterator[str]:
    # FFmpeg opens no filter graph for pictures with the same side data twice.
    if picture.is_stereo_repeated and picture.codec in _SEI:
        yield f"filter_units=remove_types={_SEI[picture.codec]}"


def _before_key(picture: Picture, *, waits_for_key: bool) -> Iterator[str]:
    if waits_for_key and picture.codec in BEGINNING_ANYWHERE:
        yield _BEFORE_KEY


def _only_stored_times(picture: Picture, position: int, stream: int | None) -> Iterator[str]:
    if stream is None:
        return
    clock = picture.clock
    stored = ((kind, kind.upper()) for kind in _TIMES)
    right = ((kind, _right(time, clock, position) if clock else time) for kind, time in stored)
    # Packets from the middle of a PES packet have no position. Before the first stored time, no
    # time can be derived.
    counted = "st(1,max(gte(POS,0),ld(1)));lt(POS,0)*ld(1)"
    times = ":".join(f"{kind}='if({counted},NOPTS,{time})'" for kind, time in right)
    late = (f"noise=drop='{_LATE}'",) if picture.follows_tables else ()
    yield from (f"-bsf:{stream}", ",".join((f"setts={times}", *late)))


def _above_zero(wrong: BelowZero) -> tuple[str, ...]:
    # Times beyond 2^53 are not exact in an expression.
    since = "N" if wrong.is_counted else "{time}"
    right = f"if(lt(POS,{wrong.end}),{since}+({wrong.ticks}),{{time}})"
    return tuple(f"{kind}='{right.format(time=kind.upper())}'" for kind in _TIMES)


def _paused(begin: Fraction) -> str:
    """Drop the packets that FFmpeg repeats in a pause: those with an earlier position."""
    # FFmpeg rounds these times.
    is_late = f"gte(pts*tb,{float(begin) - _ROUNDED_SECONDS:.6f})"
    begun = f"st(1,ld(1)+{is_late}*lt(pos,ld(0)))"
    return f"noise=drop='{begun};st(0,max(pos,ld(0)));gt(ld(1),0)*{is_late}'"


def _dropped(clock: SourceClock, position: int) -> Iterator[str]:
    if clock.undecodable:
        within = "+".join(_within(clock.undecodable))
        yield f"noise=drop='{_furthest('pos', position)};{within}'"


def _furthest(furthest: str, position: int) -> str:
    # Packets from the middle of a PES packet have no position.
    return f"st(0,max(max({furthest},ld(0)),{position}))"


def _within(ranges: Iterable[tuple[int, int]]) -> list[str]:
    return [f"between(ld(0),{begin},{end - 1})" for begin, end in ranges]


def _uncorrected(time: str, step: Fraction, later: Sequence[tuple[int, Fraction]]) -> str:
    """Whether the time is one of the file; a later recording may begin at any."""
    most = str(int(step / 2))
    for begin, _ in later[:1]:
        most = f"if(gte(ld(0),{begin}),{int(step) - _EARLIER_SECONDS},{most})"
    return f"lt({time}*TB,{most})"


def _right(time: str, clock: SourceClock, position: int) -> str:
    furthest = _furthest("POS", position)
    unknown = "+".join([f"eq({time},NOPTS)", *_within(clock.wrong)])
    later, before = ["0"], Fraction(0)
    for number, (begin, seconds) in enumerate(clock.shifts, 1):
        step = seconds - before
        moved = f"gte(ld(0),{begin})*({step.numerator}/{step.denominator})"
        # Not if FFmpeg has taken the restart for a wrap-around and has corrected it already.
        if step > LIKE_OVERFLOW_SECONDS:
            moved += f"*{_uncorrected(time, step, clock.shifts[number:])}"
        later.append(moved)
        before = seconds
    return f"{furthest};if({unknown},NOPTS,{time}+round(({'+'.join(later)})/TB))"
