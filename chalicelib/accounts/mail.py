"""Mails ready to be rendered."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.language import Language


class Template(StrEnum):
    """The folders of `templates/`."""

    ACTIVATION = "activation"
    ACTIVATION_AGAIN = "activation_again"
    CHOOSE_PASSWORD = "choose_password"  # noqa: S105 - the name of a mail
    ACCOUNT_EXISTS = "account_exists"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a mail
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a mail


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail ready to be rendered: a template and its values."""

    template: Template
    to: str
    language: Language
    link: str = ""
    name: str = ""
