"""Subtitles are marked up in many ways; what is left is words, and harmless tags of WebVTT."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcoder.outputs.markup import lines_of


def one(text: str, *, is_webvtt: bool = False) -> str:
    return "\n".join(lines_of(text.split("\n"), is_webvtt=is_webvtt))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<i>a</i> <b>b</b> <u>c</u>", "<i>a</i> <b>b</b> <u>c</u>"),
        ("<font color=red>x</font>", "x"),
        ("<c.yellow>y</c> <lang de>d</lang> <00:01.500>k<00:01:01.500>a", "y d ka"),
        ("<ruby>a<rt>b</rt></ruby> <V Ann>c", "ab c"),
        ("Top & <left>", "Top &amp; &lt;left&gt;"),
        ("<sigh> <cough>", "&lt;sigh&gt; &lt;cough&gt;"),
        ("<s-video> <b/w>", "&lt;s-video&gt; &lt;b/w&gt;"),
        ("<10:30>", "&lt;10:30&gt;"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("<i onclick=evil>x</i>", "<i>x</i>"),
        ("<i>never closed", "<i>never closed</i>"),
        ("never opened</i>", "never opened"),
        ("{\\an8}up", "up"),
        ("{\\p1}m 0 0 l 9 0{\\p0}seen", "seen"),
        ("{\\pos(1,2)\\p1\\b1}m 0 0{\\b0} l 9 0{\\p0}seen", "seen"),
        ("seen{\\p2}m 0 0 l 9 0", "seen"),
        ("<b>m 0 0 l 9.5 -3 b 1 1 2 2 3 3</b>\nseen", "seen"),
        ("m 5 4", "m 5 4"),
        ("m 0 0 l lines", "m 0 0 l lines"),
        ("two\\hwords", "two\N{NO-BREAK SPACE}words"),
        ("Tom & Jerry", "Tom &amp; Jerry"),
        ("Tom &amp; Jerry", "Tom &amp; Jerry"),
        ("1 < 2 > 0", "1 &lt; 2 &gt; 0"),
        ("&lt;script&gt;", "&lt;script&gt;"),
        ("a --> b", "a --&gt; b"),
        ("a&#10;&#10;00:00.000 --> 99:00.000&#10;b", "a  00:00.000 --&gt; 99:00.000 b"),
        ("tab\tand bell\x07", "tab and bell "),
        ("<em>a</em> <STRONG>b</STRONG> <span style='x:y'>c</span> x<sup>2</sup>", "a b c x2"),
        ("<a href=x>a</a> <center>b</center> <h1>c</h1>", "a b c"),
        ("<a man coughs> <small talk>", "&lt;a man coughs&gt; &lt;small talk&gt;"),
        ("<i/>a <b />b", "a b"),
        ("{Y:i}a {c:$0000ff}b {y:b,u}c {b}", "a b c {b}"),
        ("{\\i1}a{\\i0} {\\b1\\u1}b{\\b0\\u0} {\\b700}c", "<i>a</i> <b><u>b</u></b><u></u> c"),
        ("<b>a <i>b</b> c</i>", "<b>a <i>b</i></b><i> c</i>"),
        ("<i>a <i>b</i> c</i> d", "<i>a b c</i> d"),
        (
            "x<u && y>v a<b or c>d a<s == t>u",
            "x&lt;u &amp;&amp; y&gt;v a&lt;b or c&gt;d a&lt;s == t&gt;u",
        ),
        ("a<v && b>c", "a&lt;v &amp;&amp; b&gt;c"),
        ("<c.red.small>a</c> <v.loud Ann B.>b</v> <b class = 'x'>c</b>", "a b <b>c</b>"),
    ],
)
def test_only_harmless_markup_is_left(text: str, kept: str) -> None:
    assert one(text) == kept


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a<br>b<br/>c<BR />d</br>e", "a|b|c|d|e"),
        ("a\\Nb\\nc", "a|b|c"),
        (r"a\NC:\new\Notes.txt \\host\home\Nina\nb", r"a|C:\new\Notes.txt \\host\home\Nina\nb"),
        ("<p>a</p><p class='x'>b</p><div>c</div>", "a|b|c"),
        ("<i>a<br>b</i>", "<i>a|b</i>"),
        ("<i>\na\n</i>\nb", "<i>a|</i>b"),
        ("a\n<i>\nb\n</i>", "a|<i>b</i>"),
    ],
)
def test_lines_are_broken_as_meant(text: str, lines: str) -> None:
    assert one(text) == lines.replace("|", "\n")


def test_webvtt_has_line_breaks_of_its_own() -> None:
    assert one(r"a\Nb\nc", is_webvtt=True) == r"a\Nb\nc"


@given(st.lists(st.sampled_from(["<i>", "</i>", "<b>", "</b>", "<u/>", "<u>", "</u>", "x", "\n"])))
def test_tags_are_closed_in_their_order(texts: list[str]) -> None:
    lines = one("".join(texts))
    assert lines.count("x") == texts.count("x")
    unclosed: list[str] = []
    for closes, tag in re.findall(r"<(/?)([ibu])>", lines):
        if closes:
            assert unclosed.pop() == tag
        else:
            assert tag not in unclosed
            unclosed.append(tag)
    assert unclosed == []
