"""Password policy: length, common passwords and guessable patterns."""

import gzip
import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path

from chalicelib.accounts.model import WeakPassword
from chalicelib.language import Text

SHORTEST = 8

# 21,650 passwords of at least eight characters, and 24,580 words that begin shorter ones; see
# common_passwords.md for their origin.
_COMMON = Path(__file__).with_name("common_passwords.txt.gz")
# Words about the site, which attackers try first.
_OURS = ("videoflix", "netflix", "stream", "video", "movie", "flix", "film", "kino")
_SEASONS = ("spring", "summer", "autumn", "winter", "fruehling", "frühling", "sommer", "herbst")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december", "januar", "februar", "märz", "maerz", "mai", "juni"),
    *("juli", "oktober", "dezember"),
)
_DAYS = (
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    *("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
)
_CALENDAR = (*_SEASONS, *_MONTHS, *_DAYS)
# Least number of characters that no known word or pattern explains.
_UNEXPLAINED = 4
# A usual addition such as "123!" adds no strength; only longer ones count, from here on.
_USUAL_ADDITION = 4
_SHORTEST_WORD = 4
_LEET = str.maketrans("034578@$!", "oeastbasi")
_ONE_AS_L, _ONE_AS_I = str.maketrans("1", "l"), str.maketrans("1", "i")
_RUNS = re.compile(r"([^\W\d_]+)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_KEYS = ("01234567890123456789", "98765432109876543210")


def canonical_password(password: str) -> str:
    """Return the password in Unicode NFC, so that every keyboard yields the same bytes."""
    return unicodedata.normalize("NFC", password)


def require_strong(password: str, *, email: str, field: str = "password") -> str:
    """Return the canonical password; raise `WeakPassword` with every broken rule."""
    canonical = canonical_password(password)
    problems = [message for broken, message in _rules(canonical, email) if broken]
    if not problems and is_guessable(canonical.lower(), email=email, common=_common_passwords()):
        problems = ["This password is too easy to guess."]
    if problems:
        raise WeakPassword(fields={field: problems})
    return canonical


def _rules(password: str, email: str) -> tuple[tuple[bool, str], ...]:
    lowered = password.lower()
    return (
        (len(password) < SHORTEST, Text("Use at least {least} characters.", least=SHORTEST)),
        (
            len(password) >= SHORTEST and lowered in _common_passwords(),
            "This password is too common.",
        ),
        (password.isdecimal(), "Do not use digits only."),
        (len(set(lowered)) == 1, "Use more than one character."),
        (
            lowered in {email, email.partition("@")[0]},
            "Use something other than your e-mail address.",
        ),
    )


@cache
def _common_passwords() -> frozenset[str]:
    return frozenset(gzip.decompress(_COMMON.read_bytes()).decode("utf-8").split("\n"))


def is_guessable(password: str, *, email: str, common: Collection[str]) -> bool:
    """Return whether known words explain nearly all of a lower-case password."""
    context = sorted({*_OURS, *_CALENDAR, *_words_in(email)}, key=len, reverse=True)
    plain = password.translate(_LEET)
    forms = {password, plain.translate(_ONE_AS_L), plain.translate(_ONE_AS_I)}
    return any(_left_of(form, context, common) < _UNEXPLAINED for form in forms)


def _words_in(email: str) -> Iterable[str]:
    """Return the words of an e-mail address, without the top-level domain."""
    local, _, domain = email.partition("@")
    words = [email, local, *re.split(r"[\W_]+", local), *domain.split(".")[:-1]]
    return (word for word in words if len(word) >= _SHORTEST_WORD)


def _left_of(password: str, context: Iterable[str], common: Collection[str]) -> int:
    """Count the characters that no known word explains; all of them if no word matches."""
    rest = password
    for word in context:
        rest = rest.replace(word, " ")
    alternating = _RUNS.split(rest)
    runs = alternating[1::2]
    # Only one common word is free: several make a passphrase, which is strong.
    free = next((run for run in runs if len(run) >= _SHORTEST_WORD and run in common), "")
    if rest == password and not free:
        return len(password)
    unexplained = sum(map(len, runs)) - len(free)
    additions = sum(_strength(each) for each in alternating[::2])
    return unexplained + max(0, additions - _USUAL_ADDITION)


def _strength(addition: str) -> int:
    """Count digits and signs; a year, a repeated character or a row of keys counts as 0."""
    text = _YEAR.sub("", addition).strip()
    is_row = len(set(text)) == 1 or any(text in row for row in _KEYS)
    return 0 if is_row else len(text)
