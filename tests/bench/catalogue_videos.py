"""Generated videos for catalogues of any size: texts in two languages, people, categories.

Words follow Zipf's law, as in languages: some are in most texts, and most in hardly any. The same
number always makes the same videos.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

from chalicelib.catalogue.model import (
    Card,
    CompleteMedia,
    EncodeStatus,
    EncodeSummary,
    Revision,
    Translation,
    Video,
    VideoId,
)
from chalicelib.clock import id_at
from chalicelib.language import Language

_FIRST = datetime(2025, 1, 1, tzinfo=UTC)
_BETWEEN = timedelta(seconds=20)
_MEDIA = CompleteMedia(Revision(1), 5400.0, (1080, 720, 360))
_DONE = EncodeSummary(Revision(1), EncodeStatus.COMPLETED, 100, is_playable=True)
_ONSETS = "b br d dr f fl g gr h k kl l m n p pl r s sch sp st t tr v w z th sh ch"
_VOWELS = "a e i o u ä ö ü ei au ie ea oo"
_CODAS = ("", "", "", "n", "r", "l", "s", "t", "m", "ng", "st", "ck")
_COMMON = {
    Language.ENGLISH: "the of and a to in is it that his her with for on as by at from who",
    Language.GERMAN: "der die und das in ein eine zu mit von den im auf für sich des",
}
_WORDS = 60_000
_DESCRIBED_BY = 20
_CATEGORIES = 40
_PEOPLE = 20_000
_TAGS = 300
_CAST, _TAGGED = 5, 4
_ARE_RATED = 0.9
_RATINGS = (0, 6, 12, 16, 18)


class _Vocabulary:
    def __init__(self, language: Language, size: int) -> None:
        source = Random(language.value)  # noqa: S311 - test data
        words = dict.fromkeys(_COMMON[language].split())
        while len(words) < size:
            words[_word(source)] = None
        self.words = list(words)
        self._weights = list(accumulate(1 / rank for rank in range(1, size + 1)))

    def text(self, source: Random, words: int) -> str:
        return " ".join(source.choices(self.words, cum_weights=self._weights, k=words))


def videos(number: int, *, after: int = 0) -> Iterator[Video]:
    """Make so many videos, each younger than those before it; skip the first `after`."""
    source = Random(after)  # noqa: S311 - test data
    vocabularies = {each: _Vocabulary(each, _WORDS) for each in Language}
    people = _people()
    for index in range(after, after + number):
        at = _FIRST + index * _BETWEEN
        english, german = (
            (_text(vocabularies[each], source), vocabularies[each].text(source, _DESCRIBED_BY))
            for each in (Language.ENGLISH, Language.GERMAN)
        )
        card = Card(
            english[0],
            english[1],
            category=f"Category {source.randrange(_CATEGORIES)}",
            director=source.choice(people),
            cast=tuple(source.sample(people, _CAST)),
            tags=tuple(f"Tag {each}" for each in source.sample(range(_TAGS), _TAGGED)),
            genre=f"Genre {source.randrange(_CATEGORIES)}",
            age_rating=source.choice(_RATINGS) if source.random() < _ARE_RATED else None,
            translations={Language.GERMAN: Translation(*german)},
        )
        yield Video(
            VideoId(id_at(at, entropy=index)), card, at, at, True, encode=_DONE, media=_MEDIA
        )


def _text(vocabulary: _Vocabulary, source: Random) -> str:
    return vocabulary.text(source, source.randint(1, 5)).title()


def _people() -> Sequence[str]:
    source = Random("people")  # noqa: S311 - test data
    return [f"{_word(source)} {_word(source)}".title() for _ in range(_PEOPLE)]


def _word(source: Random) -> str:
    onsets, vowels = _ONSETS.split(), _VOWELS.split()
    syllables = source.choice((1, 2, 2, 3, 3, 4))
    return "".join(
        source.choice(onsets) + source.choice(vowels) + source.choice(_CODAS)
        for _ in range(syllables)
    )
