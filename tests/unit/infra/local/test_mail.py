"""`make mail` takes one address or none."""

import pytest

from infra.local.mail import address
from infra.terminal import Refusal


@pytest.mark.parametrize(("arguments", "expected"), [([], ""), (["ada@x.org"], "ada@x.org")])
def test_one_address_or_none_is_accepted(arguments: list[str], expected: str) -> None:
    assert address(arguments) == expected


def test_two_addresses_are_refused() -> None:
    with pytest.raises(Refusal, match=r"^It is called as in: make mail TO=ada@example\.com, or"):
        address(["ada@x.org", "bob@x.org"])
