"""What a check expects and measures, in the language of the caller, around names and numbers."""

import pytest

from chalicelib.api.report_values import translated_values
from chalicelib.language import Language

FAULTS = {
    "video/1080p/00003.m4s is missing": "video/1080p/00003.m4s fehlt",
    "1080p, segment 3: 47 instead of 48": "1080p, Segment 3: 47 statt 48",
    "audio 0, segment 3: off by -0.002000 s": "Ton 0, Segment 3: um -0,002000 s verschoben",
    "audio 1 begins at 0.500 instead of 0.000 s": "Ton 1 beginnt bei 0,500 statt 0,000 s",
    "audio 1 was not decoded, for 3.000 s": "Ton 1 wurde nicht dekodiert, 3,000 s lang",
    "720p: 812 on average, 2100 at most, of 1500 kbit/s": (
        "720p: 812 im Mittel, 2100 höchstens, von 1500 kbit/s"
    ),
    "video-1080p.m3u8: lasts 4.000 s instead of 5.000 s": (
        "video-1080p.m3u8: dauert 4,000 s statt 5,000 s"
    ),
    "multivariant: a map without URI": "multivariant: eine Map ohne URI",
    "multivariant: two of AUDIO audio have one name": (
        "multivariant: zwei von AUDIO audio haben denselben Namen"
    ),
    "multivariant: not a frame rate: 61.000": "multivariant: keine Bildrate: 61,000",
    "audio 0: 42 ms apart": "Ton 0: 42 ms auseinander",
    "Commentary: unreadable": "Commentary: unlesbar",
    "720p/init.mp4 is missing; a.vtt was not measured; and 12 more": (
        "720p/init.mp4 fehlt; a.vtt wurde nicht gemessen; und 12 weitere"
    ),
    "the first picture at -0.040 s": "das erste Bild bei -0,040 s",
    "6.006 s": "6,006 s",
    "29.970": "29,970",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_translated_around_its_names(fault: str) -> None:
    assert translated_values(fault, Language.GERMAN) == FAULTS[fault]
    assert translated_values(fault, Language.ENGLISH) == fault


@pytest.mark.parametrize(
    "names",
    ["", "avc1.640028, mp4a.40.2", "1920x1080, 1280x720", "a: b", "{} is {0}", "is missing", ": "],
)
def test_what_is_not_ours_stays(names: str) -> None:
    assert translated_values(names, Language.GERMAN) == names


def test_a_text_of_many_colons_is_read_to_a_limited_depth() -> None:
    assert translated_values("a: " * 5000, Language.GERMAN) == "a: " * 5000
