"""Every reason has its sentence, and a detail follows it."""

from collections.abc import Mapping

import pytest

from chalicelib.catalogue.model import Failure
from chalicelib.encoding.failures import SENTENCES, Finding, Reason, failure

# Where nothing is to be done, and why.
WITHOUT_NEXT_STEP: Mapping[Reason, str] = {
    Reason.CANCELLED: "it ended because an administrator, or a newer source, ended it",
}
# What an operator can change, by the reason that names it.
SETTINGS: Mapping[Reason, tuple[str, ...]] = {
    Reason.TOO_LONG: ("LONGEST_SOURCE_SECONDS",),
    Reason.TOO_LARGE: ("LARGEST_SOURCE_BYTES",),
    Reason.TOO_MANY_PIXELS: ("LARGEST_LONG_SIDE", "LARGEST_SHORT_SIDE"),
    Reason.TOO_MANY_STREAMS: ("MOST_STREAMS",),
    Reason.TOO_COSTLY: ("MOST_CPU_SECONDS", "MOST_DOLLARS"),
    Reason.TOO_MUCH_MEMORY: ("MEMORY_LIMIT",),
}


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence_of_its_own(reason: Reason) -> None:
    assert SENTENCES[reason].endswith(".")
    assert list(SENTENCES.values()).count(SENTENCES[reason]) == 1


@pytest.mark.parametrize("reason", Reason)
def test_every_sentence_says_what_to_do_next(reason: Reason) -> None:
    assert ("please " in SENTENCES[reason].lower()) is (reason not in WITHOUT_NEXT_STEP)


@pytest.mark.parametrize(("reason", "names"), SETTINGS.items())
def test_a_limit_is_named_by_its_setting(reason: Reason, names: tuple[str, ...]) -> None:
    assert [name for name in names if name not in SENTENCES[reason]] == []


@pytest.mark.parametrize("finding", [Finding.SEVERAL, Finding.APART, Finding.GAP])
def test_what_can_be_read_is_not_said_to_be_none(finding: Finding) -> None:
    assert failure(Reason.UNSUPPORTED_FORMAT, finding) == Failure("unsupported_format", finding)


def test_a_detail_follows_the_sentence() -> None:
    said = "This file is not a video: please choose another file."
    assert failure(Reason.NOT_VIDEO) == Failure("not_video", said)
    assert failure(Reason.NOT_VIDEO, Finding.STILL) == Failure(
        "not_video", f"{said} It is a still picture."
    )
