"""Rendering of mails: templates with their values, as text and as HTML."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

from chalicelib.accounts.mail import Mail

# The same path in the repository and, through vendor/templates, in the Lambda zip.
MAILS_FOLDER = Path(__file__).parents[2] / "templates"

_LONGEST_NAME = 40
_COULD_ADVERTISE = re.compile(r"[\d/\\:@<>]|\.\S")


@dataclass(frozen=True, slots=True)
class RenderedMail:
    subject: str
    text: str
    html: str


def render(mail: Mail) -> RenderedMail:
    folder = f"{mail.template}/{mail.language}"
    values = {"name": _after_the_greeting(mail.name), "to": mail.to, "link": mail.link}
    subject = " ".join(_template(f"{folder}/subject.txt").substitute(values).split())
    return RenderedMail(
        subject=subject,
        text=_template(f"{folder}/body.txt").substitute(values),
        html=_html(folder, {**values, "language": mail.language, "subject": subject}),
    )


def _html(folder: str, values: Mapping[str, str]) -> str:
    from html import escape

    words, content = _body(f"{folder}/body.html")
    safe = {key: escape(value) for key, value in values.items()}
    button = _template("button.html").substitute(safe, action=words.get("action", ""))
    return _template("layout.html").substitute(
        safe, preview=words["preview"], content=content.substitute(safe, button=button)
    )


def _after_the_greeting(name: str) -> str:
    """Return the name after a space, or nothing, for "Hi$name,"."""
    name = " ".join(name.split())
    # Anyone may sign up with a victim's address and choose any name for the mail.
    if len(name) > _LONGEST_NAME or not name.isprintable() or _COULD_ADVERTISE.search(name):
        return ""
    return f" {name}" if name else ""


@cache
def _body(path: str) -> tuple[Mapping[str, str], Template]:
    """Split off the lines above the first empty one, which are values of the page."""
    head, _, content = _read(path).partition("\n\n")
    return dict(line.split(": ", 1) for line in head.splitlines()), Template(content)


@cache
def _template(path: str) -> Template:
    return Template(_read(path))


def _read(path: str) -> str:
    return (MAILS_FOLDER / path).read_text(encoding="utf-8")
