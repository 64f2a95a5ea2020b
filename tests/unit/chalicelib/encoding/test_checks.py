"""Every check of a proof has a sentence of its own."""

from chalicelib.encoding.checks import TEXTS
from tests.builders.reports import finished
from transcoder.proof.rendered import playlists_are_right


def test_every_check_has_a_sentence_and_every_sentence_a_check() -> None:
    proof = finished().proof()
    checks = (*proof.checks, playlists_are_right(proof.asset, {}))
    assert sorted(check.name for check in checks) == sorted(TEXTS)


def test_every_text_is_a_sentence_of_its_own() -> None:
    assert all(text.endswith(".") for text in TEXTS.values())
    assert len(set(TEXTS.values())) == len(TEXTS)
