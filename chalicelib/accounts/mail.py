"""Mail requests on the mail queue, and mails ready to be rendered."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from chalicelib.accounts.visitor import Visitor
from chalicelib.language import Language


class MailKind(StrEnum):
    SIGN_UP = "sign_up"
    SIGN_IN_REFUSED = "sign_in_refused"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a mail
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a mail
    RESEND_ACTIVATION = "resend_activation"
    EMAIL_CHANGE = "email_change"
    EMAIL_CHANGE_NOTICE = "email_change_notice"
    EMAIL_RESET = "email_reset"


class UnreadableMailRequest(Exception):
    """A message on the mail queue is not a mail request."""


@dataclass(frozen=True, slots=True)
class MailRequest:
    """A request for one mail; secrets are created later, so that no queue ever holds one."""

    kind: MailKind
    email: str
    language: Language
    dialect: str
    # State of the sign-up that the mail is about; see `links.state_of`.
    state: str = ""
    # The allowed origin of the page that called, if any; see `Visitor`.
    origin: str = ""
    version: int = 1

    @classmethod
    def by(cls, visitor: Visitor, kind: MailKind, email: str, *, state: str = "") -> Self:
        """Return the request that follows from a visitor's call."""
        return cls(kind, email, visitor.language, visitor.dialect, state, visitor.origin)

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        try:
            fields: dict[str, Any] = json.loads(text)
            return cls(
                kind=MailKind(fields["kind"]),
                email=_text(fields["email"]),
                language=Language(fields["language"]),
                dialect=_text(fields["dialect"]),
                state=_text(fields["state"]),
                origin=_text(fields.get("origin", "")),
                version=int(fields["version"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableMailRequest(f"not a mail request: {type(error).__name__}") from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


class MailTemplate(StrEnum):
    """A mail with texts of its own: a folder of `templates/`."""

    ACTIVATION = "activation"
    ACTIVATION_AGAIN = "activation_again"
    CHOOSE_PASSWORD = "choose_password"  # noqa: S105 - the name of a mail
    ACCOUNT_EXISTS = "account_exists"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a mail
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a mail
    EMAIL_CHANGE = "email_change"
    EMAIL_CHANGE_NOTICE = "email_change_notice"
    EMAIL_RESET = "email_reset"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail ready to be rendered: a template and its values."""

    template: MailTemplate
    to: str
    language: Language
    link: str = ""
    name: str = ""
