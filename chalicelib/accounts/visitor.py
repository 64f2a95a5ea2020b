"""Who is knocking, before we know their name."""

from dataclasses import dataclass

from chalicelib.language import Language


@dataclass(frozen=True, slots=True)
class Visitor:
    address: str
    agent: str
    language: Language
    dialect: str
    # Proof that somebody signed in from this browser before, as far as it brought one.
    device_token: str = ""
