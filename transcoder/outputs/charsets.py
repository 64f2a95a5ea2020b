"""The character set of subtitles: Unicode, or a code page of Windows."""

from dataclasses import dataclass

from chalicelib.catalogue.language_tags import tag_of

_ARROW = "-->"
_WIDE = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}
# A byte order mark may be wrong: the text after it decides.
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_WESTERN = "cp1252"
_OF_LANGUAGES = {
    "cp1250": "bs cs hr hu pl ro sk sl sq",
    "cp1251": "be bg kk mk mn ru sr uk",
    "cp1253": "el",
    "cp1254": "az tr",
    "cp1255": "he yi",
    "cp1256": "ar fa ur",
    "cp1257": "et lt lv",
    "cp1258": "vi",
    "cp874": "th",
    "cp932": "ja",
    "cp949": "ko",
    "gb18030": "zh",
}
_BY_LANGUAGE = {
    language: charset for charset, spoken in _OF_LANGUAGES.items() for language in spoken.split()
}
_TRADITIONAL, _TRADITIONAL_CHINESE = "cp950", ("zh-TW", "zh-HK", "zh-hant")
_NAMES = {"cp932": "Shift JIS", "cp949": "EUC-KR", "cp950": "Big5", "gb18030": "GB 18030"}


@dataclass(frozen=True, slots=True)
class DecodedText:
    text: str
    # The common name of a character set other than Unicode that was used; "" if there is none.
    charset: str = ""


def decoded(data: bytes, language: str = "") -> DecodedText:
    """Decode subtitles line by line, because each may have another character set."""
    for charset, width in _WIDE.items():
        if _is_written(_ARROW.encode(charset), data, width):
            return DecodedText(data.decode(charset, "replace").removeprefix("\ufeff"))
    mark = next((mark for mark in _MARKS if data.startswith(mark)), b"")
    lines = data.removeprefix(mark).split(b"\n")
    foreign = [line for line in lines if not _is_unicode(line)]
    if not foreign:
        return DecodedText("\n".join(line.decode() for line in lines))
    charset = _charset_of(language)
    proper = sum(not line.isascii() and _is_unicode(line) for line in lines)
    # Text in an older set can look like Unicode by chance, in a few lines.
    is_mixed = proper >= len(foreign)
    text = "\n".join(
        line.decode() if is_mixed and _is_unicode(line) else line.decode(charset, "replace")
        for line in lines
    )
    return DecodedText(text, _NAMES.get(charset) or charset.replace("cp", "Windows-"))


def _is_written(word: bytes, data: bytes, width: int) -> bool:
    """Whether the bytes of the word are aligned to the width of a character."""
    at = data.find(word)
    while at >= 0 and at % width:
        at = data.find(word, at + 1)
    return at >= 0


def _is_unicode(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _charset_of(language: str) -> str:
    tag = tag_of(language)
    if tag.startswith(_TRADITIONAL_CHINESE):
        return _TRADITIONAL
    return _BY_LANGUAGE.get(tag.partition("-")[0], _WESTERN)
