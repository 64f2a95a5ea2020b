"""The audit trail: actor, action, target and outcome of each audited event."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

# Version of the stored shape of an event.
VERSION = 1


class AuditAction(StrEnum):
    """Actions as they are stored for years: add new ones, never rename one."""

    SIGN_UP = "account.sign_up"
    CONFIRM = "account.confirm"
    REQUEST_ACTIVATION = "account.request_activation"
    REQUEST_EMAIL_CHANGE = "account.request_email_change"
    REQUEST_EMAIL_RESET = "account.request_email_reset"
    CHANGE_EMAIL = "account.change_email"
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
    TRASH_VIDEO = "video.trash"
    RESTORE_VIDEO = "video.restore"
    PURGE_VIDEO = "video.purge"
    ADD_SUBTITLES = "video.add_subtitles"
    ADD_POSTER = "video.add_poster"
    REMOVE_POSTER = "video.remove_poster"
    DELETE_SUBTITLES = "video.delete_subtitles"
    BEGIN_ENCODE = "encode.begin"
    CANCEL_ENCODE = "encode.cancel"
    RETRY_ENCODE = "encode.retry"
    ACCEPT_DAMAGE = "encode.accept_damage"
    BEGIN_UPLOAD = "upload.begin"
    COMPLETE_UPLOAD = "upload.complete"
    CANCEL_UPLOAD = "upload.cancel"
    ADD_PROFILE = "profile.add"
    CHANGE_PROFILE = "profile.change"
    DELETE_PROFILE = "profile.delete"
    UNLOCK_PROFILE = "profile.unlock"
    ADD_CATEGORY = "category.add"
    CHANGE_CATEGORY = "category.change"
    DELETE_CATEGORY = "category.delete"
    MERGE_CATEGORY = "category.merge"
    ARRANGE_CATEGORIES = "category.arrange"
    BEGIN_BULK_CHANGE = "bulk_change.begin"
    CANCEL_BULK_CHANGE = "bulk_change.cancel"


class AuditOutcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Actor:
    """The account and session that acted; both are empty for an anonymous caller."""

    account: str = ""
    session: str = ""
    # The network address of the caller, as the throttles count it.
    caller: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """The kind and id of the object acted on; never an e-mail address, a title or a token."""

    kind: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One audited event, flat enough for a log line, a table item and a filter."""

    action: AuditAction
    outcome: AuditOutcome
    at: datetime
    actor: Actor = field(default_factory=Actor)
    target: Target = field(default_factory=Target)
    # The error code of a refusal or a failure.
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
    """Set the actor of the events that use cases record inside this context."""
    token = _current.set(actor)
    try:
        yield
    finally:
        _current.reset(token)


def current_actor() -> Actor:
    return _current.get()


class AuditTrail(Protocol):
    def record(self, event: AuditEvent) -> None:
        """Store the event, regardless of the log level."""
