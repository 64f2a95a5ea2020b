"""How large pictures become, and what of a hostile source FFmpeg is allowed to open."""

from dataclasses import replace
from fractions import Fraction

import pytest

from chalicelib.encoding.plan import Picture
from transcoder.ffmpeg.pictures import candidates
from transcoder.outputs.pictures import displayed_size, sizes_of

HD = Picture("mov", 1, "h264", 1920, 1080, Fraction(0), frames=100)


@pytest.mark.parametrize(
    ("facts", "size"),
    [
        ({}, (1920, 1080)),
        ({"rotation": 90}, (1080, 1920)),
        ({"rotation": 180}, (1920, 1080)),
        ({"width": 1440, "pixel_aspect": Fraction(4, 3)}, (1920, 1080)),
        ({"width": 720, "height": 480, "pixel_aspect": Fraction(8, 9)}, (720, 540)),
        ({"width": 720, "height": 576, "pixel_aspect": Fraction(64, 45), "rotation": 270},
         (576, 1024)),
    ],
)  # fmt: skip
def test_people_see_square_pixels_upright(facts: dict[str, int], size: tuple[int, int]) -> None:
    assert displayed_size(replace(HD, **facts)) == size  # type: ignore[arg-type]


def test_pictures_are_never_larger_than_the_video() -> None:
    assert sizes_of(HD) == {"thumbnail": (640, 360), "poster": (640, 360), "hero": (1280, 720)}
    small = sizes_of(replace(HD, width=500, height=281))
    assert small == {"thumbnail": (500, 281), "poster": (500, 281), "hero": (500, 281)}


def test_a_line_of_pixels_is_a_picture() -> None:
    assert sizes_of(replace(HD, width=4000, height=2))["thumbnail"] == (640, 1)


def test_only_what_was_probed_is_opened() -> None:
    command = candidates(
        HD, "http://127.0.0.1/x?y", begin=Fraction(5), seconds=4, sizes=sizes_of(HD)
    )
    text = " ".join(command)
    assert "-f mov -format_whitelist mov -protocol_whitelist http,tcp" in text
    assert "[0:1]" in text


def test_fields_become_pictures_and_bright_light_becomes_ordinary() -> None:
    special = replace(HD, is_interlaced=True, transfer="arib-std-b67")
    text = " ".join(candidates(special, "x", begin=Fraction(0), seconds=4, sizes=sizes_of(HD)))
    # Colours are declared first: filters follow what frames say.
    order = [text.index(each) for each in ("color_trc=arib-std-b67", "bwdif", "fps=2", "tonemap")]
    assert order == sorted(order)


def test_a_source_without_an_index_is_read_from_earlier_on() -> None:
    transport = replace(HD, demuxer="mpegts", start=Fraction(3600))
    command = candidates(transport, "x", begin=Fraction(3612), seconds=4, sizes=sizes_of(HD))
    assert command[command.index("-ss") + 1] == "3602.000000"
    assert "setpts='PTS-round(3612/1/TB)'" in " ".join(command)
