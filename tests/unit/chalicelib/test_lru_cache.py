"""A cache keeps so many entries, and loses the one that was not used for longest."""

from chalicelib.lru_cache import LruCache


def test_the_least_recently_used_entry_is_lost() -> None:
    cache = LruCache[str, int](at_most=2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") == 1
    cache.put("c", 3)
    assert [cache.get(key) for key in "abc"] == [1, None, 3]


def test_an_entry_that_is_put_again_replaces_itself_alone() -> None:
    cache = LruCache[str, int](at_most=2)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.put("a", 3)
    cache.put("c", 4)
    assert [cache.get(key) for key in "abc"] == [3, None, 4]
