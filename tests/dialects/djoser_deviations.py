"""Every answer of ours in dialect djoser that differs from that of the original, on purpose."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from tests.dialects.comparing import SEND_JSON, WEAK, Deviation, Reason

_deviation = partial(Deviation, "djoser")

_BEARER = 'Bearer realm="api"'
_NO_TEXT = ["Not a valid string."]
_NO_ADDRESS = ["Enter a valid email address."]
_NO_NUMBER = ["A valid number is required."]
_REQUIRED = ["This field is required."]
_BLANK = ["This field may not be blank."]
_NULL = ["This field may not be null."]
_ADA = {"email": "ada@example.com", "id": "<id>"}
_DEAD_REFRESH_TOKEN = {"detail": "Token is invalid", "code": "token_not_valid"}
_DEAD_ACCESS_TOKEN = {
    "detail": "Given token not valid for any token type",
    "code": "token_not_valid",
    "messages": [
        {"token_class": "AccessToken", "token_type": "access", "message": "Token is invalid"}
    ],
}
_DEAD_LINK = {"token": ["Invalid token for given user."]}
_NO_VIDEO = {"detail": "No Video matches the given query."}
_EMPTY = {"content_type": "", "body": None}
_PAGE = "http://localhost:4200/auth/activate/<uid>/<token>"
_STORED = {
    "id": "<id>",
    "video": "<id>",
    "position": 12.5,
    "duration": 98.5,
    "updated": "<time>",
}
_NEW_VIDEO: Mapping[str, Any] = {
    "id": "<id>",
    "title": "Metropolis",
    "description": "A city.",
    "category": "Drama",
    "is_trailer": False,
    "thumb": "<URL>",
    "hero_frame": "<URL>",
    "source_url": None,
    "video_file": None,
    "source_variants": [],
    "genre": "",
    "release": None,
    "director": "",
    "license_type": "",
    "license_url": None,
    "created_at": "<time>",
    "is_published": False,
    **dict.fromkeys(("title_en", "title_de", "description_en", "description_de")),
}
_VIDEO = {
    **_NEW_VIDEO,
    "is_published": True,
    "video_file": "<URL>",
    "source_variants": [{"path": "<URL>", "height": "<height>"}],
}


def _not_allowed(method: str) -> Mapping[str, Any]:
    return {"status": 405, "body": {"detail": f'Method "{method}" not allowed.'}}


def _of(methods: str, case: str, *, path: str) -> Sequence[str]:
    return [f"{path} by {method}, {case}" for method in methods.split()]


DJOSER: Sequence[Deviation] = (
    _deviation(
        ["jwt/refresh, access token", "jwt/refresh, deactivated", "jwt/refresh, expired"],
        {"status": 400, "body": _DEAD_REFRESH_TOKEN, "www_authenticate": ""},
        Reason.CLIENTS,
        "the client answers a 401 here with the next refresh, without end; a 400 stops it",
    ),
    _deviation(
        ["jwt/refresh, forged"],
        {"status": 400, "www_authenticate": ""},
        Reason.CLIENTS,
        "a forged refresh token stops the client by a 400, as a dead one does",
    ),
    _deviation(
        ["jwt/refresh, after deletion"],
        {
            "status": 400,
            "content_type": "application/json",
            "body": _DEAD_REFRESH_TOKEN,
        },
        Reason.CLIENTS,
        "the original breaks with a 500, and the client goes on; a 400 stops it",
    ),
    _deviation(
        ["users, no slash"],
        {"status": 201, "content_type": "application/json", "body": _ADA, "location": ""},
        Reason.CLIENTS,
        "a redirect to the path with its slash would lose the body of the sign-up",
    ),
    _deviation(
        ["progress, no slash"],
        {
            "status": 201,
            "content_type": "application/json",
            "body": {**_STORED, "thinned": False},
            "location": "",
        },
        Reason.CLIENTS,
        "a redirect to the path with its slash would lose the report",
    ),
    _deviation(
        ["progress, by GET, no slash"],
        {
            "status": 200,
            "content_type": "application/json",
            "body": [_STORED],
            "location": "",
        },
        Reason.CLIENTS,
        "a list without its slash is answered at once, which saves a request",
    ),
    _deviation(
        ["progress, by GET, of one video"],
        {"body": {"position": 12.5, "duration": 98.5}},
        Reason.CLIENTS,
        "programs of the core API, known by `Bearer` too, name the video and read its position",
    ),
    _deviation(
        [
            "trailers, other scheme",
            "users by GET, other scheme",
            "users/me, other scheme",
            "users/set_email, other scheme",
            "users/set_password, other scheme",
        ],
        {"body": _DEAD_ACCESS_TOKEN},
        Reason.CLIENTS,
        "every dialect knows the scheme `Token`, so the token is read, and is not valid",
    ),
    _deviation(
        ["get_progress, other scheme"],
        {"body": _DEAD_ACCESS_TOKEN},
        Reason.CLIENTS,
        "a position is read with any of our schemes, here with a token that is not valid",
    ),
    _deviation(
        ["progress, other scheme"],
        {"body": {"detail": "The token is wrong or expired."}, "www_authenticate": "Bearer"},
        Reason.CLIENTS,
        "with the scheme `Token`, the core API answers at this path",
    ),
    _deviation(
        ["progress, signed out"],
        {"body": {"detail": "Please sign in."}, "www_authenticate": "Bearer"},
        Reason.CLIENTS,
        "without a scheme, the core API answers at this path",
    ),
    _deviation(
        ["videos, other scheme"],
        {"body": {"detail": "Invalid token."}, "www_authenticate": "Token"},
        Reason.CLIENTS,
        "with the scheme `Token`, dialect authemail answers at this path",
    ),
    _deviation(
        ["users, stale token"],
        {"status": 201, "body": _ADA, "www_authenticate": ""},
        Reason.CLIENTS,
        "the client sends a stale token with a sign-up as well, which ignores it",
    ),
    _deviation(
        [
            "users/activation, stale token",
            "users/resend_activation, stale token",
            "users/reset_email, stale token",
            "users/reset_email_confirm, stale token",
            "users/reset_password, stale token",
            "users/reset_password_confirm, stale token",
        ],
        {"status": 204, **_EMPTY, "www_authenticate": ""},
        Reason.CLIENTS,
        "the link of a mail works, whatever stale token the client still sends",
    ),
    _deviation(
        ["users/set_password, no re_new_password"],
        {"status": 204, **_EMPTY},
        Reason.CLIENTS,
        "with djoser's usual settings, clients repeat no password that they change",
    ),
    _deviation(
        ["users/reset_password_confirm, no re_new_password"],
        {"status": 204, **_EMPTY},
        Reason.CLIENTS,
        "with djoser's usual settings, clients repeat no password after a reset",
    ),
    _deviation(
        ["users/set_password, no fields", "users/set_password, nothing"],
        {"body": {"new_password": _REQUIRED, "current_password": _REQUIRED}},
        Reason.CLIENTS,
        "the repetition of a changed password may be left out, so it is not asked for",
    ),
    _deviation(
        ["users/reset_password_confirm, no fields", "users/reset_password_confirm, nothing"],
        {"body": {"uid": _REQUIRED, "token": _REQUIRED, "new_password": _REQUIRED}},
        Reason.CLIENTS,
        "the repetition of a forgotten password may be left out, so it is not asked for",
    ),
    _deviation(
        ["activate", "activate, other scheme", "activate, stale token", "activate, used"],
        {"content_type": "", "location": _PAGE},
        Reason.SECURITY,
        "programs that examine mails open links, so the page confirms by a POST of its own",
    ),
    _deviation(
        ["activate, wrong token", "activate, wrong uid"],
        {"status": 302, **_EMPTY, "location": _PAGE},
        Reason.SECURITY,
        "a link is not examined before its page sends it, and so tells nothing",
    ),
    _deviation(
        ["users/me, after deactivation", "users/me, after deletion"],
        {"body": _DEAD_ACCESS_TOKEN},
        Reason.ENUMERATION,
        "a dead token does not say whether its account was deactivated or deleted",
    ),
    _deviation(
        ["users, again", "users, taken"],
        {"status": 201, "body": _ADA},
        Reason.ENUMERATION,
        "a sign-up of a taken address is answered like that of a free one",
    ),
    _deviation(
        ["users/set_email, taken", "users/set_email, unconfirmed address"],
        {"status": 204, **_EMPTY},
        Reason.ENUMERATION,
        "a change to a taken address is answered like that to a free one",
    ),
    _deviation(
        [
            "users/activation, uid of another account",
            "users/activation, wrong uid",
            "users/reset_email_confirm, uid of another account",
            "users/reset_email_confirm, wrong uid",
            "users/reset_password_confirm, uid of another account",
            "users/reset_password_confirm, wrong uid",
        ],
        {"body": _DEAD_LINK},
        Reason.ENUMERATION,
        "a wrong uid is answered like a wrong token, so uids cannot be tried",
    ),
    _deviation(
        ["users/activation, used"],
        {"status": 400, "body": _DEAD_LINK},
        Reason.ENUMERATION,
        "a used link does not say that its account is active",
    ),
    _deviation(
        ["users/reset_email_confirm, taken"],
        {"status": 204, **_EMPTY},
        Reason.ENUMERATION,
        "whether the chosen address has an account is answered by no link either",
    ),
    _deviation(
        ["users/reset_email_confirm, used"],
        {"body": _DEAD_LINK},
        Reason.SECURITY,
        "a link chooses one address, which is not taken before its mailbox confirms it",
    ),
    _deviation(
        ["users/reset_email_confirm, no fields", "users/reset_email_confirm, nothing"],
        {"body": {"new_email": _REQUIRED, "uid": _REQUIRED, "token": _REQUIRED}},
        Reason.UNREAD,
        "every missing field is named; the original looks at the link after the address",
    ),
    _deviation(
        ["users/reset_email_confirm, no uid"],
        {"body": {"uid": _REQUIRED}},
        Reason.UNREAD,
        "a uid that is missing is said to be missing, not to be unknown",
    ),
    _deviation(
        ["users/reset_email_confirm, no token"],
        {"body": {"token": _REQUIRED}},
        Reason.UNREAD,
        "a token that is missing is said to be missing, not to be wrong",
    ),
    _deviation(
        ["users/reset_email_confirm, blank fields"],
        {"body": {"new_email": _BLANK, "uid": _BLANK, "token": _BLANK}},
        Reason.UNREAD,
        "every blank field is named, those of the link as well",
    ),
    _deviation(
        ["users/reset_email_confirm, null fields"],
        {"body": {"new_email": _NULL, "uid": _NULL, "token": _NULL}},
        Reason.UNREAD,
        "every field that is null is named, those of the link as well",
    ),
    _deviation(
        [
            f"users/reset_email_confirm, {kind} as fields"
            for kind in ("lists", "objects", "numbers", "true")
        ],
        {"body": {"new_email": _NO_ADDRESS, "uid": _NO_TEXT, "token": _NO_TEXT}},
        Reason.UNREAD,
        "every field that is no text is named, those of the link as well",
    ),
    _deviation(
        ["videos by PUT, no category"],
        {"body": {**_VIDEO, "category": ""}},
        Reason.RULES,
        "a PUT is the whole video: a category that is not sent becomes empty",
    ),
    _deviation(
        ["videos by PUT, no description"],
        {"body": {**_VIDEO, "description": ""}},
        Reason.RULES,
        "a PUT is the whole video: a description that is not sent becomes empty",
    ),
    _deviation(
        ["videos by POST, unknown category"],
        {"status": 201, "body": {**_NEW_VIDEO, "category": "Noir"}},
        Reason.RULES,
        "administrators name categories freely: an unknown one is added",
    ),
    _deviation(
        [
            "videos by PATCH, blank fields",
            "videos by POST, blank fields",
            "videos by PUT, blank fields",
        ],
        {"body": {"title": ["This field may not be blank."]}},
        Reason.RULES,
        "a video may be without a category",
    ),
    _deviation(
        ["videos by POST"],
        {"body": _NEW_VIDEO},
        Reason.RULES,
        "a video without media has placeholders as pictures, which pages can show",
    ),
    _deviation(
        ["videos by POST, no category"],
        {"body": {**_NEW_VIDEO, "category": ""}},
        Reason.RULES,
        "no category is chosen for a video that was sent without one",
    ),
    _deviation(
        ["videos by POST, no description"],
        {"body": {**_NEW_VIDEO, "description": ""}},
        Reason.RULES,
        "a video with neither media nor description has placeholders as well",
    ),
    _deviation(
        ["videos by POST, only a title"],
        {"body": {**_NEW_VIDEO, "description": "", "category": ""}},
        Reason.RULES,
        "a title alone makes a video with placeholders, and with no category",
    ),
    _deviation(
        ["videos by POST, long title"],
        {"body": {"title": ["Ensure this field has no more than 200 characters."]}},
        Reason.RULES,
        "a title has at most 200 characters, in every dialect",
    ),
    _deviation(
        ["jwt/create, in capitals"],
        {
            "status": 200,
            "body": {"refresh": "<token>", "access": "<token>"},
            "www_authenticate": "",
        },
        Reason.RULES,
        "who signed up in small letters may sign in with capitals: it is one mailbox",
    ),
    _deviation(
        ["users, taken in capitals"],
        {"body": _ADA},
        Reason.RULES,
        "one mailbox makes one account, named by its canonical address",
    ),
    _deviation(
        ["users, numeric password"],
        {"body": {"password": ["Do not use digits only."]}},
        Reason.RULES,
        "the password policy refuses digits alone, in its own words",
    ),
    _deviation(
        ["users, similar password"],
        {"body": {"password": ["This password is too easy to guess."]}},
        Reason.RULES,
        "the password policy refuses parts of the address, in its own words",
    ),
    _deviation(
        ["users, weak and mismatch", "users, weak password"],
        {"body": {"password": WEAK}},
        Reason.RULES,
        "the password policy says all that is wrong with a password, in its own words",
    ),
    _deviation(
        ["users/reset_password_confirm, weak password", "users/set_password, weak password"],
        {"body": {"new_password": WEAK}},
        Reason.RULES,
        "the password policy holds for a new password, in its own words",
    ),
    _deviation(
        [
            "jwt/create, lists as fields",
            "jwt/create, objects as fields",
            "jwt/create, true as fields",
        ],
        {"body": {"email": _NO_ADDRESS, "password": _NO_TEXT}},
        Reason.RULES,
        "what is no text is no address either, and is refused as one",
    ),
    _deviation(
        ["jwt/create, malformed address"],
        {"status": 400, "body": {"email": _NO_ADDRESS}, "www_authenticate": ""},
        Reason.RULES,
        "what cannot be an address is refused before any account is looked up",
    ),
    _deviation(
        ["jwt/create, numbers as fields"],
        {
            "status": 400,
            "body": {"email": _NO_ADDRESS, "password": _NO_TEXT},
            "www_authenticate": "",
        },
        Reason.RULES,
        "numbers as credentials are a wrong form, not a wrong password",
    ),
    _deviation(
        ["jwt/refresh, numbers as fields"],
        {"status": 400, "body": {"refresh": _NO_TEXT}, "www_authenticate": ""},
        Reason.RULES,
        "a number as refresh token is a wrong form, not a dead token",
    ),
    _deviation(
        ["jwt/verify, numbers as fields"],
        {"status": 400, "body": {"token": _NO_TEXT}, "www_authenticate": ""},
        Reason.RULES,
        "a number as token is a wrong form, not a token that is not valid",
    ),
    _deviation(
        ["users, long address"],
        {"body": {"email": _NO_ADDRESS}},
        Reason.RULES,
        "an address with more than 254 characters is none, and is refused as one",
    ),
    _deviation(
        ["users, numbers as fields"],
        {"body": {"email": _NO_ADDRESS, "password": _NO_TEXT, "re_password": _NO_TEXT}},
        Reason.RULES,
        "a number is no password: the original reads it as text",
    ),
    _deviation(
        ["users/activation, numbers as fields"],
        {
            "status": 400,
            "content_type": "application/json",
            "body": {"uid": _NO_TEXT, "token": _NO_TEXT},
        },
        Reason.RULES,
        "the original breaks with a 500 if uid and token are numbers",
    ),
    _deviation(
        ["users/me by DELETE, numbers as fields"],
        {"body": {"current_password": _NO_TEXT}},
        Reason.RULES,
        "a number is no password to delete an account with",
    ),
    _deviation(
        ["users/reset_password_confirm, numbers as fields"],
        {
            "body": {
                "uid": _NO_TEXT,
                "token": _NO_TEXT,
                "new_password": _NO_TEXT,
                "re_new_password": _NO_TEXT,
            }
        },
        Reason.RULES,
        "every field of a reset that is no text is named, not only the password",
    ),
    _deviation(
        ["users/set_email, numbers as fields"],
        {"body": {"new_email": _NO_ADDRESS, "current_password": _NO_TEXT}},
        Reason.RULES,
        "a number is no password, so none is compared before the address changes",
    ),
    _deviation(
        ["users/set_password, numbers as fields"],
        {
            "body": {
                "new_password": _NO_TEXT,
                "re_new_password": _NO_TEXT,
                "current_password": _NO_TEXT,
            }
        },
        Reason.RULES,
        "every field of a change that is no text is named, not only the present password",
    ),
    _deviation(
        [
            *_of("PATCH POST PUT", "lists as fields", path="videos"),
            *_of("PATCH POST PUT", "numbers as fields", path="videos"),
            *_of("PATCH POST PUT", "objects as fields", path="videos"),
            *_of("PATCH POST PUT", "true as fields", path="videos"),
        ],
        {"body": {"title": _NO_TEXT, "description": _NO_TEXT, "category": _NO_TEXT}},
        Reason.RULES,
        "texts of a video are texts; the original repeats the wrong category in its answer",
    ),
    _deviation(
        ["users/set_email, own address"],
        {"body": {"new_email": ["This is your address already."]}},
        Reason.RULES,
        "the own address is refused by name, which reveals no other account",
    ),
    _deviation(
        ["progress, unknown video", "progress, numbers as fields"],
        {"status": 404, "body": _NO_VIDEO},
        Reason.RULES,
        "a report of a video that does not exist is a 404, as every other request for it",
    ),
    _deviation(
        ["users/reset_password_confirm, link of the sign-up"],
        {"status": 400, "content_type": "application/json", "body": _DEAD_LINK},
        Reason.SECURITY,
        "the link of a sign-up confirms an address, and sets no other password",
    ),
    _deviation(
        ["jwt/refresh, after a change of the password"],
        {"status": 400, "body": _DEAD_REFRESH_TOKEN},
        Reason.SECURITY,
        "a changed password ends the sessions that others may have begun",
    ),
    _deviation(
        ["jwt/refresh, after a reset"],
        {"status": 400, "body": _DEAD_REFRESH_TOKEN},
        Reason.SECURITY,
        "a reset ends every session, because others may have known the password",
    ),
    _deviation(
        ["users/me, after a change of the password", "users/me, after a reset"],
        {"status": 401, "body": _DEAD_ACCESS_TOKEN, "www_authenticate": _BEARER},
        Reason.SECURITY,
        "a new password ends access tokens at once, not only refresh tokens",
    ),
    _deviation(
        ["jwt/create, after a change of the address"],
        {
            "status": 401,
            "body": {"detail": "No active account found with the given credentials"},
            "www_authenticate": _BEARER,
        },
        Reason.SECURITY,
        "a new address signs in only after its mailbox has confirmed it",
    ),
    _deviation(
        ["users/me, after a change of the address"],
        {"body": _ADA},
        Reason.SECURITY,
        "an account keeps its address until the new mailbox confirms the change",
    ),
    _deviation(
        ["* plain text"],
        {"body": {"detail": SEND_JSON}},
        Reason.SECURITY,
        "an error says what to send, and never repeats the content type that was sent",
    ),
    _deviation(
        ["progress, not a number"],
        {
            "status": 400,
            "content_type": "application/json",
            "body": {"position": _NO_NUMBER},
        },
        Reason.SECURITY,
        "`nan` breaks the original with a 500",
    ),
    _deviation(
        ["progress, negative"],
        {"status": 400, "body": {"position": ["Must be from 0 to 1000000."]}},
        Reason.SECURITY,
        "no video has a position before its beginning; the original stores it",
    ),
    _deviation(
        [
            "progress, blank fields",
            "progress, lists as fields",
            "progress, objects as fields",
            "progress, true as fields",
        ],
        {
            "body": {
                "video": ["A valid integer is required."],
                "position": _NO_NUMBER,
                "duration": _NO_NUMBER,
            }
        },
        Reason.UNREAD,
        "the client ignores why a report is refused; an id is a number, not a key of a database",
    ),
    _deviation(
        ["videos, one that is no number"],
        {"body": _NO_VIDEO},
        Reason.UNREAD,
        "clients ask for numbers alone, and read only that it is a 404",
    ),
    _deviation(
        ["jwt/verify, expired"],
        {"body": _DEAD_REFRESH_TOKEN},
        Reason.UNREAD,
        "clients read that a token is not valid, not that it is too old",
    ),
    _deviation(
        [
            f"{name}, {case}"
            for name in (
                *("trailers", "users by GET", "users/me", "users/set_email", "users/set_password"),
                *("videos", "progress", "get_progress"),
            )
            for case in ("expired", "refresh token")
        ],
        {"body": _DEAD_ACCESS_TOKEN},
        Reason.UNREAD,
        "clients read the status of a 401, not why the access token is dead",
    ),
    _deviation(
        [
            f"/api/auth/users/{name}/ by GET"
            for name in (
                *("activation", "resend_activation"),
                *("reset_password", "reset_password_confirm"),
            )
        ],
        {**_not_allowed("GET"), "www_authenticate": ""},
        Reason.UNREAD,
        "these routes are public, so a GET is a wrong method, not a missing token",
    ),
    _deviation(
        [
            "/api/auth/users/ by DELETE, signed out",
            *(
                f"/api/auth/users/{name}/ by DELETE"
                for name in (
                    *("activation", "resend_activation"),
                    *("reset_password", "reset_password_confirm"),
                )
            ),
        ],
        {**_not_allowed("DELETE"), "www_authenticate": ""},
        Reason.UNREAD,
        "these routes are public, so a DELETE is a wrong method, not a missing token",
    ),
    _deviation(
        ["/api/auth/users/ by PUT, signed out"],
        {**_not_allowed("PUT"), "www_authenticate": ""},
        Reason.UNREAD,
        "a sign-up is public, so a PUT is a wrong method, not a missing token",
    ),
    _deviation(
        ["/api/videos/ by DELETE, signed in"],
        _not_allowed("DELETE"),
        Reason.UNREAD,
        "the list has no DELETE for administrators either, so it is a wrong method",
    ),
    _deviation(
        ["/api/videos/ by PUT, signed in"],
        _not_allowed("PUT"),
        Reason.UNREAD,
        "the list has no PUT for administrators either, so it is a wrong method",
    ),
)
