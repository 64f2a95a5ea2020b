"""A mailer that keeps every mail, or refuses them all."""

from dataclasses import dataclass, field

from chalicelib.accounts.mail import Mail


class MailRefused(Exception):
    """An outage of the mail service."""


@dataclass(slots=True)
class InMemoryMailer:
    mails: list[Mail] = field(default_factory=list)
    is_accepting: bool = True

    def send(self, mail: Mail) -> None:
        if not self.is_accepting:
            raise MailRefused
        self.mails.append(mail)
