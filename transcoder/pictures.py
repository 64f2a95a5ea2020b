"""Choose the frame that stands for a film, and make its pictures."""

import statistics
from collections.abc import Iterator, Sequence
from fractions import Fraction

from chalicelib.transcoding.model import Reason
from chalicelib.transcoding.plan import Picture, Plan
from chalicelib.transcoding.reports import Report
from transcoder import memory
from transcoder.encoding import SourceLost
from transcoder.ffmpeg import pictures as commands
from transcoder.ffmpeg.graph import Size
from transcoder.ffmpeg.log import Observer
from transcoder.ffmpeg.phases import Log
from transcoder.ffmpeg.pictures import JUDGED, JUDGED_SIZE
from transcoder.pieces import WrongResult, measured
from transcoder.refusal import Refused
from transcoder.sandbox import LimitReached, Limits, Sandbox

WIDTHS = {"thumbnail": 640, "poster": 640, "hero": 1280}
NAMES = tuple(WIDTHS)
# Pages show it large as well as in rows of many, so it is both wide and light.
THUMBNAIL_BYTES = 40_000
_DECODED = ("poster", "hero")
# The first that is light enough is taken. A picture of nothing but noise needs the last ones.
_QUALITIES = (3, 5, 8, 12, 18, 31)
_SOFTNESS = (1, 2, 4, 8)
_BEGIN_SECONDS = 5
_WINDOW_SECONDS = 4
_FROM_START_SECONDS = 90
_LIMITS = Limits(cpu_seconds=300)
# Of the processor, for each of a few searches; the last one is the first that reaches it.
_SEARCH_SECONDS = 300
# Below this a frame is black, white, or of one colour.
_GOOD_ENOUGH = 20
_DARK, _BRIGHT = 48, 255 - 24


def make_pictures(plan: Plan, address: str, *, sandbox: Sandbox) -> Report:
    """Make `thumbnail.jpg`, `poster.jpg` and `hero.jpg` of the first good frame from 5 s on."""
    sizes = sizes_of(plan.picture)
    best, notes = 0.0, tuple[str, ...]()
    try:
        for begin in _instants(plan):
            scores = _search(plan, begin, address, sandbox=sandbox)
            if scores and max(scores) >= best:
                best = max(scores)
                _keep(sandbox, scores.index(best))
            if best >= _GOOD_ENOUGH:
                break
    except LimitReached:
        # Segments may be right all the same; a film is not refused for want of a poster.
        notes = ("The search for a picture was given up.",)
    if not all((sandbox.folder / f"{name}.jpg").exists() for name in _DECODED):
        if not notes:
            raise Refused(Reason.DAMAGED)
        _run(commands.black({name: sizes[name] for name in _DECODED}), sandbox)
    _make_thumbnail(sandbox, size=sizes["thumbnail"])
    pieces = tuple(measured(sandbox.folder, f"{name}.jpg") for name in NAMES)
    return Report(pieces, measures={"contrast": round(best, 2)}, notes=notes)


def _search(plan: Plan, begin: Fraction, address: str, *, sandbox: Sandbox) -> list[float]:
    """Make candidates from that second of the film on, and say how good each of them is."""
    sizes = sizes_of(plan.picture)
    command = commands.candidates(
        plan.picture,
        address,
        begin=plan.picture.start + begin,
        seconds=_WINDOW_SECONDS,
        sizes={name: sizes[name] for name in _DECODED},
        position=plan.position_at(begin),
    )
    needed = memory.of_stills(plan, largest=max(sizes.values()))
    limits = Limits(cpu_seconds=_SEARCH_SECONDS, memory_bytes=needed)
    _clear(sandbox)
    log = Log(Observer)
    sandbox.run(command, limits=limits, source=address, on_line=log.hear)
    if log.is_source_lost:
        raise SourceLost
    return _scores(sandbox)


def sizes_of(picture: Picture) -> dict[str, Size]:
    """As wide as they are called, but never larger than the film itself."""
    width, height = displayed_size(picture)
    return {
        name: (fitting, max(1, round(height * Fraction(fitting, width))))
        for name, wide in WIDTHS.items()
        for fitting in [min(wide, width)]
    }


def displayed_size(picture: Picture) -> Size:
    """Upright and with square pixels, of which there are never fewer than were stored."""
    width, height, aspect = picture.width, picture.height, picture.pixel_aspect
    if aspect > 1:
        width = round(width * aspect)
    else:
        height = round(height / aspect)
    return (height, width) if picture.rotation in (90, 270) else (width, height)


def _make_thumbnail(sandbox: Sandbox, *, size: Size) -> None:
    """Make `thumbnail.jpg` of the largest picture: as good as its weight allows."""
    thumbnail = sandbox.folder / "thumbnail.jpg"
    attempts = [(quality, 1) for quality in _QUALITIES]
    attempts += [(_QUALITIES[-1], softness) for softness in _SOFTNESS[1:]]
    for quality, softness in attempts:
        command = commands.smaller(
            "hero.jpg", thumbnail.name, size=size, quality=quality, softness=softness
        )
        _run(command, sandbox)
        if thumbnail.stat().st_size <= THUMBNAIL_BYTES:
            return


def _run(command: Sequence[str], sandbox: Sandbox) -> None:
    if not sandbox.run(command, limits=_LIMITS).is_good:
        raise WrongResult("a picture was not made")


def _instants(plan: Plan) -> Iterator[Fraction]:
    """About 5 s; further in if there is nothing to see, and at last from the beginning."""
    duration = plan.asset.grid.duration
    yield min(Fraction(_BEGIN_SECONDS), duration / 3)
    # Where decoding begins at the beginning, each step costs all that is before it.
    is_near = plan.picture.is_searchable or plan.positions
    for part in (Fraction(1, 3), Fraction(1, 2), Fraction(2, 3), Fraction(1, 8), Fraction(0)):
        yield part * (duration if is_near else min(duration, Fraction(_FROM_START_SECONDS)))


def _clear(sandbox: Sandbox) -> None:
    (sandbox.folder / JUDGED).unlink(missing_ok=True)
    for name in _DECODED:
        for candidate in sandbox.folder.glob(f"{name}.*.jpg"):
            candidate.unlink()


def _scores(sandbox: Sandbox) -> list[float]:
    judged = sandbox.folder / JUDGED
    tiny = judged.read_bytes() if judged.exists() else b""
    size = JUDGED_SIZE[0] * JUDGED_SIZE[1]
    # A program that broke down may have left more of one kind than of another.
    whole = min(
        len(tiny) // size, *(len(list(sandbox.folder.glob(f"{n}.*.jpg"))) for n in _DECODED)
    )
    return [_score(tiny[number * size : (number + 1) * size]) for number in range(whole)]


def _score(pixels: bytes) -> float:
    """Contrast, less so for what is nearly black or nearly white."""
    light = statistics.fmean(pixels)
    return statistics.pstdev(pixels, light) * min(1, light / _DARK, (255 - light) / (255 - _BRIGHT))


def _keep(sandbox: Sandbox, number: int) -> None:
    for name in _DECODED:
        (sandbox.folder / f"{name}.{number}.jpg").replace(sandbox.folder / f"{name}.jpg")
