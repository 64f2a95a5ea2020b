"""A postman who keeps every letter, or refuses them all."""

from dataclasses import dataclass, field

from chalicelib.accounts.mail import Letter


class LetterRefused(Exception):
    """What an outage of the mail service looks like."""


@dataclass(slots=True)
class InMemoryPostman:
    letters: list[Letter] = field(default_factory=list)
    is_accepting: bool = True

    def send(self, letter: Letter) -> None:
        if not self.is_accepting:
            raise LetterRefused
        self.letters.append(letter)
