"""`make mail` prints the mails of one address, or of all; never those of something it made up."""

import pytest

from infra.local.mail import address
from infra.refusal import Refusal


@pytest.mark.parametrize(("arguments", "expected"), [([], ""), (["ada@x.org"], "ada@x.org")])
def test_it_is_asked_for_one_address_or_for_none(arguments: list[str], expected: str) -> None:
    assert address(arguments) == expected


def test_two_addresses_are_not_glued_together() -> None:
    with pytest.raises(Refusal, match=r"^It is called as in: make mail TO=ada@example\.com, or"):
        address(["ada@x.org", "bob@x.org"])
