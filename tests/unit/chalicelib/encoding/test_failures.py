"""Every reason has its sentence, and a detail follows it."""

import pytest

from chalicelib.catalogue.model import Failure
from chalicelib.encoding.failures import SENTENCES, Finding, Reason, failure


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence_of_its_own(reason: Reason) -> None:
    assert SENTENCES[reason].endswith(".")
    assert list(SENTENCES.values()).count(SENTENCES[reason]) == 1


def test_a_detail_follows_the_sentence() -> None:
    assert failure(Reason.NOT_VIDEO) == Failure("not_video", "This file is not a video.")
    assert failure(Reason.NOT_VIDEO, Finding.STILL) == Failure(
        "not_video", "This file is not a video. It is a still picture."
    )
