"""The gallery sees what is wrong: each fault that it is there for turns it red."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from chalicelib.encoding.failures import Reason
from tests.builders.published_encodes import Finished, finished
from tests.media.gallery.catalogue import ENTRIES, entry_of, quarter
from tests.media.gallery.comparing import Published, faults, published
from tests.media.gallery.decoding import Decoded, Picture, Tone
from tests.media.gallery.files import make
from tests.media.gallery.model import Entry, Family, Refusal, Video
from tests.media.gallery.verdicts import Outcome, judged, verdict
from transcoder.errors import Refused

Change = Callable[[Published], Published]


@cache
def right(name: str) -> tuple[Video, Decoded, Published]:
    entry = entry_of(name)
    with TemporaryDirectory() as folder:
        path = make(entry, Path(folder))
        result, source = published(finished(path)), judged(entry, path)
    assert isinstance(entry.becomes, Video)
    return entry.becomes, source, result


def faults_of(name: str, change: Change) -> str:
    video, source, result = right(name)
    assert faults(video, source, result) == []
    return "\n".join(faults(video, source, change(result)))


def with_pictures(change: Callable[[list[Picture]], list[Picture]]) -> Change:
    def changed(result: Published) -> Published:
        pictures = {name: tuple(change(list(each))) for name, each in result.pictures.items()}
        return replace(result, pictures=pictures)

    return changed


def with_tones(change: Callable[[list[Tone]], list[Tone]]) -> Change:
    return lambda result: replace(
        result, tones=tuple(tuple(change(list(each))) for each in result.tones)
    )


def _content_of(pictures: list[Picture], numbers: list[int]) -> list[Picture]:
    """Keep the times, and show other pictures at them."""
    return [replace(at, pixels=pictures[n].pixels) for at, n in zip(pictures, numbers, strict=True)]


def _held(pictures: list[Picture]) -> list[Picture]:
    numbers = [*range(40), 39, *range(41, len(pictures))]
    return _content_of(pictures, numbers)


def _shifted(pictures: list[Picture], by: int) -> list[Picture]:
    last = len(pictures) - 1
    return _content_of(pictures, [min(max(n + by, 0), last) for n in range(len(pictures))])


def _without_end(result: Published) -> Published:
    shorter = with_pictures(lambda pictures: pictures[:50])(result)
    shorter = with_tones(lambda tones: tones[:2])(shorter)
    return replace(shorter, seconds=Fraction(2))


def _with_red_and_blue_swapped(picture: Picture) -> Picture:
    pixels = bytearray(picture.pixels)
    pixels[0::3], pixels[2::3] = pixels[2::3], pixels[0::3]
    return replace(picture, pixels=bytes(pixels))


def _upside_down(picture: Picture) -> Picture:
    return replace(picture, pixels=bytes(reversed(picture.pixels)))


def _late(picture: Picture, seconds: Fraction) -> Picture:
    return replace(picture, at=picture.at + seconds)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (with_pictures(lambda seen: _shifted(seen, -1)), "frames are wrong"),
        (with_pictures(lambda seen: _shifted(seen, 1)), "frames are wrong"),
        (with_pictures(_held), "1 of 75 frames are wrong: frame 40 shows 39, not 40"),
        (with_pictures(lambda seen: seen[1:]), "74 pictures in 3.000 s"),
        (with_pictures(lambda seen: [seen[0], *(_late(p, Fraction(1, 50)) for p in seen[1:])]),
         "picture 1 is not in its place"),
        (with_pictures(lambda seen: list(map(_with_red_and_blue_swapped, seen))), "differs by"),
        (with_pictures(lambda seen: list(map(_upside_down, seen))), "shows -1, not 0"),
        (_without_end, "lasts 2.000 s, not 3.000"),
        (with_tones(lambda tones: [replace(tone, at=tone.at + 0.04) for tone in tones]),
         "the independent decoder has them at"),
        (with_tones(lambda tones: [replace(tone, at=tone.at - 0.04) for tone in tones]),
         "the independent decoder has them at"),
        (with_tones(lambda tones: tones[1:]), "tones at [1.0"),
        (with_tones(lambda tones: tones[:-1]), "tones at [0.0"),
        (with_tones(lambda _: []), "tones at [], not at [0.000, 1.000, 2.000]"),
        (with_tones(lambda tones: [replace(tone, hertz=tone.hertz * 1.1) for tone in tones]),
         "Hz, not"),
        (lambda result: replace(result, tones=()), "0 sound tracks, not 1"),
        (lambda result: replace(result, sizes={"240p": (Fraction(112), 192)}),
         "240p: is 112x192 of 192x112"),
        (lambda result: replace(result, combed=20), "20 pictures show two fields"),
        (lambda result: replace(result, rate=Fraction(24)), "24.000 pictures a second, not 25"),
    ],
)  # fmt: skip
def test_a_fault_is_seen(change: Change, fault: str) -> None:
    assert fault in faults_of("ts", change)


def test_a_note_that_is_missing_is_seen() -> None:
    fault = faults_of("sound_longer", lambda result: replace(result, notes=("Something else.",)))
    assert "no note says 'The last picture is held'" in fault


def test_damage_that_is_not_said_is_seen() -> None:
    video, source, result = right("ts")
    video = replace(video, is_damaged=True)
    black = with_pictures(
        lambda seen: [*seen[:50], *(replace(p, pixels=bytes(len(p.pixels))) for p in seen[50:])]
    )(result)
    assert "25 of 75 frames are wrong" in "\n".join(faults(video, source, black))
    assert faults(video, source, replace(black, decodable=0.6)) == []


def _refusing(reason: Reason, detail: str = "") -> Callable[[Path], Finished]:
    def finish(_: Path) -> Finished:
        raise Refused(reason, detail)

    return finish


def outcome(entry: Entry, folder: Path, finish: Callable[[Path], Finished]) -> Outcome:
    return verdict(entry, folder, finish).outcome


def test_a_good_source_that_is_refused_is_refused_wrongly(tmp_path: Path) -> None:
    refusing = _refusing(Reason.CORRUPT)
    assert outcome(entry_of("ts"), tmp_path, refusing) is Outcome.REFUSED_WRONGLY


def test_a_refusal_must_give_the_right_reason_and_say_what_it_is(tmp_path: Path) -> None:
    entry, detail = entry_of("zip"), "It is an archive: please upload the video that is in it."
    assert outcome(entry, tmp_path, _refusing(Reason.NOT_VIDEO, detail)) is Outcome.REFUSED_RIGHTLY
    assert outcome(entry, tmp_path, _refusing(Reason.CORRUPT, detail)) is Outcome.WRONG
    assert outcome(entry, tmp_path, _refusing(Reason.NOT_VIDEO)) is Outcome.WRONG


def test_nothing_that_others_decode_completely_may_be_refused_unless_by_policy(
    tmp_path: Path,
) -> None:
    playable = replace(entry_of("ts"), becomes=Refusal((Reason.CORRUPT,)))
    refusing = _refusing(Reason.CORRUPT)
    assert outcome(playable, tmp_path, refusing) is Outcome.REFUSED_WRONGLY
    by_policy = replace(playable, becomes=Refusal((Reason.CORRUPT,), policy="for a reason"))
    assert outcome(by_policy, tmp_path, refusing) is Outcome.REFUSED_RIGHTLY


def test_what_should_be_refused_may_not_be_published(tmp_path: Path) -> None:
    entry = replace(entry_of("ts"), becomes=Refusal((Reason.CORRUPT,)))
    assert outcome(entry, tmp_path, finished) is Outcome.WRONG


def test_there_are_enough_files_of_every_family() -> None:
    assert len({entry.name for entry in ENTRIES}) == len(ENTRIES) >= 150
    for family in Family:
        assert sum(entry.family is family for entry in ENTRIES) >= 20


@pytest.mark.parametrize("name", ["ivf", "vp9", "hevc", "av1_svt", "ts", "flipped_vp8"])
def test_a_file_is_the_same_whenever_it_is_made(tmp_path: Path, name: str) -> None:
    (tmp_path / "again").mkdir()
    first, second = (make(entry_of(name), each) for each in (tmp_path, tmp_path / "again"))
    assert first.read_bytes() == second.read_bytes()


def test_every_run_sees_each_family_and_each_finding() -> None:
    chosen = quarter()
    assert len(chosen) <= len(ENTRIES) * 0.27
    assert {entry.family for entry in chosen} == set(Family)
    assert {entry.finding for entry in ENTRIES} <= {entry.finding for entry in chosen}
