"""The audit trail: who did what to whom or what, and what came of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

# Of the shape of an event; a reader of stored ones looks here first.
VERSION = 1


class AuditAction(StrEnum):
    """Names are kept for years: add to them, never change one."""

    SIGN_UP = "account.sign_up"
    CONFIRM = "account.confirm"
    CHANGE_ACCOUNT = "account.change"
    DELETE_ACCOUNT = "account.delete"
    PROMOTE = "account.promote"
    DEMOTE = "account.demote"
    ADMIT = "account.admit"
    DEACTIVATE = "account.deactivate"
    REQUEST_RESET = "password.request_reset"
    RESET_PASSWORD = "password.reset"  # noqa: S105 - the name of an action
    CHANGE_PASSWORD = "password.change"  # noqa: S105 - the name of an action
    SIGN_IN = "session.begin"
    SIGN_OUT = "session.end"
    END_SESSIONS = "session.end_others"
    REPLAY = "session.replay"
    ISSUE_TOKEN = "token.issue"  # noqa: S105 - the name of an action
    ADD_VIDEO = "video.add"
    CHANGE_VIDEO = "video.change"
    PUBLISH = "video.publish"
    WITHDRAW = "video.withdraw"
    DELETE_VIDEO = "video.delete"
    ADD_SUBTITLES = "video.add_subtitles"
    BEGIN_ENCODE = "encode.begin"
    CANCEL_ENCODE = "encode.cancel"
    RETRY_ENCODE = "encode.retry"
    ACCEPT_DAMAGE = "encode.accept_damage"
    BEGIN_UPLOAD = "upload.begin"
    COMPLETE_UPLOAD = "upload.complete"
    CANCEL_UPLOAD = "upload.cancel"
    ADD_CATEGORY = "category.add"
    CHANGE_CATEGORY = "category.change"
    DELETE_CATEGORY = "category.delete"


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted: an account in one of its sessions, or, without an account, nobody we know."""

    account: str = ""
    session: str = ""
    # The network address of the caller, as the throttles count it.
    caller: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What was acted on: its kind and its id, never an e-mail address, a title or a token."""

    kind: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Flat enough for a log line, a table item and a filter."""

    action: AuditAction
    outcome: Outcome
    at: datetime
    actor: Actor = field(default_factory=Actor)
    target: Target = field(default_factory=Target)
    # The code of the error, where it was refused or failed.
    reason: str = ""

    def as_fields(self) -> Mapping[str, str | int]:
        return {
            "version": VERSION,
            "action": self.action.value,
            "outcome": self.outcome.value,
            "reason": self.reason,
            "actor": self.actor.account,
            "session": self.actor.session,
            "caller": self.actor.caller,
            "target_kind": self.target.kind,
            "target": self.target.id,
            "at": self.at.isoformat(timespec="milliseconds"),
        }


_ANONYMOUS = Actor()
_current: ContextVar[Actor] = ContextVar("actor", default=_ANONYMOUS)


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Whatever is recorded meanwhile by use cases, which know no caller, is done by this actor."""
    token = _current.set(actor)
    try:
        yield
    finally:
        _current.reset(token)


def current_actor() -> Actor:
    return _current.get()


class AuditTrail(Protocol):
    def record(self, event: AuditEvent) -> None:
        """Keep the event, whatever the level of the log."""
