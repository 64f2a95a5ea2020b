"""Languages have the tags of playlists and the names their speakers use."""

import pytest

from transcoder.probing.languages import own_name, tag_of
from transcoder.probing.model import (
    Question,
)

_ASKED = Question("film", 1, 100, most_streams=4, long_side=8192, short_side=4608)


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("ger", "de"),
        ("deu", "de"),
        ("GER", "de"),
        ("de", "de"),
        ("en-us", "en-US"),
        ("en_GB", "en-GB"),
        ("zh-hans", "zh-hans"),
        ("gsw", "gsw"),
        ("", "und"),
        ("und", "und"),
        ("mul", "und"),
        ('e",URI="x', "und"),
        ("e\n", "und"),
        ("a" * 100, "und"),
    ],
)
def test_languages_are_called_as_playlists_call_them(written: str, tag: str) -> None:
    assert tag_of(written) == tag


def test_languages_have_the_names_their_speakers_use() -> None:
    assert (own_name("de"), own_name("pt-BR"), own_name("gsw")) == ("Deutsch", "Português", "")
