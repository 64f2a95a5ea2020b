"""What the words in the name of a sidecar file say: `tape.de.forced.srt`, in any order and case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.catalogue.language_tags import UNKNOWN, is_written_tag, named_language, tag_of

_FORCED, _DEAF = "forced", "sdh"
_KINDS: Mapping[str, str] = {"forced": _FORCED, "sdh": _DEAF, "cc": _DEAF, "hi": _DEAF}
_HINDI = "hi"  # unless the name has another language


@dataclass(frozen=True, slots=True, order=True)
class Meaning:
    language: str = UNKNOWN
    is_forced: bool = False
    is_for_deaf: bool = False

    @property
    def words(self) -> str:
        """Return the words of a name that says so."""
        kinds = [_FORCED] * self.is_forced + [_DEAF] * self.is_for_deaf
        return ".".join([self.language, *kinds])


def meaning_of(words: Sequence[str]) -> Meaning | None:
    """Return what all of the words between stem and extension say; None if that is nothing."""
    lower = [word.lower() for word in words]
    languages = [word for word in lower if word not in _KINDS]
    if not languages and _HINDI in lower:
        languages = [_HINDI]
    kinds = {_KINDS[word] for word in lower if word in _KINDS and word not in languages}
    if len(languages) > 1 or not all(map(_is_language, languages)):
        return None
    language = _tag(languages[0]) if languages else UNKNOWN
    return Meaning(language, _FORCED in kinds, _DEAF in kinds)


def parted(stem: str) -> tuple[str, str]:
    """Part the stem of a name: that of its video, and the last word of this that is not read."""
    video, *words = stem.split(".")
    counts = range(len(words), 0, -1)
    read = next((n for n in counts if meaning_of(words[-n:]) is not None), 0)
    before = words[: len(words) - read]
    return ".".join([video, *before]), before[-1] if before else ""


def _is_language(word: str) -> bool:
    return bool(named_language(word)) or is_written_tag(word)


def _tag(word: str) -> str:
    return named_language(word) or tag_of(word)
