"""Audit rules by endpoint, and recording of audit events during a request."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields
from typing import Any

from chalicelib.accounts.model import WrongCredentials
from chalicelib.accounts.session import SessionId
from chalicelib.accounts.tokens import Identity
from chalicelib.accounts.visitor import Visitor
from chalicelib.api.reply import Reply
from chalicelib.api.request import Call
from chalicelib.audit import Actor, AuditAction, AuditEvent, Outcome, Target, acting
from chalicelib.errors import DomainError, Unauthenticated
from chalicelib.wiring import stage

Key = tuple[str, str]

_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,16}")
_NUMBERED = frozenset({"account", "video", "category"})


@dataclass(frozen=True, slots=True)
class Audited:
    """The audit rule of one endpoint."""

    action: AuditAction
    # Kind of the target; its id is this path parameter, or in the answer, or the caller's account.
    kind: str
    path_param: str = ""
    answered: Callable[[Any], object] | None = None
    # The actions of a request, if they depend on its body.
    actions: Callable[[Any], Sequence[AuditAction]] | None = None
    # A success is recorded once per ended session, so possibly not at all.
    is_recorded_by_ended: bool = False


def _of_account_change(sent: Any) -> Sequence[AuditAction]:
    switches = (
        (sent.is_admin, AuditAction.PROMOTE, AuditAction.DEMOTE),
        (sent.is_active, AuditAction.ADMIT, AuditAction.DEACTIVATE),
    )
    return [on if value else off for value, on, off in switches if value is not None]


def _of_video_change(sent: Any) -> Sequence[AuditAction]:
    words = [each.name for each in fields(sent) if each.name != "is_published"]
    changed = any(getattr(sent, name) is not None for name in words)
    actions = [AuditAction.CHANGE_VIDEO] if changed else []
    if sent.is_published is not None:
        actions.append(AuditAction.PUBLISH if sent.is_published else AuditAction.WITHDRAW)
    return actions


def _of_new_video(sent: Any) -> Sequence[AuditAction]:
    publishing = [AuditAction.PUBLISH] if sent.is_published else []
    return [AuditAction.ADD_VIDEO, *publishing]


def _id(answer: Any) -> object:
    return answer["id"]


_A = AuditAction
AUDITED: Mapping[Key, Audited] = {
    # Without a target: for a known address, the id in the answer belongs to no account.
    ("POST", "/register"): Audited(_A.SIGN_UP, ""),
    ("GET", "/activate/{uid}/{token}"): Audited(_A.CONFIRM, "account", "uid"),
    ("POST", "/login"): Audited(_A.SIGN_IN, "account"),
    ("POST", "/logout"): Audited(_A.SIGN_OUT, "account", is_recorded_by_ended=True),
    ("POST", "/password_reset"): Audited(_A.REQUEST_RESET, ""),
    ("POST", "/password_confirm/{uid}/{token}"): Audited(_A.RESET_PASSWORD, "account", "uid"),
    ("POST", "/user/password"): Audited(_A.CHANGE_PASSWORD, "account"),
    ("PATCH", "/user"): Audited(_A.CHANGE_ACCOUNT, "account"),
    ("DELETE", "/user"): Audited(_A.DELETE_ACCOUNT, "account"),
    ("DELETE", "/user/sessions"): Audited(_A.END_SESSIONS, "account"),
    ("DELETE", "/user/sessions/{session_id}"): Audited(_A.SIGN_OUT, "session", "session_id"),
    ("POST", "/user/tokens"): Audited(
        _A.ISSUE_TOKEN, "session", answered=lambda answer: answer["session"]["id"]
    ),
    ("PATCH", "/admin/accounts/{account_id}"): Audited(
        _A.CHANGE_ACCOUNT, "account", "account_id", actions=_of_account_change
    ),
    ("POST", "/categories"): Audited(_A.ADD_CATEGORY, "category", answered=_id),
    ("PATCH", "/categories/{category_id}"): Audited(_A.CHANGE_CATEGORY, "category", "category_id"),
    ("DELETE", "/categories/{category_id}"): Audited(_A.DELETE_CATEGORY, "category", "category_id"),
    ("POST", "/video"): Audited(_A.ADD_VIDEO, "video", answered=_id, actions=_of_new_video),
    ("PATCH", "/video/{video_id}"): Audited(
        _A.CHANGE_VIDEO, "video", "video_id", actions=_of_video_change
    ),
    ("PUT", "/video/{video_id}"): Audited(
        _A.CHANGE_VIDEO, "video", "video_id", actions=_of_video_change
    ),
    ("DELETE", "/video/{video_id}"): Audited(_A.DELETE_VIDEO, "video", "video_id"),
    ("POST", "/video/{video_id}/subtitles"): Audited(_A.ADD_SUBTITLES, "video", "video_id"),
    ("POST", "/video/{video_id}/cancel"): Audited(_A.CANCEL_ENCODE, "video", "video_id"),
    ("POST", "/video/{video_id}/retry"): Audited(_A.RETRY_ENCODE, "video", "video_id"),
    ("POST", "/video/{video_id}/accept"): Audited(_A.ACCEPT_DAMAGE, "video", "video_id"),
    ("POST", "/uploads"): Audited(_A.BEGIN_UPLOAD, "upload", answered=_id),
    ("POST", "/uploads/{upload_id}/complete"): Audited(_A.COMPLETE_UPLOAD, "upload", "upload_id"),
    ("DELETE", "/uploads/{upload_id}"): Audited(_A.CANCEL_UPLOAD, "upload", "upload_id"),
}

# Routes that change something but are not audited, and why; a test compares both with the routes.
NOT_AUDITED: Mapping[Key, str] = {
    ("POST", "/token/refresh"): "goes on with a session that is recorded; a replay is recorded",
    ("POST", "/uploads/{upload_id}/parts"): "hands out URLs of an upload that is recorded",
}


def record_replay(session_id: SessionId, visitor: Visitor) -> None:
    """Record a replayed refresh token, which ended its session."""
    stage.audit_trail().record(
        AuditEvent(
            AuditAction.REPLAY,
            Outcome.REFUSED,
            stage.clock().now(),
            Actor(caller=visitor.address),
            Target("session", session_id),
        )
    )


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
        self._record(Outcome.REFUSED, error.code, target=str(account or ""))

    def record_failure(self) -> None:
        self._record(Outcome.FAILED, "internal")

    def record_success(self, returned: Any) -> None:
        audited = AUDITED.get(self.key)
        if audited is None:
            return
        reply = returned if isinstance(returned, Reply) else Reply(returned)
        self.identity = self.identity or reply.identity
        if not audited.is_recorded_by_ended:
            answered = audited.answered(reply.body) if audited.answered else ""
            self._record(Outcome.DONE, "", target=str(answered))
        for each in reply.ended:
            self._record_end(each)

    def _record(self, outcome: Outcome, reason: str, *, target: str = "") -> None:
        audited = AUDITED.get(self.key)
        if audited is None:
            return
        actor = self.actor
        named = Target(audited.kind, self._target_id(audited, actor, target))
        for action in self._actions(audited):
            event = AuditEvent(action, outcome, stage.clock().now(), actor, named, reason)
            stage.audit_trail().record(event)

    def _record_end(self, ended: Identity) -> None:
        """Record a sign-out, with the identity of the ended session as the actor."""
        actor = _actor(ended, self.caller)
        event = AuditEvent(
            AuditAction.SIGN_OUT,
            Outcome.DONE,
            stage.clock().now(),
            actor,
            Target("account", actor.account),
        )
        stage.audit_trail().record(event)

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


def _actor(identity: Identity | None, caller: str) -> Actor:
    if identity is None:
        return Actor(caller=caller)
    return Actor(str(identity.account_id), identity.session_id, caller)
