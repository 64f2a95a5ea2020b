"""Every answer of ours in dialect authemail that differs from that of the original, on purpose."""

from collections.abc import Sequence

from tests.dialects.comparing import Deviation, Reason

_SEND_JSON = "Send JSON with the content type application/json, or a form that is URL-encoded."

AUTHEMAIL: Sequence[Deviation] = (
    Deviation(
        "authemail",
        ["signup, no slash"],
        {
            "status": 201,
            "content_type": "application/json",
            "body": {"email": "ada@example.com", "first_name": "", "last_name": ""},
            "location": "",
        },
        Reason.CLIENTS,
        "a path without its slash is answered at once, not redirected",
    ),
    Deviation(
        "authemail",
        [
            "email/change, other scheme",
            "logout, other scheme",
            "password/change, other scheme",
            "users/me, other scheme",
        ],
        {"body": {"detail": "Invalid token."}},
        Reason.CLIENTS,
        "a program is known by any of our schemes in every dialect, here with a bad token",
    ),
    Deviation(
        "authemail",
        ["categories, by POST"],
        {"status": 403, "body": {"detail": "Only administrators may do this."}},
        Reason.CLIENTS,
        "another dialect or the core has this method of the shared path, for administrators",
    ),
    Deviation(
        "authemail",
        ["videos, by POST", "videos, one by DELETE"],
        {"status": 403, "body": {"detail": "You do not have permission to perform this action."}},
        Reason.CLIENTS,
        "another dialect or the core has this method of the shared path, for administrators",
    ),
    Deviation(
        "authemail",
        ["login, stale token"],
        {"status": 200, "body": {"token": "<token>"}, "www_authenticate": ""},
        Reason.CLIENTS,
        "clients send a stale token everywhere, so public routes ignore it",
    ),
    Deviation(
        "authemail",
        ["password/reset, stale token"],
        {"status": 201, "body": {"email": "ada@example.com"}, "www_authenticate": ""},
        Reason.CLIENTS,
        "clients send a stale token everywhere, so public routes ignore it",
    ),
    Deviation(
        "authemail",
        ["password/reset/verified, stale token"],
        {"status": 200, "body": {"success": "Password reset."}, "www_authenticate": ""},
        Reason.CLIENTS,
        "clients send a stale token everywhere, so public routes ignore it",
    ),
    Deviation(
        "authemail",
        ["password/reset/verify, stale token", "signup/verify, stale token"],
        {"status": 200, "body": {"success": "Email address verified."}, "www_authenticate": ""},
        Reason.CLIENTS,
        "clients send a stale token everywhere, so public routes ignore it",
    ),
    Deviation(
        "authemail",
        ["signup, stale token"],
        {
            "status": 201,
            "body": {"email": "ada@example.com", "first_name": "", "last_name": ""},
            "www_authenticate": "",
        },
        Reason.CLIENTS,
        "clients send a stale token everywhere, so public routes ignore it",
    ),
    Deviation(
        "authemail",
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
        "the scheme chooses the dialect of a path that two of them share",
    ),
    Deviation(
        "authemail",
        ["videos, signed out"],
        {"www_authenticate": 'Bearer realm="api"'},
        Reason.CLIENTS,
        "without a scheme, djoser answers on the path that it shares",
    ),
    Deviation(
        "authemail",
        ["categories, other scheme"],
        {
            "body": {"detail": "This token is not valid, or no longer."},
            "www_authenticate": "Bearer",
        },
        Reason.CLIENTS,
        "without the scheme Token, the core answers on the path that it shares",
    ),
    Deviation(
        "authemail",
        ["categories, signed out"],
        {"body": {"detail": "Please sign in."}, "www_authenticate": "Bearer"},
        Reason.CLIENTS,
        "without the scheme Token, the core answers on the path that it shares",
    ),
    Deviation(
        "authemail",
        ["users/me, after deactivation"],
        {"body": {"detail": "Invalid token."}},
        Reason.ENUMERATION,
        "a dead token says nothing of its account",
    ),
    Deviation(
        "authemail",
        ["signup, taken"],
        {"status": 201, "body": {"email": "ada@example.com", "first_name": "", "last_name": ""}},
        Reason.ENUMERATION,
        "a taken address is answered like a free one",
    ),
    Deviation(
        "authemail",
        ["login, unconfirmed"],
        {"body": {"detail": "Unable to login with provided credentials."}},
        Reason.ENUMERATION,
        "the answer is the same whether there is an account, and whatever its state",
    ),
    Deviation(
        "authemail",
        [
            "password/reset, deactivated",
            "password/reset, unconfirmed",
            "password/reset, unknown address",
        ],
        {"status": 201, "body": {"email": "ada@example.com"}},
        Reason.ENUMERATION,
        "the answer is the same whether there is an account, and whatever its state",
    ),
    Deviation(
        "authemail",
        ["login, in capitals"],
        {"status": 200, "body": {"token": "<token>"}},
        Reason.RULES,
        "a mailbox is one account, however its address is written",
    ),
    Deviation(
        "authemail",
        ["signup, taken in capitals"],
        {"body": {"email": "ada@example.com", "first_name": "", "last_name": ""}},
        Reason.RULES,
        "a mailbox is one account, however its address is written",
    ),
    Deviation(
        "authemail",
        ["password/reset/verified, weak password", "signup, weak password"],
        {
            "status": 400,
            "body": {
                "password": [
                    "Use at least 8 characters.",
                    "Do not use digits only.",
                    "Use more than one character.",
                ]
            },
        },
        Reason.RULES,
        "our password policy holds in every dialect, in its own words",
    ),
    Deviation(
        "authemail",
        ["signup, common password"],
        {"status": 400, "body": {"password": ["This password is too common."]}},
        Reason.RULES,
        "our password policy holds in every dialect, in its own words",
    ),
    Deviation(
        "authemail",
        ["signup, long password"],
        {"status": 201, "body": {"email": "ada@example.com", "first_name": "", "last_name": ""}},
        Reason.RULES,
        "our password policy holds in every dialect, in its own words",
    ),
    Deviation(
        "authemail",
        ["login, numbers as fields", "signup, numbers as fields"],
        {"body": {"email": ["Enter a valid email address."], "password": ["Not a valid string."]}},
        Reason.RULES,
        "the form is checked before the values: a number is no text, and every problem is named",
    ),
    Deviation(
        "authemail",
        ["password/reset/verified, long code"],
        {"body": {"detail": "Unable to verify user."}},
        Reason.RULES,
        "the form is checked before the values: a number is no text, and every problem is named",
    ),
    Deviation(
        "authemail",
        ["password/reset/verified, numbers as fields"],
        {"body": {"code": ["Not a valid string."], "password": ["Not a valid string."]}},
        Reason.RULES,
        "the form is checked before the values: a number is no text, and every problem is named",
    ),
    Deviation(
        "authemail",
        ["signup, long address"],
        {"body": {"email": ["Enter a valid email address."]}},
        Reason.RULES,
        "the form is checked before the values: a number is no text, and every problem is named",
    ),
    Deviation(
        "authemail",
        ["users/me, after a reset"],
        {"status": 401, "body": {"detail": "Invalid token."}, "www_authenticate": "Token"},
        Reason.SECURITY,
        "a new password ends every session",
    ),
    Deviation(
        "authemail",
        [
            "login, plain text",
            "password/reset, plain text",
            "password/reset/verified, plain text",
            "signup, plain text",
        ],
        {"body": {"detail": _SEND_JSON}},
        Reason.SECURITY,
        "an error never repeats what was sent",
    ),
    Deviation(
        "authemail",
        ["login, after a change", "login, after a change of the address"],
        {"status": 401, "body": {"detail": "Unable to login with provided credentials."}},
        Reason.SECURITY,
        "the change before it was refused without the password",
    ),
    Deviation(
        "authemail",
        ["login, with the changed address", "login, with the changed password"],
        {"status": 200, "body": {"token": "<token>"}},
        Reason.SECURITY,
        "the change before it was refused without the password",
    ),
    Deviation(
        "authemail",
        ["users/me, after a change of the address"],
        {"body": {"id": "<id>", "email": "ada@example.com", "first_name": "", "last_name": ""}},
        Reason.SECURITY,
        "the change before it was refused without the password",
    ),
    Deviation(
        "authemail",
        [
            "email/change/verify",
            "email/change/verify, other scheme",
            "email/change/verify, unconfirmed address",
        ],
        {"status": 400, "body": {"detail": "Unable to verify user."}},
        Reason.SECURITY,
        "the change before it was refused without the password, so no mail was sent",
    ),
    Deviation(
        "authemail",
        ["email/change/verify, stale token"],
        {"status": 400, "body": {"detail": "Unable to verify user."}, "www_authenticate": ""},
        Reason.SECURITY,
        "the change before it was refused without the password, so no mail was sent",
    ),
    Deviation(
        "authemail",
        ["email/change", "email/change, unconfirmed address", "password/change"],
        {"status": 400, "body": {"current_password": ["This field is required."]}},
        Reason.SECURITY,
        "who finds a signed-in browser must not take the account: it wants `current_password`",
    ),
    Deviation(
        "authemail",
        ["email/change, blank fields"],
        {
            "body": {
                "email": ["This field may not be blank."],
                "current_password": ["This field is required."],
            }
        },
        Reason.SECURITY,
        "who finds a signed-in browser must not take the account: it wants `current_password`",
    ),
    Deviation(
        "authemail",
        [
            "email/change, lists as fields",
            "email/change, malformed address",
            "email/change, numbers as fields",
            "email/change, objects as fields",
            "email/change, true as fields",
        ],
        {
            "body": {
                "email": ["Enter a valid email address."],
                "current_password": ["This field is required."],
            }
        },
        Reason.SECURITY,
        "who finds a signed-in browser must not take the account: it wants `current_password`",
    ),
    Deviation(
        "authemail",
        ["email/change, no fields", "email/change, nothing"],
        {
            "body": {
                "email": ["This field is required."],
                "current_password": ["This field is required."],
            }
        },
        Reason.SECURITY,
        "who finds a signed-in browser must not take the account: it wants `current_password`",
    ),
    Deviation(
        "authemail",
        ["email/change, null fields"],
        {
            "body": {
                "email": ["This field may not be null."],
                "current_password": ["This field is required."],
            }
        },
        Reason.SECURITY,
        "who finds a signed-in browser must not take the account: it wants `current_password`",
    ),
    Deviation(
        "authemail",
        ["email/change, own address", "email/change, taken"],
        {"body": {"current_password": ["This field is required."]}},
        Reason.SECURITY,
        "who finds a signed-in browser must not take the account: it wants `current_password`",
    ),
    Deviation(
        "authemail",
        ["email/change, plain text", "password/change, plain text"],
        {"body": {"detail": _SEND_JSON}},
        Reason.SECURITY,
        "who finds a signed-in browser must not take the account: it wants `current_password`",
    ),
    Deviation(
        "authemail",
        ["password/change, blank fields"],
        {
            "body": {
                "password": ["This field may not be blank."],
                "current_password": ["This field is required."],
            }
        },
        Reason.SECURITY,
        "who finds a signed-in browser must not take the account: it wants `current_password`",
    ),
    Deviation(
        "authemail",
        [
            "password/change, lists as fields",
            "password/change, objects as fields",
            "password/change, true as fields",
        ],
        {
            "body": {
                "password": ["Not a valid string."],
                "current_password": ["This field is required."],
            }
        },
        Reason.SECURITY,
        "who finds a signed-in browser must not take the account: it wants `current_password`",
    ),
    Deviation(
        "authemail",
        ["password/change, no fields", "password/change, nothing"],
        {
            "body": {
                "password": ["This field is required."],
                "current_password": ["This field is required."],
            }
        },
        Reason.SECURITY,
        "who finds a signed-in browser must not take the account: it wants `current_password`",
    ),
    Deviation(
        "authemail",
        ["password/change, null fields"],
        {
            "body": {
                "password": ["This field may not be null."],
                "current_password": ["This field is required."],
            }
        },
        Reason.SECURITY,
        "who finds a signed-in browser must not take the account: it wants `current_password`",
    ),
    Deviation(
        "authemail",
        ["password/change, numbers as fields"],
        {
            "status": 400,
            "body": {
                "password": ["Not a valid string."],
                "current_password": ["This field is required."],
            },
        },
        Reason.SECURITY,
        "who finds a signed-in browser must not take the account: it wants `current_password`",
    ),
    Deviation(
        "authemail",
        ["password/change, weak password"],
        {
            "status": 400,
            "body": {
                "password": [
                    "Use at least 8 characters.",
                    "Do not use digits only.",
                    "Use more than one character.",
                ],
                "current_password": ["This field is required."],
            },
        },
        Reason.SECURITY,
        "who finds a signed-in browser must not take the account: it wants `current_password`",
    ),
    Deviation(
        "authemail",
        ["videos, one that is no number"],
        {"body": {"detail": "No Video matches the given query."}},
        Reason.UNREAD,
        "clients ask for numbers only; both are a 404",
    ),
)
