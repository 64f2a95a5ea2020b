"""What is known about a caller before authentication."""

from dataclasses import dataclass

from chalicelib.language import Language


@dataclass(frozen=True, slots=True)
class Visitor:
    address: str
    agent: str
    language: Language
    dialect: str
    # Proves an earlier sign-in from this browser; empty if none was sent.
    device_token: str = ""
    # The origin of the calling page if it may call the API, else empty.
    origin: str = ""
