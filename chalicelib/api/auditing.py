"""Recording of audit events during a request, by the audit rule of its endpoint."""

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from chalicelib.accounts.model import WrongCredentials
from chalicelib.accounts.session import SessionId
from chalicelib.accounts.tokens import Identity
from chalicelib.accounts.visitor import Visitor
from chalicelib.api.audit_rules import AUDITED, Audited, Key
from chalicelib.api.reply import Reply
from chalicelib.api.request import Call
from chalicelib.audit import Actor, AuditAction, AuditEvent, AuditOutcome, Target, acting
from chalicelib.errors import DomainError, Unauthenticated
from chalicelib.wiring import stage

_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,16}")
_NUMBERED = frozenset({"account", "video", "category", "bulk_change"})


def record_replay(session_id: SessionId, visitor: Visitor) -> None:
    """Record a replayed refresh token, which ended its session."""
    actor, target = Actor(caller=visitor.address), Target("session", session_id)
    _record(AuditAction.REPLAY, AuditOutcome.REFUSED, actor, target)


@dataclass(slots=True)
class RequestAudit:
    """Records the audit events of one request."""

    key: Key
    path_params: Mapping[str, str]
    caller: str = ""
    identity: Identity | None = None
    call: Call[Any] | None = None

    @property
    def actor(self) -> Actor:
        return _actor(self.identity, self.caller)

    def acting(self) -> AbstractContextManager[None]:
        """Set the actor for use cases while the view runs, if the endpoint is audited."""
        return acting(self.actor) if self.key in AUDITED else nullcontext()

    def record_refusal(self, error: DomainError) -> None:
        is_closed = isinstance(error, Unauthenticated) and not isinstance(error, WrongCredentials)
        if is_closed and self.identity is None:
            return  # an unauthenticated request to a protected endpoint changed nothing
        account = getattr(error, "account_id", None)
        self._record(AuditOutcome.REFUSED, error.code, target=str(account or ""))

    def record_failure(self) -> None:
        self._record(AuditOutcome.FAILED, "internal")

    def record_success(self, returned: Any) -> None:
        audited = AUDITED.get(self.key)
        if audited is None:
            return
        reply = returned if isinstance(returned, Reply) else Reply(returned)
        self.identity = self.identity or reply.identity
        if not audited.is_recorded_by_ended:
            answered = audited.answered(reply.body) if audited.answered else ""
            self._record(AuditOutcome.DONE, "", target=str(answered))
        for each in reply.ended:
            self._record_end(each)

    def _record(self, outcome: AuditOutcome, reason: str, *, target: str = "") -> None:
        audited = AUDITED.get(self.key)
        if audited is None:
            return
        actor = self.actor
        named = Target(audited.kind, self._target_id(audited, actor, target))
        for action in self._actions(audited):
            _record(action, outcome, actor, named, reason)

    def _record_end(self, ended: Identity) -> None:
        """Record a sign-out, with the identity of the ended session as the actor."""
        actor = _actor(ended, self.caller)
        _record(AuditAction.SIGN_OUT, AuditOutcome.DONE, actor, Target("account", actor.account))

    def _actions(self, audited: Audited) -> Sequence[AuditAction]:
        actions = audited.actions(self.call.body) if audited.actions and self.call else ()
        return actions or (audited.action,)

    def _target_id(self, audited: Audited, actor: Actor, target: str) -> str:
        if audited.path_param:
            target = self.path_params[audited.path_param]
        elif not target and audited.kind == "account":
            target = actor.account
        # Only ids are recorded: a path may contain an e-mail address or a token.
        is_numbered = audited.kind in _NUMBERED
        is_id = _NUMBER.fullmatch(target) if is_numbered else _ID.fullmatch(target)
        return target if audited.kind and is_id else ""


def _record(
    action: AuditAction, outcome: AuditOutcome, actor: Actor, target: Target, reason: str = ""
) -> None:
    event = AuditEvent(action, outcome, stage.clock().now(), actor, target, reason)
    stage.audit_trail().record(event)


def _actor(identity: Identity | None, caller: str) -> Actor:
    if identity is None:
        return Actor(caller=caller)
    return Actor(str(identity.account_id), identity.session_id, caller)
