"""The one way to say that media cannot be made of a file."""

from chalicelib.encoding.model import Reason


class Refused(Exception):
    """Trying again would not help; the reason is for people."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.detail = detail
