"""Rules for names of categories and titles of videos, and comparison of names."""

import re
import unicodedata

# Soft hyphens, fillers, spaces without width, marks and overrides of direction, annotations.
_UNSEEN = (
    "\u00ad\u061c\u115f\u1160\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff"
    "\uffa0\ufff0-\ufffb"
)
_TAGS = "\U000e0000-\U000e007f"
_JOINERS = "\u180e\u200c\u200d"
# Variation selectors of the character before them.
_VARIATIONS = "\u034f\ufe00-\ufe0f\U000e0100-\U000e01ef"
# Tags after a black flag make flags such as that of Scotland.
_FLAG_OR_UNSEEN = re.compile(f"(\U0001f3f4[{_TAGS}]+)|[{_UNSEEN}{_TAGS}]")
# Arabic, Indic and other scripts need joiners after letters, and emoji after each of them.
_IDLE_JOINER = re.compile(
    f"(?<![\u0590-\u180d\u180f-\u1dff\u2600-\u27bf\u2e80-\ufe0f\U00010000-\U000e01ef])[{_JOINERS}]"
)
_NOT_COMPARED = re.compile(f"[{_UNSEEN}{_TAGS}{_JOINERS}{_VARIATIONS}]")


def one_line(text: str) -> str:
    """Return the text in one line, without invisible characters and changes of direction."""
    seen = _FLAG_OR_UNSEEN.sub(r"\1", text)
    spaced = (" " if unicodedata.category(each) == "Cc" else each for each in seen)
    # No joiner may follow a space.
    joined = " ".join("".join(spaced).split())
    return " ".join(_IDLE_JOINER.sub("", joined).split())


def is_blank(text: str) -> bool:
    """Return whether no character of it is visible."""
    return not folded(text).strip()


def joined_by_hyphens(text: str) -> str:
    """Return its words with hyphens between them."""
    return "-".join(re.findall(r"[^\W_]+", text))


def folded(text: str) -> str:
    """Return one spelling for all texts that look alike, for comparison."""
    return unicodedata.normalize("NFKC", _NOT_COMPARED.sub("", text)).casefold()
