"""Base classes of all expected errors.

DomainError
├── InvalidInput      the request is not valid
├── Unauthenticated   the caller is not authenticated
├── Forbidden         the caller is authenticated but not allowed
├── NotFound          the named object does not exist
├── Conflict          the object exists already, or has changed
├── TooManyRequests   the caller is over its limit and has to wait
└── Unavailable       a dependency does not answer

Features subclass these seven; only `api/` knows about HTTP status codes.
"""

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """An expected error a client can act on; its text never repeats input of the client."""

    code = "error"
    # Default text of errors of this class.
    sentence = ""

    def __init__(self, text: str = "") -> None:
        super().__init__(text or self.sentence)

    @property
    def text(self) -> str:
        """The text as a translatable object; `str()` would return a plain string."""
        text: str = self.args[0]
        return text


class InvalidInput(DomainError):
    """Holds one message for the whole request, or messages by field."""

    code = "invalid_input"

    def __init__(
        self, message: str = "", *, fields: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})


class Unauthenticated(DomainError):
    code = "unauthenticated"


class Forbidden(DomainError):
    code = "forbidden"


class NotFound(DomainError):
    code = "not_found"


class Conflict(DomainError):
    code = "conflict"


class Unavailable(DomainError):
    code = "unavailable"


class TooManyRequests(DomainError):
    code = "too_many_requests"

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
