"""Sound that changes its channels or its rate half-way is heard to its end, in its time."""

from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.encoding.task_reports import SoundEvidence
from tests.builders import clips
from tests.builders.encoded_clips import Made, recorded
from tests.builders.plans import planned
from tests.builders.published_encodes import SYNCHRONOUS_SECONDS

_SECONDS, _PAUSE_SECONDS = 3, 0.2
_STEREO, _SURROUND, _MONO = ("-ac", "2"), ("-ac", "6"), ("-ac", "1")
_CHANGES = [
    ("mp2", _STEREO, ("-ar", "44100")),
    ("mp2", ("-ar", "44100"), _STEREO),
    ("ac3", _STEREO, ("-ar", "44100")),
    ("ac3", _STEREO, _SURROUND),
    ("ac3", _SURROUND, _STEREO),
    ("aac", _STEREO, _SURROUND),
    ("aac", _SURROUND, _STEREO),
    ("aac", _MONO, _STEREO),
    ("mp2", _MONO, _STEREO),
    ("aac", _STEREO, ("-ar", "44100")),
]


def joined(folder: Path, codec: str, *changes: tuple[str, ...]) -> Path:
    """Recordings whose clock goes on, as a broadcast changes its sound."""
    path, data = folder / "joined.ts", b""
    for number, options in enumerate(changes):
        part = folder / f"part{number}.ts"
        clips.ffmpeg("-i", clips.get("tiny").path, "-c:v", "copy", "-c:a", codec, *options,
                     "-muxdelay", "0", "-muxpreload", "0",
                     "-output_ts_offset", str(1 + number * _SECONDS), part)  # fmt: skip
        data += part.read_bytes()
    path.write_bytes(data)
    return path


def made_of(path: Path, folder: Path) -> Made:
    return recorded(planned(path), path, folder / "made")


def evidence_of(made: Made) -> SoundEvidence:
    evidence = made.reports[0].sound
    assert evidence is not None
    return evidence


@pytest.mark.parametrize(("codec", "before", "after"), _CHANGES)
def test_all_of_it_is_heard_in_its_time(
    tmp_path: Path, codec: str, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    made = made_of(joined(tmp_path, codec, before, after), tmp_path)
    heard = clips.bursts(made.joined("audio/0"))
    assert len(heard) == 2 * _SECONDS
    # Where the second part begins with what its encoder put in front, a little of it is cut.
    assert all(abs(at - second) < 1.5 * SYNCHRONOUS_SECONDS for second, at in enumerate(heard))
    assert len(evidence_of(made).formats) >= 2
    assert any("its rate or its channels change" in note for note in made.reports[0].notes)


@pytest.mark.parametrize(
    ("before", "after"),
    [((*_MONO, "-ar", "44100"), _STEREO), (_STEREO, (*_MONO, "-ar", "44100"))],
)
@pytest.mark.parametrize("kbps", ["32k", "64k", "128k"])
def test_frames_with_one_time_for_all_stay_in_time_after_their_rate_changes(
    tmp_path: Path, kbps: str, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    """A packet of MPEG-TS holds the more frames the smaller they are, and one time for all."""
    path, data = tmp_path / "joined.ts", b""
    for number, options in enumerate((before, after)):
        part = tmp_path / f"part{number}.ts"
        offset = ("-output_ts_offset", f"{1 + number * (_SECONDS + _PAUSE_SECONDS)}")
        clips.ffmpeg("-i", clips.get("tiny").path, "-c:v", "copy", "-c:a", "aac", "-b:a", kbps,
                     *options, *offset, part)  # fmt: skip
        data += part.read_bytes()
    path.write_bytes(data)
    made = made_of(path, tmp_path)
    [times] = made.plan.sounds
    assert times
    assert times.changes_rate
    heard = clips.bursts(made.joined("audio/0"))
    first = [float(second) for second in range(_SECONDS)]
    due = [*first, *(_SECONDS + _PAUSE_SECONDS + second for second in first)]
    assert [round(at - second, 3) for at, second in zip(heard, due, strict=True)] == pytest.approx(
        [0.0] * len(due), abs=SYNCHRONOUS_SECONDS
    )


def test_many_changes_do_not_add_up(tmp_path: Path) -> None:
    changes = (_STEREO, _SURROUND, _MONO, ("-ar", "44100"), _STEREO)
    made = made_of(joined(tmp_path, "ac3", *changes), tmp_path)
    heard = clips.bursts(made.joined("audio/0"))
    assert len(heard) == len(changes) * _SECONDS
    assert all(abs(at - second) < 1.5 * SYNCHRONOUS_SECONDS for second, at in enumerate(heard))


def test_a_track_that_changes_is_made_the_same_twice(tmp_path: Path) -> None:
    path = joined(tmp_path, "ac3", _STEREO, _SURROUND)
    first = made_of(path, tmp_path)
    again = recorded(first.plan, path, tmp_path / "again")
    assert again.reports == first.reports
    assert replace(evidence_of(first), formats=()) != evidence_of(first)
