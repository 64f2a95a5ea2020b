"""What the limit of the gain leaves quiet is said, in decibels that people can compare."""

import pytest

from tests.builders.assets import GERMAN
from transcoder.outputs.loudness import gain_db, notes_on


@pytest.mark.parametrize("lufs", [None, -80.0, -20.0, -28.0, -28.9])
def test_sound_that_reaches_its_level_has_no_note(lufs: float | None) -> None:
    assert notes_on(GERMAN, lufs) == ()


def test_a_track_that_stays_quieter_than_others_has_a_note() -> None:
    assert gain_db(-41.3) == 12
    [note] = notes_on(GERMAN, -41.3)
    assert note == (
        f"Sound track {GERMAN.number + 1}: it is very quiet; raised by 12 dB, the most there is, it"
        " stays 13 dB below other videos."
    )
    [least] = notes_on(GERMAN, -29.0)
    assert "it stays 1 dB below" in least
