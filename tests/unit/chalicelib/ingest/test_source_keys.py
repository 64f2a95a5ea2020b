"""What a key or a file's name says, however it was written."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalogue.curation import canonical
from chalicelib.catalogue.model import Card, VideoId
from chalicelib.encoding.model import Sidecar, UnusedSidecars
from chalicelib.ingest.source_keys import (
    DroppedSource,
    UploadedSource,
    cleaned,
    is_language,
    is_left_in_inbox,
    read_key,
    sidecar_folder,
    sidecar_key,
    sidecar_key_beside,
    sidecars_among,
    title_from,
    unused_beside,
    upload_key,
)

UPLOAD = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (f"uploads/7/{UPLOAD}/source.mp4", UploadedSource(VideoId(7), UPLOAD)),
        (f"uploads/7/{UPLOAD}/source", UploadedSource(VideoId(7), UPLOAD)),
        ("inbox/Title.mp4", DroppedSource("Title", "")),
        ("inbox/Drama/A Title.MKV", DroppedSource("A Title", "Drama")),
        ("inbox/\N{CLAPPER BOARD}/Title.mp4", DroppedSource("Title", "")),
        ("inbox/Dr\nama/Ti\u202etle.mp4", DroppedSource("Title", "Dr ama")),
        ("inbox/Title", DroppedSource("Title", "")),
        ("inbox/Drama/Season 1/Title.mp4", DroppedSource("Title", "Drama")),
        ("inbox//Title.mp4", DroppedSource("Title", "")),
        ("inbox//Drama//Title.mp4", DroppedSource("Title", "Drama")),
    ],
)
def test_a_key_says_which_source_it_is(key: str, expected: object) -> None:
    assert read_key(key) == expected


@pytest.mark.parametrize(
    "key",
    [
        "inbox/",
        "inbox/Drama/",
        "inbox/Drama/Title.en.srt",
        "inbox/Title.VTT",
        "inbox/a/b/",
        "inbox/..",
        "inbox/../uploads/title.mp4",
        "inbox/a/./title.mp4",
        "inbox/Drama/Title.txt",
        "uploads/7/subtitles/en.vtt",
        "uploads/7/source.mp4",
        "uploads/07/" + UPLOAD + "/source.mp4",
        f"uploads/{2**53}/{UPLOAD}/source.mp4",
        f"uploads/7/{UPLOAD}/../source.mp4",
        f"uploads/7/{UPLOAD}/source.mp4/",
        "media/7/1/video/720p/00000.m4s",
        "",
    ],
)
def test_a_key_of_no_source_is_none(key: str) -> None:
    assert read_key(key) is None


@pytest.mark.parametrize(
    ("key", "is_left"),
    [
        ("inbox/Drama/letter.txt", True),
        ("inbox/a/b/Title.ass", True),
        ("inbox/a/b/Title.mp4", False),
        ("inbox/a/b/Title.en.srt", False),
        ("inbox/a/b/", False),
        ("uploads/7/subtitles/en.txt", False),
    ],
)
def test_a_file_of_the_inbox_that_is_never_read_is_known_by_its_name(
    key: str, is_left: bool
) -> None:
    assert is_left_in_inbox(key) is is_left


@pytest.mark.parametrize(
    ("filename", "title"),
    [
        ("Metropolis.mp4", "Metropolis"),
        ("C:\\Videos\\My_Film.final.MOV", "My Film.final"),
        ("../../etc/passwd", "passwd"),
        ("Die\nNibelungen\t.mkv", "Die Nibelungen"),
        ("\N{CLAPPER BOARD} Film.mp4", "\N{CLAPPER BOARD} Film"),
        ("a" * 500 + ".mp4", "a" * 200),
        (".mp4", "Untitled"),
        ("\u202e\x00.mp4", "Untitled"),
        ("Me\u00adtro\u200bpolis.mp4", "Metropolis"),
        ("می\u200cروم.mp4", "می\u200cروم"),
        ("/", "Untitled"),
    ],
)
def test_any_filename_becomes_a_name_of_a_video(filename: str, title: str) -> None:
    assert title_from(filename) == title


@given(st.text(max_size=300))
def test_every_filename_makes_a_name_that_can_be_kept_and_a_key_that_is_read(name: str) -> None:
    title = title_from(name)
    assert canonical(Card(title)).title == title
    assert not any(unicodedata.category(each) == "Cc" for each in title)
    key = upload_key(VideoId(7), UPLOAD, name)
    assert read_key(key) == UploadedSource(VideoId(7), UPLOAD)
    assert key.isascii()


@given(st.text(max_size=300))
def test_to_clean_twice_is_to_clean_once(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)


def test_subtitles_of_an_upload_lie_beside_it() -> None:
    source = f"uploads/7/{UPLOAD}/source.mp4"
    keys = [
        sidecar_key(VideoId(7), "pt-BR", "vtt"),
        sidecar_key(VideoId(7), "en", "srt"),
        sidecar_key(VideoId(7), "en", "vtt"),
        "uploads/7/subtitles/..%2f.vtt",
        "uploads/7/subtitles/de.txt",
    ]
    assert all(key.startswith(sidecar_folder(source)) for key in keys)
    expected = sidecars_among(keys, source_key=source)
    assert expected == [Sidecar("en", keys[2]), Sidecar("pt-BR", keys[0])]


def test_subtitles_of_a_dropped_source_have_its_name() -> None:
    source = "inbox/Drama/A.Film.mp4"
    keys = ["inbox/Drama/A.Film.de.srt", "inbox/Drama/A.Film.srt", "inbox/Drama/A.Film.x.srt"]
    assert all(key.startswith(sidecar_folder(source)) for key in keys)
    assert sidecars_among([*keys, source], source_key=source) == [
        Sidecar("de", keys[0]),
        Sidecar("und", keys[1]),
    ]


def test_subtitles_are_one_for_each_language_and_kind() -> None:
    source = "inbox/tape.mp4"
    names = ("tape.deu.srt", "tape.DE.vtt", "tape.de.forced.srt", "tape.de.sdh.srt")
    keys = [f"inbox/{name}" for name in names]
    assert sidecars_among(keys, source_key=source) == [
        Sidecar("de", keys[1]),
        Sidecar("de", keys[3], is_for_deaf=True),
        Sidecar("de", keys[2], is_forced=True),
    ]
    assert unused_beside([*keys, source], source_key=source) == UnusedSidecars(
        unread=[], second=[("tape.DE.vtt", "tape.deu.srt")]
    )
    upload = f"uploads/7/{UPLOAD}/source.mp4"
    beside = sidecar_key_beside(upload, Sidecar("de", keys[2], is_forced=True))
    assert beside == "uploads/7/subtitles/de.forced.srt"
    assert sidecars_among([beside], source_key=upload) == [Sidecar("de", beside, is_forced=True)]


def test_subtitles_whose_name_is_not_read_are_known_unless_they_are_of_another_one() -> None:
    source = "inbox/tape.mp4"
    keys = ["inbox/tape.klingonese.srt", "inbox/tape.2.mp4", "inbox/tape.2.de.srt", source]
    assert unused_beside(keys, source_key=source).unread == ["tape.klingonese.srt"]
    assert unused_beside(keys, source_key="inbox/tape.2.mp4").unread == []
    of_one_name = [*keys, "inbox/tape.mkv"]
    assert unused_beside(of_one_name, source_key=source).unread == ["tape.klingonese.srt"]
    assert unused_beside(["inbox/tape.b/x.srt"], source_key=source).unread == []


@pytest.mark.parametrize("tag", ["", "e", "english", "en_US", "en-", "../..", "en/", "en\n"])
def test_what_is_no_language_is_none(tag: str) -> None:
    assert not is_language(tag)
