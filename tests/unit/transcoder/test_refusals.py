"""A refusal beyond a limit names the limit, as short as it can be said."""

import pytest

from chalicelib.encoding.failures import Reason
from transcoder.errors import Refused
from transcoder.refusals import too_large, too_long, too_many_pixels


@pytest.mark.parametrize(
    ("refused", "reason", "detail"),
    [
        (too_long(12 * 3600), Reason.TOO_LONG, "The limit is 720 min."),
        (too_long(90), Reason.TOO_LONG, "The limit is 1.5 min."),
        (too_large(50 * 10**9), Reason.TOO_LARGE, "The limit is 50 GB."),
        (too_large(1_500_000), Reason.TOO_LARGE, "The limit is 1.5 MB."),
        (too_many_pixels(8192, 4608), Reason.TOO_MANY_PIXELS, "The limit is 8192 by 4608 pixels."),
    ],
)
def test_a_refusal_names_the_limit(refused: Refused, reason: Reason, detail: str) -> None:
    assert (refused.reason, refused.detail) == (reason, detail)
