"""Language tags: BCP 47 for the codes in containers, and each language's own name."""

import re
import unicodedata

UNKNOWN = "und"
_SHORT_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}")
_NOT_ONE = frozenset({"", "und", "mul", "mis", "zxx", "qaa", "unk"})
# ISO 639-2, the bibliographic code as well as the terminological one.
_FROM_THREE = {
    "alb": "sq", "ara": "ar", "arm": "hy", "aze": "az", "baq": "eu", "bel": "be", "ben": "bn",
    "bos": "bs", "bul": "bg", "bur": "my", "cat": "ca", "ces": "cs", "chi": "zh", "cym": "cy",
    "cze": "cs", "dan": "da", "deu": "de", "dut": "nl", "ell": "el", "eng": "en", "est": "et",
    "eus": "eu", "fas": "fa", "fin": "fi", "fra": "fr", "fre": "fr", "geo": "ka", "ger": "de",
    "gle": "ga", "glg": "gl", "gre": "el", "guj": "gu", "heb": "he", "hin": "hi", "hrv": "hr",
    "hun": "hu", "hye": "hy", "ice": "is", "ind": "id", "isl": "is", "ita": "it", "jpn": "ja",
    "kan": "kn", "kat": "ka", "kaz": "kk", "khm": "km", "kor": "ko", "lat": "la", "lav": "lv",
    "lit": "lt", "ltz": "lb", "mac": "mk", "mal": "ml", "mar": "mr", "may": "ms", "mkd": "mk",
    "mlt": "mt", "mon": "mn", "msa": "ms", "mya": "my", "nep": "ne", "nld": "nl", "nno": "nn",
    "nob": "nb", "nor": "no", "pan": "pa", "per": "fa", "pol": "pl", "por": "pt", "ron": "ro",
    "rum": "ro", "rus": "ru", "sin": "si", "slk": "sk", "slo": "sk", "slv": "sl", "spa": "es",
    "sqi": "sq", "srp": "sr", "swa": "sw", "swe": "sv", "tam": "ta", "tel": "te", "tgl": "tl",
    "tha": "th", "tur": "tr", "ukr": "uk", "urd": "ur", "uzb": "uz", "vie": "vi", "wel": "cy",
    "yid": "yi", "zho": "zh", "zul": "zu",
}  # fmt: skip
_BIBLIOGRAPHIC = frozenset({
    *("alb", "arm", "baq", "bur", "chi", "cze", "dut", "fre", "geo", "ger", "gre", "ice", "mac"),
    *("may", "per", "rum", "slo", "wel"),
})  # fmt: skip
_TO_THREE = {tag: code for code, tag in _FROM_THREE.items() if code not in _BIBLIOGRAPHIC}
_THREE = re.compile(r"[a-z]{3}")
_OWN_NAMES = {
    "ar": "العربية", "bg": "Български", "bn": "বাংলা", "ca": "Català", "cs": "Čeština",
    "da": "Dansk", "de": "Deutsch", "el": "Ελληνικά", "en": "English", "es": "Español",
    "et": "Eesti", "eu": "Euskara", "fa": "فارسی", "fi": "Suomi", "fr": "Français",
    "he": "עברית", "hi": "हिन्दी", "hr": "Hrvatski", "hu": "Magyar", "id": "Bahasa Indonesia",
    "is": "Íslenska", "it": "Italiano", "ja": "日本語", "ko": "한국어", "lt": "Lietuvių",
    "lv": "Latviešu", "ms": "Bahasa Melayu", "nb": "Norsk bokmål", "nl": "Nederlands",
    "no": "Norsk", "pl": "Polski", "pt": "Português", "ro": "Română", "ru": "Русский",
    "sk": "Slovenčina", "sl": "Slovenščina", "sr": "Српски", "sv": "Svenska", "ta": "தமிழ்",
    "te": "తెలుగు", "th": "ไทย", "tr": "Türkçe", "uk": "Українська", "vi": "Tiếng Việt",
    "zh": "中文",
}  # fmt: skip
# Words in names of files, beside the languages' own names.
_WORDS = {
    "arabic": "ar", "arabisch": "ar", "chinese": "zh", "chinesisch": "zh", "czech": "cs",
    "tschechisch": "cs", "danish": "da", "dänisch": "da", "dutch": "nl", "niederländisch": "nl",
    "englisch": "en", "finnish": "fi", "finnisch": "fi", "french": "fr", "französisch": "fr",
    "german": "de", "greek": "el", "griechisch": "el", "hebrew": "he", "hebräisch": "he",
    "hindi": "hi", "hungarian": "hu", "ungarisch": "hu", "italian": "it", "italienisch": "it",
    "japanese": "ja", "japanisch": "ja", "korean": "ko", "koreanisch": "ko", "norwegian": "no",
    "norwegisch": "no", "polish": "pl", "polnisch": "pl", "portuguese": "pt",
    "portugiesisch": "pt", "romanian": "ro", "rumänisch": "ro", "russian": "ru",
    "russisch": "ru", "spanish": "es", "spanisch": "es", "swedish": "sv", "schwedisch": "sv",
    "turkish": "tr", "türkisch": "tr", "ukrainian": "uk", "ukrainisch": "uk",
}  # fmt: skip
_NAMED = {name.lower(): tag for tag, name in _OWN_NAMES.items()} | _WORDS
_REGION_LENGTH = 2


def tag_of(written: str) -> str:
    """Return the BCP 47 tag for a code of a container; "und" if it is unknown."""
    lower = written.strip().lower().replace("_", "-")
    if lower in _NOT_ONE or not _SHORT_TAG.fullmatch(lower):
        return UNKNOWN
    first, dash, rest = lower.partition("-")
    region = rest.upper() if len(rest) == _REGION_LENGTH else rest
    return _FROM_THREE.get(first, first) + dash + region


def is_written_tag(written: str) -> bool:
    """Whether this is written as a tag or as a code of three letters, in any case of letters."""
    return _SHORT_TAG.fullmatch(written.lower().replace("_", "-")) is not None


def named_language(word: str) -> str:
    """Return the tag of a language by its name: its own, the English or the German one; or ""."""
    return _NAMED.get(unicodedata.normalize("NFC", word).lower(), "")


def without_own_region(tag: str) -> str:
    """Return `de` for `de-DE`: for viewers, these are one."""
    first, _, region = tag.partition("-")
    return first if region.lower() == first else tag


def code_of(tag: str) -> str:
    """Return the code of three letters that MP4 stores; "und" if there is none."""
    first = tag.partition("-")[0]
    code = _TO_THREE.get(first, first)
    return code if _THREE.fullmatch(code) else UNKNOWN


def own_name(tag: str) -> str:
    """Return the name of a language in that language; "" if it is unknown."""
    return _OWN_NAMES.get(tag.partition("-")[0], "")
