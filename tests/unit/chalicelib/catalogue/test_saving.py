"""When a copy of the catalogue is saved for other processes."""

import pytest

from chalicelib.catalogue import saving
from chalicelib.catalogue.saving import RENEW_AFTER, CopySaving
from tests.builders.catalogue import FakeCatalogue


@pytest.fixture
def copy_saving(catalogue: FakeCatalogue, monkeypatch: pytest.MonkeyPatch) -> CopySaving:
    monkeypatch.setattr(saving, "FEW_VIDEOS", 2)
    _, cache, _ = catalogue.process()
    return CopySaving(cache, cache.copies, catalogue.clock)


def put(catalogue: FakeCatalogue, *titles: str) -> None:
    for title in titles:
        catalogue.put(title)


def test_a_small_catalogue_needs_no_copy(catalogue: FakeCatalogue, copy_saving: CopySaving) -> None:
    put(catalogue, "one", "two")
    assert not copy_saving.run()
    assert copy_saving.copies.saved_at() is None


def test_a_large_one_is_saved_once_and_again_after_a_change(
    catalogue: FakeCatalogue, copy_saving: CopySaving
) -> None:
    put(catalogue, "one", "two", "three")
    catalogue.clock.advance(seconds=1)
    assert copy_saving.run()
    assert copy_saving.copies.saved_at() == catalogue.clock.now()
    catalogue.clock.advance(hours=1)
    assert not copy_saving.run()
    put(catalogue, "four")
    catalogue.clock.advance(hours=1)
    assert copy_saving.run()


def test_a_copy_of_what_does_not_change_is_renewed_before_it_is_too_old(
    catalogue: FakeCatalogue, copy_saving: CopySaving
) -> None:
    put(catalogue, "one", "two", "three")
    catalogue.clock.advance(seconds=1)
    assert copy_saving.run()
    catalogue.clock.advance(seconds=RENEW_AFTER.total_seconds())
    assert copy_saving.run()
