"""Subtitles come in any charset, and viewers get words."""

import pytest

from transcoder.outputs.charsets import decoded

_WESTERN, _RUSSIAN = "Grüße, Ærø", "Привет, мир"


def srt(words: str) -> str:
    return f"1\n00:00:01,000 --> 00:00:02,500\n{words}\n"


@pytest.mark.parametrize("words", [_WESTERN, _RUSSIAN, "字幕", "x"])
@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"],
)
def test_any_unicode_is_understood(encoding: str, words: str) -> None:
    words_read = decoded(srt(words).encode(encoding))
    assert (words_read.text, words_read.charset) == (srt(words), "")


@pytest.mark.parametrize(
    "mark", ["\ufeff".encode(each) for each in ("utf-8", "utf-16-le", "utf-16-be")]
)
def test_a_wrong_mark_at_the_beginning_means_nothing(mark: bytes) -> None:
    assert decoded(mark + srt(_WESTERN).encode()).text == srt(_WESTERN)
    assert decoded(mark + srt(_WESTERN).encode("cp1252")).text == srt(_WESTERN)


def test_a_mark_of_the_other_order_means_nothing() -> None:
    assert srt(_WESTERN) in decoded(b"\xfe\xff" + srt(_WESTERN).encode("utf-16-le")).text


@pytest.mark.parametrize(
    ("language", "encoding", "words", "charset"),
    [
        ("", "cp1252", _WESTERN, "Windows-1252"),
        ("de", "latin-1", _WESTERN, "Windows-1252"),
        ("pl", "cp1250", "Zażółć gęślą jaźń", "Windows-1250"),
        ("ru", "cp1251", _RUSSIAN, "Windows-1251"),
        ("rus", "cp1251", _RUSSIAN, "Windows-1251"),
        ("el", "cp1253", "Καλημέρα", "Windows-1253"),
        ("tr", "cp1254", "Şöyle, ğ", "Windows-1254"),
        ("he", "cp1255", "שלום", "Windows-1255"),
        ("ja", "cp932", "日本語の字幕", "Shift JIS"),
        ("ko", "cp949", "안녕하세요", "EUC-KR"),
        ("zh", "gb18030", "你好世界", "GB 18030"),
        ("zh-TW", "cp950", "你好世界", "Big5"),
        ("zh-Hant", "cp950", "你好世界", "Big5"),
    ],
)
def test_what_is_no_unicode_is_what_its_language_had_before(
    language: str, encoding: str, words: str, charset: str
) -> None:
    words_read = decoded(srt(words).encode(encoding), language)
    assert (words_read.text, words_read.charset) == (srt(words), charset)


def test_one_cue_of_another_set_does_not_spoil_the_others() -> None:
    cues = [srt(_WESTERN).encode(), srt(_WESTERN).encode(), srt(_WESTERN).encode("latin-1")]
    assert decoded(b"\n".join(cues)).text == "\n".join([srt(_WESTERN)] * 3)


def test_a_line_that_could_be_unicode_is_of_the_charset_of_the_others() -> None:
    like = "Ã©"
    cues = [*[srt(_WESTERN)] * 2, srt(like)]
    assert decoded("\n".join(cues).encode("cp1252")).text == "\n".join(cues)


@pytest.mark.parametrize("data", [b"", b"\xff", b"\xff\xfe", b"\x81\x8d\n\xff" * 9])
def test_what_holds_no_words_is_no_error(data: bytes) -> None:
    assert len(decoded(data).text) <= len(data)
    assert len(decoded(data, "ja").text) <= len(data)
