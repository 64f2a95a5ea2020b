"""Nothing that meets a text from outside can be made to work much longer than it reads.

Each regular expression is read from the source, so a new one is tried from its first day; the texts
to try it with are derived from it. What else takes such texts apart is named below.
"""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from chalicelib.accounts.model import canonical_email
from chalicelib.accounts.password_policy import require_strong
from chalicelib.accounts.session import OpaqueToken
from chalicelib.api import content, cookies
from chalicelib.api.core.passwords import NewPassword
from chalicelib.api.core.registration import SignUp
from chalicelib.api.filling import fill
from chalicelib.api.reply import Prerendered
from chalicelib.api.report_values import translated_values
from chalicelib.api.request import _language, _network, whole_number
from chalicelib.catalogue import names, spelling
from chalicelib.catalogue.model import slug_of
from chalicelib.catalogue.search import LONGEST_QUERY
from chalicelib.errors import DomainError
from chalicelib.ingest import source_keys
from chalicelib.language import Language
from chalicelib.playback import renditions
from infra.local.edge import file_answer, objects, signed_urls
from infra.local.edge.signed_urls import EdgeRefusal, _decoded
from tests.architecture.patterns import METHODS, Use, oddities_in, uses_in
from tests.architecture.pumping import attacks
from tests.cpu import cpu_seconds, seconds_to_read
from transcoder.ffmpeg.hearing import Hearing
from transcoder.ffmpeg.log import Observer
from transcoder.ffmpeg.phases import Log
from transcoder.outputs import webvtt
from transcoder.proof import playlists

CHARACTERS = 10_000
# In loops of Python over the text. A matcher that starts over at every character needs hundreds.
MOST_READS = 60
# What is written in Python does more for each line or word; starting over would take thousands.
MOST_READS_IN_PYTHON = 400
PACKAGES = ("chalicelib", "transcoder", "infra/local/edge")
SOURCES = [path for package in PACKAGES for path in sorted(Path(package).rglob("*.py"))]
USES = uses_in(SOURCES)
# They search a text alike.
_SEARCHES_ALL = frozenset({"sub", "subn", "finditer", "findall"})
TRIED = {
    (each.pattern, "all" if each.method in _SEARCHES_ALL else each.method): each for each in USES
}

# A boundary each, or a bracket, or what a normalisation makes long or slow.
PUMPS = (
    "a", "1", " ", "\0", "\n", "a ", ".", "a.", "-", "=", "=?", "a=", "a=b,", 'A="', "A=a", ";",
    "a=b; ", ",", "/", "\\", "%", "%2e", "&#9", "&lt;", "<a", "</", "{\\", "[", "{", '{"a":',
    "--> ",
    "00:01.000 --> 00:02.000\n", "1\n", "\r", "*", "W/", "::", "1 frames decoded; ",
    "\N{DOUBLE QUESTION MARK}", "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}",
    "\N{COMBINING GRAVE ACCENT}", "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}",
)  # fmt: skip
# Each of the second half has to be sorted past all of the first.
ACCENTS = "\N{COMBINING GREEK YPOGEGRAMMENI}" * 5000 + "\N{COMBINING GRAVE ACCENT}" * 5000
HOSTILE = [ACCENTS, "a" + ACCENTS[1:], *((pump * CHARACTERS)[:CHARACTERS] for pump in PUMPS)]


def in_json(form: type, *names: str) -> Callable[[str], object]:
    def read(text: str) -> object:
        sent = json.dumps(dict.fromkeys(names, text))
        return fill(form, content.read(sent, content.JSON).fields)

    return read


READERS: dict[str, Callable[[str], object]] = {
    "an e-mail address": canonical_email,
    "an e-mail address in JSON": in_json(SignUp, "email", "password", "confirmed_password"),
    "a new password": in_json(NewPassword, "new_password", "confirm_password"),
    "a password of the longest": lambda text: require_strong(text[:1024], email="a@example.com"),
    "JSON": lambda text: content.read(text, content.JSON),
    "a form": lambda text: content.read(text, content.FORM),
    "a multipart form": lambda text: content.read(text, "multipart/form-data; boundary=a"),
    "the head of a part": lambda text: content.read(
        f"--b\r\n{text}\r\n\r\nx\r\n--b--", "multipart/form-data; boundary=b"
    ),
    "a boundary": lambda text: content.read("x", f"multipart/form-data; {text}"),
    "cookies": cookies.read,
    "an address": _network.__wrapped__,
    "languages": _language.__wrapped__,
    "a fault of a check": lambda text: translated_values(text, Language.GERMAN),
    "a number": lambda text: whole_number(text, largest=10**15),
    "validators": lambda text: Prerendered("", '"x"').is_known(text),
    "a refresh token": OpaqueToken.parse,
    "a category": slug_of,
    "words of a search": lambda text: spelling.words_in(text[:LONGEST_QUERY]),
    "words with hyphens": spelling.hyphenated,
    "umlauts": spelling.with_umlauts,
    "a name": names.one_line,
    "the name of a file": lambda text: source_keys.title_from(text[:1000]),
    "the key of an upload": lambda text: source_keys.read_key(f"inbox/{text[:1000]}"),
    "the name of a playlist": renditions.parse,
    "subtitles": webvtt.parsed,
    "a cue": lambda text: webvtt.parsed(f"00:01.000 --> 00:02.000\n{text}\n"),
    "the log of FFmpeg": lambda text: Log(Observer()).read_line(text),
    "the words of FFmpeg": lambda text: Observer(1).read_line(text),
    "its words about sound": lambda text: Hearing().read_line(text),
    "a multivariant playlist": lambda text: playlists.faults_of_multivariant(
        f"#EXTM3U\n#EXT-X-MEDIA:{text}"
    ),
    "a media playlist": lambda text: playlists.faults_of_media(f"#EXTM3U\n{text}"),
    "the path of an object": objects.key_in,
    "a range": lambda text: file_answer.parse(text, 100),
    "a signature": _decoded,
}
RESOURCES = ["*", "*a", "a*", "*?", "?", "*" + "?" * 5000, "*a" * 2500 + "b", "a*" * 2500 + "b"]


def worst(use: Use) -> tuple[float, str]:
    """Return how often the worst text is read; only one that seems bad is measured again."""
    apply, once = applied(use), seconds_to_read(CHARACTERS)
    worst_of_all = (0.0, "")
    for text in attacks(use.known, CHARACTERS):
        attack = partial(apply, text)
        reads = cpu_seconds(attack, tries=1) / once
        if reads >= MOST_READS:
            reads = cpu_seconds(attack) / once
        worst_of_all = max(worst_of_all, (reads, text))
    return worst_of_all


def applied(use: Use) -> Callable[[str], object]:
    if use.method in ("sub", "subn"):
        return lambda text: use.known.sub("", text)
    if isinstance(use.known.pattern, bytes):
        return lambda text: list(use.known.finditer(text.encode()))
    if use.method == "finditer":
        return lambda text: list(use.known.finditer(text))
    apply: Callable[[str], object] = getattr(use.known, use.method)
    return apply


@pytest.mark.parametrize("use", TRIED.values(), ids=str)
def test_a_pattern_reads_a_text_about_once(use: Use) -> None:
    assert use.pattern, "a pattern that is made while the program runs cannot be tried"
    assert use.method in METHODS, "nothing is known about how it is applied"
    reads, text = worst(use)
    assert reads < MOST_READS, f"{text[:40]!a} … {text[-5:]!a}"


def test_every_pattern_is_recognized() -> None:
    assert oddities_in(SOURCES) == []
    assert {"chalicelib.accounts.model._EMAIL fullmatch", "transcoder.outputs.markup._TAG sub"} <= {
        str(use) for use in USES
    }


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"=\?.*\?.*\?.*\?=", "search"),  # of addresses, as it was
        (r"(\d+) frames decoded", "search"),
        (r"([A-Z-]+)=", "finditer"),
        (r"(a+)+b", "match"),
        (r"(a|a)*b", "match"),
        (r"(?:\w+\s?)*:", "fullmatch"),
        (r"\s+$", "sub"),
        (r"(.*),(.*),(.*);", "match"),
        (r"<!--.*?-->", "findall"),
        (r"^(([a-z])+.)+[A-Z]([a-z])+$", "match"),
    ],
)
def test_a_pattern_that_starts_over_is_noticed(pattern: str, method: str) -> None:
    bound = MOST_READS * seconds_to_read(CHARACTERS)
    use = Use("here", method, re.compile(pattern))
    tried = (
        cpu_seconds(partial(applied(use), text), longest_seconds=0.2)
        for text in attacks(use.known, CHARACTERS)
    )
    assert any(seconds > bound for seconds in tried)


@pytest.mark.parametrize("reader", READERS)
def test_what_takes_a_text_apart_reads_it_about_once(reader: str) -> None:
    def read(text: str) -> None:
        with suppress(DomainError, EdgeRefusal):
            READERS[reader](text)

    seconds, text = max((cpu_seconds(partial(read, text)), text) for text in HOSTILE)
    assert seconds / seconds_to_read(CHARACTERS) < MOST_READS_IN_PYTHON, ascii(text[:20])


@pytest.mark.parametrize("resource", RESOURCES)
def test_wildcards_of_a_policy_are_tried_once(resource: str) -> None:
    half = (resource * 5000)[:5000]
    seconds = cpu_seconds(lambda: signed_urls._matches(half, "a" * 5000))
    assert seconds / seconds_to_read(CHARACTERS) < MOST_READS
