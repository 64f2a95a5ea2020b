"""Every answer of ours in dialect authemail that differs from that of the original, on purpose."""

from collections.abc import Sequence
from functools import partial

from tests.dialects.comparing import SEND_JSON, WEAK, Deviation, Reason

_deviation = partial(Deviation, "authemail")

_NO_TEXT = ["Not a valid string."]
_NO_ADDRESS = ["Enter a valid email address."]
_REQUIRED = ["This field is required."]
_NULL = ["This field may not be null."]
_BLANK = ["This field may not be blank."]
_ADA = {"email": "ada@example.com", "first_name": "", "last_name": ""}
_DEAD_TOKEN = {"detail": "Invalid token."}
_DEAD_CODE = {"detail": "Unable to verify user."}
_WRONG_CREDENTIALS = {"detail": "Unable to login with provided credentials."}
_UNPROVEN = {"current_password": _REQUIRED}

AUTHEMAIL: Sequence[Deviation] = (
    _deviation(
        ["signup, no slash"],
        {
            "status": 201,
            "content_type": "application/json",
            "body": _ADA,
            "location": "",
        },
        Reason.CLIENTS,
        "a redirect to the path with its slash would lose the body of the sign-up",
    ),
    _deviation(
        [
            "email/change, other scheme",
            "logout, other scheme",
            "password/change, other scheme",
            "users/me, other scheme",
        ],
        {"body": _DEAD_TOKEN},
        Reason.CLIENTS,
        "every dialect knows the scheme `Bearer`, so the token is read, and is not valid",
    ),
    _deviation(
        ["categories, by POST"],
        {"status": 403, "body": {"detail": "Only administrators may do this."}},
        Reason.CLIENTS,
        "administrators add categories by a POST of the core API to this path",
    ),
    _deviation(
        ["videos, by POST", "videos, one by DELETE"],
        {"status": 403, "body": {"detail": "You do not have permission to perform this action."}},
        Reason.CLIENTS,
        "administrators write videos by dialect djoser, which shares these paths",
    ),
    _deviation(
        ["login, stale token"],
        {"status": 200, "body": {"token": "<token>"}, "www_authenticate": ""},
        Reason.CLIENTS,
        "a client with a stale token must be able to sign in again",
    ),
    _deviation(
        ["password/reset, stale token"],
        {"status": 201, "body": {"email": "ada@example.com"}, "www_authenticate": ""},
        Reason.CLIENTS,
        "a client with a stale token must be able to ask for a reset",
    ),
    _deviation(
        ["password/reset/verified, stale token"],
        {"status": 200, "body": {"success": "Password reset."}, "www_authenticate": ""},
        Reason.CLIENTS,
        "a client with a stale token must be able to set a new password",
    ),
    _deviation(
        ["password/reset/verify, stale token", "signup/verify, stale token"],
        {"status": 200, "body": {"success": "Email address verified."}, "www_authenticate": ""},
        Reason.CLIENTS,
        "the code of a mail is valid, whatever stale token the client still sends",
    ),
    _deviation(
        ["signup, stale token"],
        {"status": 201, "body": _ADA, "www_authenticate": ""},
        Reason.CLIENTS,
        "a client with the stale token of another account must be able to sign up",
    ),
    _deviation(
        ["videos, other scheme"],
        {
            "body": {
                "detail": "Given token not valid for any token type",
                "code": "token_not_valid",
                "messages": [
                    {
                        "token_class": "AccessToken",
                        "token_type": "access",
                        "message": "Token is invalid",
                    }
                ],
            },
            "www_authenticate": 'Bearer realm="api"',
        },
        Reason.CLIENTS,
        "with the scheme `Bearer`, dialect djoser answers at this path",
    ),
    _deviation(
        ["videos, signed out"],
        {"www_authenticate": 'Bearer realm="api"'},
        Reason.CLIENTS,
        "without a scheme, dialect djoser answers at this path",
    ),
    _deviation(
        ["categories, other scheme"],
        {"body": {"detail": "The token is wrong or expired."}, "www_authenticate": "Bearer"},
        Reason.CLIENTS,
        "with the scheme `Bearer`, the core API answers at this path",
    ),
    _deviation(
        ["categories, signed out"],
        {"body": {"detail": "Please sign in."}, "www_authenticate": "Bearer"},
        Reason.CLIENTS,
        "without a scheme, the core API answers at this path",
    ),
    _deviation(
        ["users/me, after deactivation"],
        {"body": _DEAD_TOKEN},
        Reason.ENUMERATION,
        "a dead token does not say that its account was deactivated",
    ),
    _deviation(
        ["signup, taken"],
        {"status": 201, "body": _ADA},
        Reason.ENUMERATION,
        "a sign-up of a taken address is answered like that of a free one",
    ),
    _deviation(
        ["login, unconfirmed"],
        {"body": _WRONG_CREDENTIALS},
        Reason.ENUMERATION,
        "an account that waits for its confirmation is answered like none",
    ),
    _deviation(
        [
            "password/reset, deactivated",
            "password/reset, unconfirmed",
            "password/reset, unknown address",
        ],
        {"status": 201, "body": {"email": "ada@example.com"}},
        Reason.ENUMERATION,
        "a reset is accepted for every address, and mailed only to an account",
    ),
    _deviation(
        ["login, in capitals"],
        {"status": 200, "body": {"token": "<token>"}},
        Reason.RULES,
        "who signed up in small letters may sign in with capitals: it is one mailbox",
    ),
    _deviation(
        ["signup, taken in capitals"],
        {"body": _ADA},
        Reason.RULES,
        "one mailbox makes one account, named by its canonical address",
    ),
    _deviation(
        ["password/reset/verified, weak password", "signup, weak password"],
        {"status": 400, "body": {"password": WEAK}},
        Reason.RULES,
        "the original accepts every password; the password policy says what is wrong",
    ),
    _deviation(
        ["signup, common password"],
        {"status": 400, "body": {"password": ["This password is too common."]}},
        Reason.RULES,
        "the original accepts the passwords that are tried first",
    ),
    _deviation(
        ["signup, long password"],
        {"status": 201, "body": _ADA},
        Reason.RULES,
        "a sentence is a good password: 1024 bytes are allowed, not 128 characters",
    ),
    _deviation(
        ["login, numbers as fields", "signup, numbers as fields"],
        {"body": {"email": _NO_ADDRESS, "password": _NO_TEXT}},
        Reason.RULES,
        "a number is no password: the original reads it as text",
    ),
    _deviation(
        ["password/reset/verified, long code"],
        {"body": _DEAD_CODE},
        Reason.RULES,
        "codes are longer than 40 characters here, so a long one is a wrong one",
    ),
    _deviation(
        ["password/reset/verified, numbers as fields"],
        {"body": {"code": _NO_TEXT, "password": _NO_TEXT}},
        Reason.RULES,
        "a number is a wrong form, not a wrong code",
    ),
    _deviation(
        ["signup, long address"],
        {"body": {"email": _NO_ADDRESS}},
        Reason.RULES,
        "an address with more than 254 characters is none, and is refused as one",
    ),
    _deviation(
        ["users/me, after a reset"],
        {"status": 401, "body": _DEAD_TOKEN, "www_authenticate": "Token"},
        Reason.SECURITY,
        "a reset ends every session, because others may have known the password",
    ),
    _deviation(
        [
            "login, plain text",
            "password/reset, plain text",
            "password/reset/verified, plain text",
            "signup, plain text",
        ],
        {"body": {"detail": SEND_JSON}},
        Reason.SECURITY,
        "an error says what to send, and never repeats the content type that was sent",
    ),
    _deviation(
        ["login, after a change", "login, after a change of the address"],
        {"status": 401, "body": _WRONG_CREDENTIALS},
        Reason.SECURITY,
        "the new password or address is none: its change lacked the present password",
    ),
    _deviation(
        ["login, with the changed address", "login, with the changed password"],
        {"status": 200, "body": {"token": "<token>"}},
        Reason.SECURITY,
        "the former password or address is valid: its change lacked the present password",
    ),
    _deviation(
        ["users/me, after a change of the address"],
        {"body": {"id": "<id>", **_ADA}},
        Reason.SECURITY,
        "the account has its address still: the change lacked the present password",
    ),
    _deviation(
        [
            "email/change/verify",
            "email/change/verify, other scheme",
            "email/change/verify, unconfirmed address",
        ],
        {"status": 400, "body": _DEAD_CODE},
        Reason.SECURITY,
        "no code was mailed: the change lacked the present password",
    ),
    _deviation(
        ["email/change/verify, stale token"],
        {"status": 400, "body": _DEAD_CODE, "www_authenticate": ""},
        Reason.SECURITY,
        "the stale token is ignored, and no code was mailed",
    ),
    _deviation(
        ["email/change", "email/change, unconfirmed address", "password/change"],
        {"status": 400, "body": _UNPROVEN},
        Reason.SECURITY,
        "who finds a signed-in browser must not take the account: a change needs the password",
    ),
    _deviation(
        ["email/change, blank fields"],
        {"body": {"email": _BLANK, **_UNPROVEN}},
        Reason.SECURITY,
        "besides a blank address, the present password is missing",
    ),
    _deviation(
        [
            "email/change, lists as fields",
            "email/change, malformed address",
            "email/change, numbers as fields",
            "email/change, objects as fields",
            "email/change, true as fields",
        ],
        {"body": {"email": _NO_ADDRESS, **_UNPROVEN}},
        Reason.SECURITY,
        "besides an address that is none, the present password is missing",
    ),
    _deviation(
        ["email/change, no fields", "email/change, nothing"],
        {"body": {"email": _REQUIRED, **_UNPROVEN}},
        Reason.SECURITY,
        "besides the address, the present password is missing",
    ),
    _deviation(
        ["email/change, null fields"],
        {"body": {"email": _NULL, **_UNPROVEN}},
        Reason.SECURITY,
        "besides an address that is null, the present password is missing",
    ),
    _deviation(
        ["email/change, own address", "email/change, taken"],
        {"body": _UNPROVEN},
        Reason.SECURITY,
        "without the present password nothing is said of the new address",
    ),
    _deviation(
        ["email/change, plain text", "password/change, plain text"],
        {"body": {"detail": SEND_JSON}},
        Reason.SECURITY,
        "a change is refused without repeating the content type that was sent",
    ),
    _deviation(
        ["password/change, blank fields"],
        {"body": {"password": _BLANK, **_UNPROVEN}},
        Reason.SECURITY,
        "besides a blank password, the present one is missing",
    ),
    _deviation(
        [
            "password/change, lists as fields",
            "password/change, objects as fields",
            "password/change, true as fields",
        ],
        {"body": {"password": _NO_TEXT, **_UNPROVEN}},
        Reason.SECURITY,
        "besides a password that is no text, the present one is missing",
    ),
    _deviation(
        ["password/change, no fields", "password/change, nothing"],
        {"body": {"password": _REQUIRED, **_UNPROVEN}},
        Reason.SECURITY,
        "besides the new password, the present one is missing",
    ),
    _deviation(
        ["password/change, null fields"],
        {"body": {"password": _NULL, **_UNPROVEN}},
        Reason.SECURITY,
        "besides a password that is null, the present one is missing",
    ),
    _deviation(
        ["password/change, numbers as fields"],
        {"status": 400, "body": {"password": _NO_TEXT, **_UNPROVEN}},
        Reason.SECURITY,
        "the original takes a number as password, and asks for no present one",
    ),
    _deviation(
        ["password/change, weak password"],
        {"status": 400, "body": {"password": WEAK, **_UNPROVEN}},
        Reason.SECURITY,
        "the original takes the password 1, and asks for no present one",
    ),
    _deviation(
        ["videos, one that is no number"],
        {"body": {"detail": "No Video matches the given query."}},
        Reason.UNREAD,
        "clients ask for numbers alone, and read only that it is a 404",
    ),
)
