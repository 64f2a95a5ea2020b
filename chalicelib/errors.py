"""What can go wrong, in the language of the product.

DomainError
├── InvalidInput      the caller sent something we cannot accept
├── Unauthenticated   we do not know who is calling
├── Forbidden         we know, and the answer is no
├── NotFound          the thing named does not exist
├── Conflict          the thing exists already, or has moved on
├── TooManyRequests   the caller has to wait
└── Unavailable       something we depend on does not answer

Features subclass these seven; only `api/` knows about HTTP status codes.
"""

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """An expected failure a client can act on; its text never repeats what the client sent."""

    code = "error"
    # What is said of a kind that needs no other words each time.
    sentence = ""

    def __init__(self, text: str = "") -> None:
        super().__init__(text or self.sentence)

    @property
    def text(self) -> str:
        """What was said, as the object that can be translated; `str()` makes a bare one."""
        text: str = self.args[0]
        return text


class InvalidInput(DomainError):
    """Says what is wrong as a whole, or field by field."""

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
