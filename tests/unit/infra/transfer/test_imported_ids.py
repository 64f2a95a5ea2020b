"""Imported objects are known by their keys, whatever these are; a key of two means neither."""

from collections.abc import Iterator

import pytest

from infra.transfer.imported_ids import ImportedIds


@pytest.fixture
def ids() -> Iterator[ImportedIds]:
    with ImportedIds() as ids:
        yield ids


@pytest.mark.parametrize("key", [7, "7", ["ada@example.com"], "\ud800", None])
def test_an_id_is_known_by_its_key_and_kind(ids: ImportedIds, key: object) -> None:
    assert ids.of("users", key) is None
    ids.note("users", key, 2**53 - 1)
    assert ids.of("users", key) == 2**53 - 1
    assert ids.of("videos", key) is None
    assert ids.of("users", 8) is None


def test_a_number_and_its_text_are_two_keys(ids: ImportedIds) -> None:
    ids.note("users", 7, 1)
    assert ids.of("users", "7") is None


@pytest.mark.parametrize(("first", "second"), [(1, 2), (1, None), (None, 1)])
def test_a_key_of_two_objects_means_neither(
    ids: ImportedIds, first: int | None, second: int | None
) -> None:
    for object_id in (first, second, first):
        ids.note("users", 7, object_id)
    assert ids.of("users", 7) is None


def test_a_key_that_is_noted_twice_for_one_object_means_it(ids: ImportedIds) -> None:
    ids.note("users", 7, 1)
    ids.note("users", 7, 1)
    assert ids.of("users", 7) == 1
