"""What the audit trail records of each endpoint that changes something."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from chalicelib.audit import AuditAction

Key = tuple[str, str]


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
    ("POST", "/resend_activation"): Audited(_A.REQUEST_ACTIVATION, ""),
    ("POST", "/user/email"): Audited(_A.REQUEST_EMAIL_CHANGE, "account"),
    ("POST", "/email_confirm/{uid}/{token}"): Audited(_A.CHANGE_EMAIL, "account", "uid"),
    ("PATCH", "/user"): Audited(_A.CHANGE_ACCOUNT, "account"),
    ("DELETE", "/user"): Audited(_A.DELETE_ACCOUNT, "account"),
    ("DELETE", "/user/sessions"): Audited(_A.END_SESSIONS, "account"),
    ("DELETE", "/user/sessions/{session_id}"): Audited(_A.SIGN_OUT, "session", "session_id"),
    ("POST", "/user/tokens"): Audited(
        _A.ISSUE_TOKEN, "session", answered=lambda answer: answer["session"]["id"]
    ),
    ("POST", "/profiles"): Audited(_A.ADD_PROFILE, "profile", answered=_id),
    ("PATCH", "/profiles/{profile_id}"): Audited(_A.CHANGE_PROFILE, "profile", "profile_id"),
    ("DELETE", "/profiles/{profile_id}"): Audited(_A.DELETE_PROFILE, "profile", "profile_id"),
    ("POST", "/profiles/{profile_id}/unlock"): Audited(_A.UNLOCK_PROFILE, "profile", "profile_id"),
    ("PATCH", "/admin/accounts/{account_id}"): Audited(
        _A.CHANGE_ACCOUNT, "account", "account_id", actions=_of_account_change
    ),
    ("POST", "/categories"): Audited(_A.ADD_CATEGORY, "category", answered=_id),
    ("PATCH", "/categories/{category_id}"): Audited(_A.CHANGE_CATEGORY, "category", "category_id"),
    ("DELETE", "/categories/{category_id}"): Audited(_A.DELETE_CATEGORY, "category", "category_id"),
    ("POST", "/studio/category/{category_id}/merge"): Audited(
        _A.MERGE_CATEGORY, "category", "category_id"
    ),
    ("PUT", "/studio/categories/order"): Audited(_A.ARRANGE_CATEGORIES, ""),
    ("POST", "/video"): Audited(_A.ADD_VIDEO, "video", answered=_id, actions=_of_new_video),
    ("PATCH", "/video/{video_id}"): Audited(
        _A.CHANGE_VIDEO, "video", "video_id", actions=_of_video_change
    ),
    ("PUT", "/video/{video_id}"): Audited(
        _A.CHANGE_VIDEO, "video", "video_id", actions=_of_video_change
    ),
    ("DELETE", "/video/{video_id}"): Audited(_A.DELETE_VIDEO, "video", "video_id"),
    ("POST", "/studio/video/{video_id}/trash"): Audited(_A.TRASH_VIDEO, "video", "video_id"),
    ("POST", "/studio/video/{video_id}/restore"): Audited(_A.RESTORE_VIDEO, "video", "video_id"),
    ("POST", "/video/{video_id}/subtitles"): Audited(_A.ADD_SUBTITLES, "video", "video_id"),
    ("POST", "/video/{video_id}/poster"): Audited(_A.ADD_POSTER, "video", "video_id"),
    ("DELETE", "/video/{video_id}/poster"): Audited(_A.REMOVE_POSTER, "video", "video_id"),
    ("DELETE", "/video/{video_id}/subtitles/{file_id}"): Audited(
        _A.DELETE_SUBTITLES, "video", "video_id"
    ),
    ("POST", "/video/{video_id}/cancel"): Audited(_A.CANCEL_ENCODE, "video", "video_id"),
    ("POST", "/video/{video_id}/retry"): Audited(_A.RETRY_ENCODE, "video", "video_id"),
    ("POST", "/video/{video_id}/accept"): Audited(_A.ACCEPT_DAMAGE, "video", "video_id"),
    ("POST", "/studio/changes"): Audited(_A.BEGIN_BULK_CHANGE, "bulk_change", answered=_id),
    ("POST", "/studio/changes/{change_id}/cancel"): Audited(
        _A.CANCEL_BULK_CHANGE, "bulk_change", "change_id"
    ),
    ("POST", "/uploads"): Audited(_A.BEGIN_UPLOAD, "upload", answered=_id),
    ("POST", "/uploads/{upload_id}/complete"): Audited(_A.COMPLETE_UPLOAD, "upload", "upload_id"),
    ("DELETE", "/uploads/{upload_id}"): Audited(_A.CANCEL_UPLOAD, "upload", "upload_id"),
    # The other dialects.
    ("POST", "/accounts/signup"): Audited(_A.SIGN_UP, ""),
    ("GET", "/accounts/signup/verify"): Audited(_A.CONFIRM, ""),
    ("POST", "/accounts/login"): Audited(_A.SIGN_IN, "account"),
    ("GET", "/accounts/logout"): Audited(_A.SIGN_OUT, "account", is_recorded_by_ended=True),
    ("POST", "/accounts/password/reset"): Audited(_A.REQUEST_RESET, ""),
    ("POST", "/accounts/password/reset/verified"): Audited(_A.RESET_PASSWORD, ""),
    ("POST", "/accounts/password/change"): Audited(_A.CHANGE_PASSWORD, "account"),
    ("POST", "/auth/users"): Audited(_A.SIGN_UP, ""),
    ("POST", "/auth/users/activation"): Audited(_A.CONFIRM, ""),
    ("POST", "/auth/jwt/create"): Audited(_A.SIGN_IN, "account"),
    ("POST", "/auth/users/reset_password"): Audited(_A.REQUEST_RESET, ""),
    ("POST", "/auth/users/reset_password_confirm"): Audited(_A.RESET_PASSWORD, ""),
    ("POST", "/auth/users/set_password"): Audited(_A.CHANGE_PASSWORD, "account"),
    ("DELETE", "/auth/users/me"): Audited(_A.DELETE_ACCOUNT, "account"),
    ("POST", "/auth/users/resend_activation"): Audited(_A.REQUEST_ACTIVATION, ""),
    ("POST", "/auth/users/set_email"): Audited(_A.REQUEST_EMAIL_CHANGE, "account"),
    ("POST", "/auth/users/reset_email"): Audited(_A.REQUEST_EMAIL_RESET, ""),
    ("POST", "/auth/users/reset_email_confirm"): Audited(_A.REQUEST_EMAIL_CHANGE, ""),
    ("POST", "/accounts/email/change"): Audited(_A.REQUEST_EMAIL_CHANGE, "account"),
    ("GET", "/accounts/email/change/verify"): Audited(_A.CHANGE_EMAIL, ""),
    ("POST", "/videos"): Audited(_A.ADD_VIDEO, "video", answered=_id, actions=_of_new_video),
    ("PUT", "/videos/{video_id}"): Audited(
        _A.CHANGE_VIDEO, "video", "video_id", actions=_of_video_change
    ),
    ("PATCH", "/videos/{video_id}"): Audited(
        _A.CHANGE_VIDEO, "video", "video_id", actions=_of_video_change
    ),
    ("DELETE", "/videos/{video_id}"): Audited(_A.DELETE_VIDEO, "video", "video_id"),
}

# Routes that change something but are not audited, and why; a test compares both with the routes.
NOT_AUDITED: Mapping[Key, str] = {
    ("POST", "/token/refresh"): "goes on with a session that is recorded; a replay is recorded",
    ("POST", "/progress"): "what viewers watch is their own affair, and concerns no security",
    ("PUT", "/watchlist/{video_id}"): "as progress",
    ("DELETE", "/watchlist/{video_id}"): "as progress",
    ("DELETE", "/history/{video_id}"): "as progress",
    ("DELETE", "/history"): "as progress",
    ("POST", "/auth/jwt/refresh"): "goes on with a session that is recorded",
    ("POST", "/auth/jwt/verify"): "changes nothing",
    ("PUT", "/auth/users/me"): "changes nothing",
    ("PATCH", "/auth/users/me"): "changes nothing",
    ("POST", "/studio/changes/preview"): "changes nothing",
    ("POST", "/uploads/{upload_id}/parts"): "hands out URLs of an upload that is recorded",
}
