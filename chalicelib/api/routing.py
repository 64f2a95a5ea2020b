"""Errors for unknown paths and methods, and matching of paths against route patterns."""

from collections.abc import Iterable

from chalicelib.errors import NotFound


class NoSuchPath(NotFound):
    code = "no_such_path"
    sentence = "There is nothing at this address."


class MethodNotAllowed(NotFound):
    """The path exists, but not with this method."""

    code = "method_not_allowed"
    sentence = "This address cannot be called that way."

    def __init__(self, method: str, allowed: Iterable[str]) -> None:
        super().__init__()
        self.method = method
        self.allowed = ", ".join(allowed)


def fits(pattern: str, path: str) -> bool:
    """Return whether a path matches a pattern such as `/video/{video_id}`."""
    names = path.removesuffix("/").split("/")
    expected = pattern.split("/")
    return len(names) == len(expected) and all(
        name == expected_name or (expected_name.startswith("{") and name)
        for name, expected_name in zip(names, expected, strict=True)
    )
