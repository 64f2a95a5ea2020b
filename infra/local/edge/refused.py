"""CloudFront's answers to refused requests."""

from html import escape


class Refused(Exception):
    """A refusal with CloudFront's own code and message."""

    def __init__(self, code: str, message: str, *, status: int = 403) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status

    @property
    def xml(self) -> bytes:
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f"<Error><Code>{self.code}</Code><Message>{escape(self.message)}</Message></Error>"
        ).encode()


def missing(parameter: str) -> Refused:
    return Refused("MissingKey", f"Missing {parameter} query parameter or cookie value")


def unknown_key() -> Refused:
    return Refused("InvalidKey", "Unknown Key")


def malformed() -> Refused:
    return Refused("MalformedPolicy", "Malformed Policy")


def denied() -> Refused:
    return Refused("AccessDenied", "Access denied")


def not_found() -> Refused:
    return Refused("NoSuchKey", "The specified key does not exist.", status=404)
