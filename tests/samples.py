"""People and things that many tests are about."""

from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

from chalicelib.accounts.model import Account, AccountId, AccountStatus, account_id_at
from chalicelib.accounts.session import OpaqueToken, Session, SessionKind
from chalicelib.accounts.visitor import Visitor
from chalicelib.catalogue.model import (
    Card,
    Category,
    CompleteMedia,
    EncodeStatus,
    EncodeSummary,
    Revision,
    Video,
    VideoId,
    category_id_of,
    slug_of,
)
from chalicelib.identifiers import id_at
from chalicelib.language import Language

ADA = "ada@example.com"
GRACE = "grace@example.com"
PASSWORD = "correct horse battery"

ACCOUNT_ID = AccountId(7)
VISITOR = Visitor(
    address="198.51.100.7", agent="Firefox", language=Language.ENGLISH, dialect="official"
)

_entropy = count()


def an_account(at: datetime, email: str = ADA, **changes: Any) -> Account:
    """An active account made at this moment, younger than all made before it."""
    account = Account(
        id=account_id_at(at, entropy=next(_entropy)),
        email=email,
        password_hash="a hash",
        created_at=at,
        status=AccountStatus.ACTIVE,
    )
    return replace(account, **changes)


def a_session(
    at: datetime,
    account: Account | None = None,
    *,
    kind: SessionKind = SessionKind.BROWSER,
) -> tuple[Session, OpaqueToken]:
    account = account or an_account(at, id=ACCOUNT_ID)
    return Session.begin(account, kind, label="Firefox", address="198.51.100.7", now=at)


def a_video(at: datetime, title: str = "Metropolis", **changes: Any) -> Video:
    """A draft made at this moment, younger than all made before it."""
    video = Video(
        id=VideoId(id_at(at, entropy=next(_entropy))),
        card=Card(title, category="Drama"),
        created_at=at,
        changed_at=at,
    )
    return replace(video, **changes)


def complete_media(revision: int = 1, **changes: Any) -> CompleteMedia:
    return replace(CompleteMedia(Revision(revision), 98.5, (720, 360)), **changes)


def a_published_video(at: datetime, title: str = "Metropolis", **changes: Any) -> Video:
    """A title that everybody can watch."""
    done = EncodeSummary(Revision(1), EncodeStatus.COMPLETED, 100, is_playable=True)
    film = replace(a_video(at, title), is_published=True, encode=done, media=complete_media())
    return replace(film, **changes)


def a_category(at: datetime, name: str = "Drama") -> Category:
    slug = slug_of(name)
    return Category(category_id_of(slug), name, slug, changed_at=at)
