"""What was published, held against the entry and against an independent decoding of its file."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.builders.published_encodes import SYNCHRONOUS_SECONDS, Finished
from tests.media.gallery.decoding import Decoded, Picture, Tone, decoded
from tests.media.gallery.model import Video

# A semitone is 6 %; the tones of two seconds are at least 11 % apart.
_MOST_OUT_OF_TUNE = 0.06
# Of a few pictures it is unknown.
_FEW = Fraction(10)
_MOST_COMBED = Fraction(1, 4)
_MOST_UNSAID_DAMAGE = 0.05
_TONE_SECONDS = 0.1
# Clocks of whole milliseconds.
_ROUNDING = Fraction(1, 900)
_RATE_ROUNDING = Fraction(1, 10_000)
_ALMOST_HALF, _THINNED = Fraction(51, 100), Fraction(1, 4)


@dataclass(frozen=True, slots=True)
class Published:
    """What viewers get: the largest and the smallest picture, and all sound."""

    seconds: Fraction
    rate: Fraction
    pictures: dict[str, tuple[Picture, ...]]
    sizes: dict[str, tuple[Fraction, int]]
    combed: int
    tones: tuple[tuple[Tone, ...], ...]
    notes: tuple[str, ...]
    decodable: float


def published(made: Finished) -> Published:
    rungs = {rung.name for rung in (made.asset.rungs[0], made.asset.rungs[-1])}
    seen = {rung: _decoded(made, f"video/{rung}", is_sound=False) for rung in sorted(rungs)}
    sounds = [_decoded(made, f"audio/{t.number}", is_sound=True) for t in made.asset.audio]
    measures, notes = made.report["measures"], made.report["notes"]
    assert isinstance(measures, dict)
    assert isinstance(notes, (list, tuple))
    return Published(
        seconds=made.asset.grid.duration,
        rate=made.asset.grid.rate,
        pictures={rung: each.pictures for rung, each in seen.items()},
        combed=max(each.combed for each in seen.values()),
        sizes={rung: each.size for rung, each in seen.items()},
        # Sound and picture begin together, each with the first that is decoded.
        tones=tuple(tuple(_from(sound.begins[0], sound.tones[0])) for sound in sounds),
        notes=tuple(map(str, notes)),
        decodable=measures["decodable"],
    )


def _decoded(made: Finished, track: str, *, is_sound: bool) -> Decoded:
    with TemporaryDirectory() as folder:
        path = Path(folder, "track.mp4")
        path.write_bytes(made.played(track).getvalue())
        if is_sound:
            return decoded(path, video=None, tracks=1)
        return decoded(path, looks_for_fields=True)


def faults(video: Video, source: Decoded, result: Published) -> list[str]:
    """Return all that is not as it should be."""
    return [
        *_of_facts(video, result),
        *_of_shape(video, source, result),
        *(
            f"{name}: {fault}"
            for name, pictures in result.pictures.items()
            for fault in _of_pictures(video, source, pictures, result)
        ),
        *_of_sound(video, source, result),
    ]


def _of_facts(video: Video, result: Published) -> Iterator[str]:
    if abs(result.seconds - video.seconds) > max(1 / result.rate, video.tolerance):
        yield f"lasts {float(result.seconds):.3f} s, not {float(video.seconds):.3f}"
    if video.rate and abs(result.rate / video.rate - 1) > _RATE_ROUNDING:
        yield f"{float(result.rate):.3f} pictures a second, not {float(video.rate):.3f}"
    for note in video.notes:
        if not any(note in each for each in result.notes):
            yield f"no note says {note!r}, only {list(result.notes)}"
    if result.combed > max(_FEW, _MOST_COMBED * result.seconds * result.rate):
        yield f"{result.combed} pictures show two fields of different times"
    if len(result.tones) != video.tracks:
        yield f"{len(result.tones)} sound tracks, not {video.tracks}"


def _of_shape(video: Video, source: Decoded, result: Published) -> Iterator[str]:
    """Sizes are even, and so may be a pixel off."""
    width, height = source.size
    for name, (across, down) in result.sizes.items():
        if not video.has_shape or not video.is_judged or not height:
            continue
        if abs(across - down * width / height) > 1 + max(Fraction(1), width / height):
            yield f"{name}: is {across}x{down} of {float(width):.0f}x{height}"


def _of_pictures(
    video: Video, source: Decoded, pictures: Sequence[Picture], result: Published
) -> Iterator[str]:
    if len(pictures) != result.seconds * result.rate:
        yield f"{len(pictures)} pictures in {float(result.seconds):.3f} s"
    first = pictures[0].at if pictures else Fraction(0)
    late = [n for n, each in enumerate(pictures) if abs(each.at - first - n / result.rate) > 1e-4]
    if late:
        yield f"picture {late[0]} is not in its place on the grid"
    if video.numbers is not None and not video.is_damaged:
        yield from _of_numbers(video.numbers, pictures)
    if video.is_judged and source.pictures:
        yield from _of_judged(video, source, pictures, result)
    elif video.is_judged:
        yield "the independent decoder shows nothing"


def _of_numbers(expected: Sequence[int], pictures: Sequence[Picture]) -> Iterator[str]:
    numbers = [number for number, _ in groupby(each.number for each in pictures)]
    if numbers != list(expected):
        at = next(
            (n for n, (a, b) in enumerate(zip(numbers, expected, strict=False)) if a != b),
            min(len(numbers), len(expected)),
        )
        yield (
            f"shows {len(numbers)} different pictures, not {len(expected)}:"
            f" {numbers[at : at + 6]} for {list(expected[at : at + 6])} from the {at}th on"
        )


def _of_judged(
    video: Video, source: Decoded, pictures: Sequence[Picture], result: Published
) -> Iterator[str]:
    """Each frame shows a picture that is due then, as an independent decoder has it."""
    zero, wrong = _zero(video, source, result), list[str]()
    for number, picture in enumerate(pictures):
        due = _due(source.pictures, zero + number / result.rate, video, result.rate)
        if fault := different(picture, due, most=video.most_different):
            wrong.append(f"frame {number} {fault}")
    allowed = 1 - result.decodable + _MOST_UNSAID_DAMAGE if video.is_damaged else 0
    if len(wrong) > allowed * len(pictures):
        yield f"{len(wrong)} of {len(pictures)} frames are wrong: {wrong[0]}, {wrong[-1]}"


def _zero(video: Video, source: Decoded, result: Published) -> Fraction:
    """Return when the video begins: with a picture, or with sound, whole frames before one."""
    first = source.pictures[0].at + video.hidden
    if not video.begins_with_sound or not source.begins:
        return first
    earlier = (first - Fraction(min(source.begins))) * result.rate
    return first - max(0, ceil(earlier)) / result.rate


def _due(
    pictures: Sequence[Picture], at: Fraction, video: Video, rate: Fraction
) -> Sequence[Picture]:
    """Return what may be seen at a time: the newest picture, or one that comes at once."""
    times = [each.at for each in pictures]
    is_thinned = len(pictures) > video.seconds * rate * Fraction(5, 4)
    soon = _THINNED if is_thinned else _ALMOST_HALF
    newest = bisect_right(times, at + _ROUNDING)
    next_one = bisect_right(times, at + soon / rate)
    return pictures[max(0, newest - 1) : max(1, next_one)]


def different(picture: Picture, due: Sequence[Picture], *, most: int) -> str:
    number = picture.number
    if all(each.number != number for each in due):
        return f"shows {number}, not {' or '.join(str(each.number) for each in due)}"
    apart = min(_apart(picture.pixels, each.pixels) for each in due)
    return f"differs by {apart:.1f}" if apart > most else ""


def _apart(one: bytes, other: bytes) -> float:
    """Return the mean difference of the channel that differs most."""
    size = len(one) // 3
    return max(
        sum(abs(a - b) for a, b in zip(one[channel::3], other[channel::3], strict=True)) / size
        for channel in range(3)
    )


def _of_sound(video: Video, source: Decoded, result: Published) -> Iterator[str]:
    for track, tones in enumerate(result.tones):
        heard = [tone.at for tone in tones]
        if video.beeps is not None and not _alike(heard, video.beeps, video.most_apart):
            yield f"track {track}: tones at {_spoken(heard)}, not at {_spoken(video.beeps)}"
        elif video.is_judged and track < len(source.tones):
            judged = list(_from(float(_zero(video, source, result)), source.tones[track]))
            yield from (f"track {track}: {fault}" for fault in _of_tones(video, tones, judged))


def _of_tones(video: Video, tones: Sequence[Tone], judged: Sequence[Tone]) -> Iterator[str]:
    # What begins before the picture is cut; the end of a tone is not heard as one.
    for before in (-_TONE_SECONDS, -_TONE_SECONDS / 5):
        if len(judged) > len(tones):
            judged = [tone for tone in judged if tone.at > before]
    heard, due = [tone.at for tone in tones], [max(0, tone.at) for tone in judged]
    if not _alike(heard, due, SYNCHRONOUS_SECONDS):
        yield f"tones at {_spoken(heard)}, the independent decoder has them at {_spoken(due)}"
    for tone, other in zip(tones, judged, strict=False):
        is_whole = video.has_pitch and other.at > -0.02
        if is_whole and abs(tone.hertz - other.hertz) > _MOST_OUT_OF_TUNE * other.hertz + 10:
            yield f"the tone at {tone.at:.3f} has {tone.hertz:.0f} Hz, not {other.hertz:.0f}"


def _alike(times: Sequence[float], others: Sequence[float], most: float) -> bool:
    return len(times) == len(others) and all(
        abs(one - other) <= most for one, other in zip(times, others, strict=True)
    )


def _from(zero: float, tones: Sequence[Tone]) -> Iterator[Tone]:
    yield from (Tone(tone.at - zero, tone.hertz) for tone in tones)


def _spoken(times: Sequence[float]) -> str:
    return "[" + ", ".join(f"{each:.3f}" for each in times) + "]"
