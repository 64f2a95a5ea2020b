"""Of several programs in a transport stream, only the chosen one may change on the way."""

from pathlib import Path

import pytest

from tests.builders.plans import planned
from tests.media.gallery.catalogue import entry_of
from tests.media.gallery.files import make

_CHANGES = "Its streams change on the way; what follows is shown as one with what was before."


@pytest.mark.parametrize(
    ("name", "changes"), [("goes_on_elsewhere", True), ("another_goes_on_elsewhere", False)]
)
def test_tables_are_followed_if_the_chosen_program_changes(
    tmp_path: Path, name: str, *, changes: bool
) -> None:
    plan = planned(make(entry_of(name), tmp_path))
    assert (plan.picture.follows_tables, _CHANGES in plan.notes) == (changes, changes)
