"""A mail queue that keeps every order."""

from dataclasses import dataclass, field

from chalicelib.accounts.mail import MailOrder


@dataclass(slots=True)
class InMemoryMailQueue:
    orders: list[MailOrder] = field(default_factory=list)

    def put(self, order: MailOrder) -> None:
        self.orders.append(order)
