"""Choose a frame for the poster, and make the pictures of a video."""

import statistics
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction

from chalicelib.encoding.plan import Picture, Plan
from chalicelib.encoding.task_reports import Report
from transcoder.errors import LimitReached, SourceLost, WrongResult
from transcoder.ffmpeg import pictures as commands
from transcoder.ffmpeg.graph import Size
from transcoder.ffmpeg.log import Observer
from transcoder.ffmpeg.phases import Log
from transcoder.ffmpeg.pictures import JUDGED, JUDGED_SIZE
from transcoder.outputs.files import output_file
from transcoder.sandbox import memory
from transcoder.sandbox.runner import Limits, Sandbox

WIDTHS = {"thumbnail": 640, "poster": 640, "hero": 1280}
NAMES = tuple(WIDTHS)
# Pages show it large and in long rows, so it is both wide and small in bytes.
THUMBNAIL_BYTES = 40_000
_DECODED = ("poster", "hero")
# The first that is small enough is used. A picture of noise needs the last ones.
_QUALITIES = (3, 5, 8, 12, 18, 31)
_SOFTNESS = (1, 2, 4, 8)
_BEGIN_SECONDS = 5
_WINDOW_SECONDS = 4
_FROM_START_SECONDS = 90
_LIMITS = Limits(cpu_seconds=300)
# CPU time of each search; the one that reaches it is the last.
_SEARCH_SECONDS = 300
# A lower score means black, white, or a single colour.
_GOOD_ENOUGH = 20
_DARK, _BRIGHT = 48, 255 - 24


def make_pictures(plan: Plan, url: str, *, sandbox: Sandbox) -> Report:
    """Make `thumbnail.jpg`, `poster.jpg` and `hero.jpg` of the first good frame."""
    sizes = sizes_of(plan.picture)
    best, notes = 0.0, tuple[str, ...]()
    try:
        for begin in _instants(plan):
            scores = _search(plan, begin, url, sandbox=sandbox)
            if scores and max(scores) >= best:
                best = max(scores)
                _keep(sandbox, scores.index(best))
            if best >= _GOOD_ENOUGH:
                break
    except LimitReached:
        # The segments may be right all the same; a missing poster is no reason to refuse.
        notes = ("The search for a picture was given up.",)
    if not _is_complete(sandbox):
        notes = (*notes, _make_first(plan, url, sandbox=sandbox))
    make_thumbnail(sandbox, size=sizes["thumbnail"])
    files = tuple(output_file(sandbox.folder, f"{name}.jpg") for name in NAMES)
    return Report(files, measures={"contrast": round(best, 2)}, notes=notes)


def _search(plan: Plan, begin: Fraction, url: str, *, sandbox: Sandbox) -> list[float]:
    """Decode candidates from this second on, and return their scores."""
    command = commands.candidates(
        plan.picture,
        url,
        begin=plan.picture.start + begin,
        seconds=_WINDOW_SECONDS,
        sizes=_decoded_sizes(plan),
        position=plan.position_at(begin),
    )
    _clear(sandbox)
    _decode(plan, command, url, sandbox)
    return _scores(sandbox)


def _make_first(plan: Plan, url: str, *, sandbox: Sandbox) -> str:
    """Make the pictures of the first one that can be decoded, or black ones, and say which."""
    sizes = _decoded_sizes(plan)
    with suppress(LimitReached):
        _decode(plan, commands.first(plan.picture, url, sizes=sizes), url, sandbox)
    if _is_complete(sandbox):
        return "The search for a picture found none; the poster is the first one."
    # The proof decides whether enough of the segments could be decoded.
    _run(commands.black(sizes), sandbox)
    return "No picture could be made for the poster; it is black."


def _decode(plan: Plan, command: Sequence[str], url: str, sandbox: Sandbox) -> None:
    needed = memory.of_stills(plan, largest=max(sizes_of(plan.picture).values()))
    limits = Limits(cpu_seconds=_SEARCH_SECONDS, memory_bytes=needed)
    log = Log(Observer())
    sandbox.run(command, limits=limits, source=url, on_line=log.read_line)
    if log.is_source_lost:
        raise SourceLost


def _is_complete(sandbox: Sandbox) -> bool:
    there = (sandbox.folder / f"{name}.jpg" for name in _DECODED)
    return all(each.exists() and each.stat().st_size for each in there)


def _decoded_sizes(plan: Plan) -> dict[str, Size]:
    sizes = sizes_of(plan.picture)
    return {name: sizes[name] for name in _DECODED}


def sizes_of(picture: Picture) -> dict[str, Size]:
    """The size of each picture, never larger than the source."""
    width, height = displayed_size(picture)
    return {
        name: (fitting, max(1, round(height * Fraction(fitting, width))))
        for name, wide in WIDTHS.items()
        for fitting in [min(wide, width)]
    }


def displayed_size(picture: Picture) -> Size:
    """The size upright and with square pixels; neither side is smaller than stored."""
    (width, height), aspect = picture.cropped_size, picture.pixel_aspect
    if aspect > 1:
        width = round(width * aspect)
    else:
        height = round(height / aspect)
    return (height, width) if picture.rotation in (90, 270) else (width, height)


def make_thumbnail(sandbox: Sandbox, *, size: Size) -> None:
    """Make `thumbnail.jpg` of the largest picture, as good as its limit of bytes allows."""
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
    """Where searches begin: near the start, further in, and at last at the start."""
    duration = plan.asset.grid.duration
    yield min(Fraction(_BEGIN_SECONDS), duration / 3)
    # Without seeking, each search decodes everything before it.
    is_near = plan.picture.is_searchable or plan.positions
    for share in (Fraction(1, 3), Fraction(1, 2), Fraction(2, 3), Fraction(1, 8), Fraction(0)):
        yield share * (duration if is_near else min(duration, Fraction(_FROM_START_SECONDS)))


def _clear(sandbox: Sandbox) -> None:
    (sandbox.folder / JUDGED).unlink(missing_ok=True)
    for name in _DECODED:
        for candidate in sandbox.folder.glob(f"{name}.*.jpg"):
            candidate.unlink()


def _scores(sandbox: Sandbox) -> list[float]:
    judged = sandbox.folder / JUDGED
    tiny = judged.read_bytes() if judged.exists() else b""
    size = JUDGED_SIZE[0] * JUDGED_SIZE[1]
    # After a crash there may be more files of one kind than of another.
    whole = min(
        len(tiny) // size, *(len(list(sandbox.folder.glob(f"{n}.*.jpg"))) for n in _DECODED)
    )
    return [_score(tiny[number * size : (number + 1) * size]) for number in range(whole)]


def _score(pixels: bytes) -> float:
    """Contrast, reduced for frames that are nearly black or nearly white."""
    light = statistics.fmean(pixels)
    return statistics.pstdev(pixels, light) * min(1, light / _DARK, (255 - light) / (255 - _BRIGHT))


def _keep(sandbox: Sandbox, number: int) -> None:
    for name in _DECODED:
        (sandbox.folder / f"{name}.{number}.jpg").replace(sandbox.folder / f"{name}.jpg")
