"""Uploaded subtitles come in every shape; the result is WebVTT with nothing but words."""

import html
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcoder.outputs.charsets import decoded
from transcoder.outputs.webvtt import Cue, parsed, segments

SRT = "1\n00:00:01,000 --> 00:00:02,500\nGrüße\n\n2\n00:00:58,000 --> 00:01:02,000\nzwei\nZeilen\n"


def words(text: str) -> list[str]:
    return ["|".join(cue.lines) for cue in parsed(text).cues]


def written(*cues: Cue, count: int = 2) -> list[str]:
    return list(segments(cues, count=count, seconds=60, timestamp_of_zero=0))


def test_a_cue_that_only_draws_is_left_out() -> None:
    drawing = "00:01.000 --> 00:02.000\nm 0 0 l 100 0 100 100\n\n"
    assert words(f"WEBVTT\n\n{drawing}{SRT}") == ["Grüße", "zwei|Zeilen"]
    assert parsed(drawing).broken == 0


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_any_line_break_is_understood(end: str) -> None:
    assert words(SRT.replace("\n", end)) == ["Grüße", "zwei|Zeilen"]


def test_webvtt_keeps_its_cues_and_loses_the_rest() -> None:
    text = (
        "WEBVTT - title\nKind: captions\n\nSTYLE\n::cue { background: url(http://x) }\n\n"
        "NOTE\n00:00.000 --> 00:01.000\na comment\n\n"
        "intro\n00:01.000 --> 01:02.500 line:0 align:start onload:evil\n<v Ann>Hello</v>\n"
    )
    cues = parsed(text)
    assert cues.cues == (Cue(1000, 62_500, ("Hello",), "line:0 align:start"),)
    assert cues.broken == 0


def test_cues_without_a_blank_line_between_them_are_separate() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\none\n2\n00:00:03,000 --> 00:00:04,000\ntwo\n"
    assert words(text) == ["one", "two"]


@pytest.mark.parametrize(
    "broken",
    [
        "00:00:0X,000 --> 00:00:02,000\nx",
        "00:00:02,000 --> 00:00:01,000\nbackwards",
        "00:00:02,000 -> 00:00:03,000\narrow",
        "no time at all",
    ],
)
def test_broken_entries_are_skipped_and_counted(broken: str) -> None:
    cues = parsed(f"{broken}\n\n{SRT}")
    assert (len(cues.cues), cues.broken) == (2, 1)


@pytest.mark.parametrize("begins", ["", "WEBVTT\n\n"])
def test_words_behind_a_blank_line_belong_to_the_entry_before(begins: str) -> None:
    cues = parsed(f"{begins}{SRT}\n\nmore\n\n12\n\n3\n00:02:00,000 --> 00:02:01,000\n13\n")
    assert [cue.lines for cue in cues.cues] == [
        ("Grüße",), ("zwei", "Zeilen", "more", "12"), ("13",),
    ]  # fmt: skip
    assert cues.broken == 0


@pytest.mark.parametrize(
    "words",
    ["NOTE to self", "STYLE is everything", "5 -> 6", "10:00:00 pm", "1:30 am", "12:00 -> 1"],
)
def test_words_behind_a_blank_line_of_subrip_may_look_like_something_else(words: str) -> None:
    cues = parsed(f"{SRT}\n\n{words}\n\n3\n00:02:00,000 --> 00:02:01,000\n13\n")
    assert [cue.lines[-1] for cue in cues.cues] == ["Grüße", html.escape(words), "13"]
    assert cues.broken == 0


def test_a_backslash_breaks_lines_in_subrip_alone() -> None:
    words = "00:00:01.000 --> 00:00:02.000\na\\Nb"
    assert [cue.lines for cue in parsed(words).cues] == [("a", "b")]
    assert [cue.lines for cue in parsed(f"WEBVTT\n\n{words}").cues] == [("a\\Nb",)]


def test_words_behind_a_blank_line_of_a_broken_entry_are_left_out_with_it() -> None:
    cues = parsed(f"{SRT}\n3\n00:02:00,000 -> 00:02:01,000\nx\n\nmore\n")
    assert [cue.lines for cue in cues.cues] == [("Grüße",), ("zwei", "Zeilen")]
    assert cues.broken == 1


def test_lines_with_a_blank_one_between_all_of_them_are_read() -> None:
    assert words(SRT.replace("\n", "\n\n")) == ["Grüße", "zwei|Zeilen"]


def test_a_comment_between_cues_is_no_word() -> None:
    assert words(f"WEBVTT\n\n{SRT}\nNOTE\nold\n\nolder\n\n") == ["Grüße", "zwei|Zeilen"]


def test_a_reference_to_a_character_with_an_endless_number_is_left_out() -> None:
    (cue,) = parsed(f"00:01.000 --> 00:02.000\nHello &#{'9' * 5000};you").cues
    assert cue.lines == ("Hello ;you",)


def test_a_cue_across_a_boundary_is_in_both_segments() -> None:
    first, second = written(Cue(58_000, 62_000, ("x",)), Cue(61_000, 62_000, ("y",)))
    assert first == (
        "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\n00:00:58.000 --> 00:01:02.000\nx\n"
    )
    assert second.endswith(
        "\n\n00:00:58.000 --> 00:01:02.000\nx\n\n00:01:01.000 --> 00:01:02.000\ny\n"
    )


def test_a_cue_that_ends_at_a_boundary_is_in_one_segment() -> None:
    first, second = written(Cue(58_000, 60_000, ("x",)))
    assert "x" in first
    assert "-->" not in second


def test_segments_span_the_whole_video_even_without_speech() -> None:
    assert len(written(Cue(0, 1000, ("x",)), count=7)) == 7


def test_times_count_from_the_first_picture_and_end_with_the_last() -> None:
    cues = parsed(
        "00:01.000 --> 00:03.000\na\n\n00:11.500 --> 00:20.000\nb\n\n01:00.000 --> 01:01.000\nc"
    )
    moved = cues.moved(by=Fraction(-2), until=Fraction(12))
    assert [(cue.start_ms, cue.end_ms) for cue in moved] == [(0, 1000), (9500, 12_000)]


def test_a_cue_for_ever_does_not_fill_every_segment() -> None:
    (cue,) = parsed("00:00:00.000 --> 9999:00:00.000\nx").cues
    assert cue.end_ms == 600_000


@given(st.lists(st.text(max_size=80), max_size=5))
def test_whatever_is_said_stays_one_cue(lines: list[str]) -> None:
    said = "\n".join(line for text in lines for line in text.splitlines() if line.strip())
    said = said.replace("-->", "->")
    (segment,) = written(*parsed(f"00:00.000 --> 00:01.000\n{said}").cues, count=1)
    assert segment.count("-->") <= 1
    assert re.findall(r"<[^>]*>", re.sub(r"</?[ibu]>", "", segment)) == []
    assert segment.count("\n\n") <= 1


@given(st.binary(max_size=300))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    assert all(cue.lines for cue in parsed(decoded(data).text).cues)
