"""Files of every form become what they should; all of them by `make gallery`."""

import pytest

from tests.media.gallery.expecting import cases, expect_right
from tests.media.gallery.model import Entry, Family


@pytest.mark.parametrize("entry", cases(Family.CONTAINERS, Family.CODECS, Family.PICTURE))
def test_a_file_of_this_form_becomes_what_it_should(entry: Entry) -> None:
    expect_right(entry)
