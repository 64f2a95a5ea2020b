"""Languages have the tags of playlists and the names their speakers use."""

from string import ascii_lowercase

import pytest

from chalicelib.catalogue.language_tags import code_of, own_name, tag_of


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


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("de", "deu"),
        ("en-US", "eng"),
        ("zh-hans", "zho"),
        ("cy", "cym"),
        ("gsw", "gsw"),
        ("und", "und"),
        ("qq", "und"),
        ("", "und"),
    ],
)
def test_mp4_has_the_terminological_code_of_a_tag(tag: str, code: str) -> None:
    assert code_of(tag) == code


def test_every_code_is_read_as_the_tag_it_was_made_of() -> None:
    tags = {tag_of(first + second) for first in ascii_lowercase for second in ascii_lowercase}
    codes = {tag: code_of(tag) for tag in tags - {"und"}}
    assert sum(code != "und" for code in codes.values()) > 60
    assert all(tag_of(code) == tag for tag, code in codes.items() if code != "und")
