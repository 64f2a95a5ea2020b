"""Password policy: length, common passwords and guessable patterns."""

import gzip
import unicodedata
from functools import cache
from pathlib import Path

from chalicelib.accounts.guessable import is_guessable
from chalicelib.accounts.model import WeakPassword
from chalicelib.language import Text

SHORTEST = 8

# 21,650 passwords of at least eight characters, and 24,580 words that begin shorter ones; see
# common_passwords.md for their origin.
_COMMON = Path(__file__).with_name("common_passwords.txt.gz")


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
