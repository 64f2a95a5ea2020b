"""Odd sound, odd times, damage and lies become what they should; all of it by `make gallery`."""

import pytest

from tests.media.gallery.expecting import cases, expect_right
from tests.media.gallery.model import Entry, Family


@pytest.mark.parametrize("entry", cases(Family.AUDIO, Family.TIME, Family.DAMAGE, Family.LIES))
def test_an_odd_file_becomes_what_it_should(entry: Entry) -> None:
    expect_right(entry)
