"""A mail queue that keeps every request."""

from dataclasses import dataclass, field

from chalicelib.accounts.mail import MailRequest


@dataclass(slots=True)
class InMemoryMailQueue:
    requests: list[MailRequest] = field(default_factory=list)

    def put(self, request: MailRequest) -> None:
        self.requests.append(request)
