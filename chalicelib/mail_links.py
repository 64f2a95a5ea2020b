"""Where the links of mails lead: to the page that called, as a table of the settings says."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from string import Formatter
from typing import Self
from urllib.parse import quote

DIALECTS = ("official", "prefixed", "authemail", "djoser")
ANY_ORIGIN = "*"
_COLUMNS = "dialects, origins, activation link, reset link"
_END_OF_ROW = re.compile(r";(?:\s+|$)")
_ORIGIN = re.compile(r"\*|[a-z][a-z0-9+.-]*://[^/\s]+")
# A path is one of the calling page's origin.
_LINK = re.compile(r"/.*|[a-z][a-z0-9+.-]*:.+")


class BadMailLinks(ValueError):
    """A table or a link of mails is not written as it must be."""


@dataclass(frozen=True, slots=True)
class MailLinks:
    """URL templates of the links in mails, with `{uid}` and `{token}`."""

    activation: str
    reset: str
    # To choose another address; empty for a frontend without such a page.
    new_email: str = ""

    def at(self, origin: str) -> "MailLinks":
        """Return the templates of the page at this origin."""
        every = (self.activation, self.reset, self.new_email)
        return MailLinks(*(_absolute(each, origin) for each in every))


@dataclass(frozen=True, slots=True)
class MailLinkTable:
    page_url: str
    # By dialect and origin, or `ANY_ORIGIN` for each allowed one that has no row.
    rows: Mapping[tuple[str, str], MailLinks]

    @classmethod
    def parse(cls, text: str, *, page_url: str, official: MailLinks) -> Self:
        """Return the table of a text; raise `BadMailLinks`.

        `official` has the links of all other pages of the official frontend, each of which may be
        empty.
        """
        own = _links_to(page_url)
        filled = MailLinks(
            official.activation or own.activation, official.reset or own.reset, own.new_email
        )
        others = {(dialect, ANY_ORIGIN): filled for dialect in ("official", "prefixed")}
        return cls(page_url, {**others, **rows_of(text)})

    def links(self, dialect: str, origin: str) -> MailLinks:
        """Return the links for a caller; without an allowed page, those to our own page."""
        links = self.rows.get((dialect, origin))
        if links is None and origin not in ("", self.page_url):
            links = self.rows.get((dialect, ANY_ORIGIN))
        own = _links_to(self.page_url)
        if links is None:
            return own
        return replace(links.at(origin), new_email=links.at(origin).new_email or own.new_email)

    def activation_url(self, dialect: str, *, uid: str, token: str) -> str:
        """Return the activation link of the dialect's first page, else that of our own page."""
        origins = [origin for known, origin in self.rows if known == dialect]
        first = next((each for each in origins if each != ANY_ORIGIN), "")
        template = self.links(dialect, first).activation
        return template.format(uid=quote(uid, safe=""), token=quote(token, safe=""))


def rows_of(text: str) -> dict[tuple[str, str], MailLinks]:
    """Return the rows of a table by dialect and origin; raise `BadMailLinks`."""
    rows: dict[tuple[str, str], MailLinks] = {}
    written = filter(None, (each.strip() for each in _END_OF_ROW.split(text)))
    for number, row in enumerate(written, start=1):
        try:
            parsed = dict(_parsed(row))
        except BadMailLinks as problem:
            raise BadMailLinks(f"row {number}: {problem}") from None
        if known := sorted(rows.keys() & parsed.keys()):
            raise BadMailLinks(f"row {number}: {' '.join(known[0])} has a row already")
        rows |= parsed
    return rows


def require_link(template: str) -> str:
    """Return the template of a link; raise `BadMailLinks` unless it names an account by token."""
    try:
        named = [field for _, field, _, _ in Formatter().parse(template) if field is not None]
    except ValueError:
        named = []
    if sorted(named) != ["token", "uid"]:
        raise BadMailLinks("must hold {uid} and {token}, and nothing else in braces")
    return template


def _parsed(row: str) -> Iterator[tuple[tuple[str, str], MailLinks]]:
    columns = row.split()
    fewest = _COLUMNS.count(",") + 1
    if len(columns) not in (fewest, fewest + 1):
        raise BadMailLinks(
            f"write {_COLUMNS}, and if there is one a link to choose another address, with spaces "
            "between them"
        )
    dialects, origins, *templates = columns
    for template in templates:
        if not _LINK.fullmatch(require_link(template)):
            raise BadMailLinks(f"{template} is neither a URL nor a path that begins with /")
    for dialect in dialects.split(","):
        if dialect not in DIALECTS:
            raise BadMailLinks(f"{dialect} is none of {', '.join(DIALECTS)}")
        for origin in origins.split(","):
            if not _ORIGIN.fullmatch(origin):
                raise BadMailLinks(f"{origin} is neither {ANY_ORIGIN} nor of the form https://host")
            yield (dialect, origin), MailLinks(*templates)


def _absolute(template: str, origin: str) -> str:
    return f"{origin}{template}" if template.startswith("/") else template


def _links_to(page_url: str) -> MailLinks:
    # In the fragment, which browsers send to no server.
    return MailLinks(
        activation=f"{page_url}/#/activate/{{uid}}/{{token}}",
        reset=f"{page_url}/#/reset/{{uid}}/{{token}}",
        new_email=f"{page_url}/#/reset-email/{{uid}}/{{token}}",
    )
