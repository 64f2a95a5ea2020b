"""Every answer of ours in dialect djoser that differs from that of the original, on purpose."""

from collections.abc import Sequence

from tests.dialects.comparing import Deviation, Reason

_SEND_JSON = "Send JSON with the content type application/json, or a form that is URL-encoded."

DJOSER: Sequence[Deviation] = (
    Deviation(
        "djoser",
        ["jwt/refresh, access token", "jwt/refresh, deactivated", "jwt/refresh, expired"],
        {
            "status": 400,
            "body": {"detail": "Token is invalid", "code": "token_not_valid"},
            "www_authenticate": "",
        },
        Reason.CLIENTS,
        "a 401 here makes the client refresh without end; every dead token says the same",
    ),
    Deviation(
        "djoser",
        ["jwt/refresh, after deletion"],
        {
            "status": 400,
            "content_type": "application/json",
            "body": {"detail": "Token is invalid", "code": "token_not_valid"},
        },
        Reason.CLIENTS,
        "a 401 here makes the client refresh without end; every dead token says the same",
    ),
    Deviation(
        "djoser",
        ["jwt/refresh, forged"],
        {"status": 400, "www_authenticate": ""},
        Reason.CLIENTS,
        "a 401 here makes the client refresh without end; every dead token says the same",
    ),
    Deviation(
        "djoser",
        ["users, no slash"],
        {
            "status": 201,
            "content_type": "application/json",
            "body": {"email": "ada@example.com", "id": "<id>"},
            "location": "",
        },
        Reason.CLIENTS,
        "a path without its slash is answered at once, not redirected",
    ),
    Deviation(
        "djoser",
        [
            "trailers, other scheme",
            "users by GET, other scheme",
            "users/me, other scheme",
            "users/set_email, other scheme",
            "users/set_password, other scheme",
        ],
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
            }
        },
        Reason.CLIENTS,
        "a program is known by any of our schemes in every dialect, here with a bad token",
    ),
    Deviation(
        "djoser",
        ["users, stale token"],
        {"status": 201, "body": {"email": "ada@example.com", "id": "<id>"}, "www_authenticate": ""},
        Reason.CLIENTS,
        "clients send a stale token everywhere, so public routes ignore it",
    ),
    Deviation(
        "djoser",
        [
            "users/activation, stale token",
            "users/resend_activation, stale token",
            "users/reset_password, stale token",
            "users/reset_password_confirm, stale token",
        ],
        {"status": 204, "content_type": "", "body": None, "www_authenticate": ""},
        Reason.CLIENTS,
        "clients send a stale token everywhere, so public routes ignore it",
    ),
    Deviation(
        "djoser",
        ["videos, other scheme"],
        {"body": {"detail": "Invalid token."}, "www_authenticate": "Token"},
        Reason.CLIENTS,
        "the scheme chooses the dialect of a path that two of them share",
    ),
    Deviation(
        "djoser",
        ["users/me, after deactivation", "users/me, after deletion"],
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
            }
        },
        Reason.ENUMERATION,
        "a dead token says nothing of its account",
    ),
    Deviation(
        "djoser",
        ["users, again", "users, taken"],
        {"status": 201, "body": {"email": "ada@example.com", "id": "<id>"}},
        Reason.ENUMERATION,
        "a taken address is answered like a free one",
    ),
    Deviation(
        "djoser",
        ["users/set_email, taken", "users/set_email, unconfirmed address"],
        {"status": 204, "content_type": "", "body": None},
        Reason.ENUMERATION,
        "a taken address is answered like a free one",
    ),
    Deviation(
        "djoser",
        [
            "users/activation, uid of another account",
            "users/activation, wrong uid",
            "users/reset_password_confirm, uid of another account",
            "users/reset_password_confirm, wrong uid",
        ],
        {"body": {"token": ["Invalid token for given user."]}},
        Reason.ENUMERATION,
        "the answer is the same whether there is an account, and whatever its state",
    ),
    Deviation(
        "djoser",
        ["users/activation, used"],
        {"status": 400, "body": {"token": ["Invalid token for given user."]}},
        Reason.ENUMERATION,
        "the answer is the same whether there is an account, and whatever its state",
    ),
    Deviation(
        "djoser",
        ["videos by PUT, no category"],
        {
            "body": {
                "id": "<id>",
                "title": "Metropolis",
                "description": "A city.",
                "category": "",
                "is_trailer": False,
                "thumb": "<URL>",
                "hero_frame": "<URL>",
                "source_url": None,
                "video_file": "<URL>",
                "source_variants": [{"path": "<URL>", "height": "<height>"}],
                "genre": "",
                "release": None,
                "director": "",
                "license_type": "",
                "license_url": None,
                "created_at": "<time>",
            }
        },
        Reason.RULES,
        "a PUT empties what is not sent, and requires the title alone",
    ),
    Deviation(
        "djoser",
        ["videos by PUT, no description"],
        {
            "body": {
                "id": "<id>",
                "title": "Metropolis",
                "description": "",
                "category": "Drama",
                "is_trailer": False,
                "thumb": "<URL>",
                "hero_frame": "<URL>",
                "source_url": None,
                "video_file": "<URL>",
                "source_variants": [{"path": "<URL>", "height": "<height>"}],
                "genre": "",
                "release": None,
                "director": "",
                "license_type": "",
                "license_url": None,
                "created_at": "<time>",
            }
        },
        Reason.RULES,
        "a PUT empties what is not sent, and requires the title alone",
    ),
    Deviation(
        "djoser",
        ["videos by POST, unknown category"],
        {
            "status": 201,
            "body": {
                "id": "<id>",
                "title": "Metropolis",
                "description": "A city.",
                "category": "Noir",
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
            },
        },
        Reason.RULES,
        "a category is any text, also one that is not listed",
    ),
    Deviation(
        "djoser",
        [
            "videos by PATCH, blank fields",
            "videos by POST, blank fields",
            "videos by PUT, blank fields",
        ],
        {"body": {"title": ["This field may not be blank."]}},
        Reason.RULES,
        "a category may be empty; an error never repeats what was sent",
    ),
    Deviation(
        "djoser",
        ["jwt/create, in capitals"],
        {
            "status": 200,
            "body": {"refresh": "<token>", "access": "<token>"},
            "www_authenticate": "",
        },
        Reason.RULES,
        "a mailbox is one account, however its address is written",
    ),
    Deviation(
        "djoser",
        ["users, taken in capitals"],
        {"body": {"email": "ada@example.com", "id": "<id>"}},
        Reason.RULES,
        "a mailbox is one account, however its address is written",
    ),
    Deviation(
        "djoser",
        ["videos by POST, long title"],
        {"body": {"title": ["Ensure this field has no more than 200 characters."]}},
        Reason.RULES,
        "our limits of the catalogue: a title has at most 200 characters",
    ),
    Deviation(
        "djoser",
        ["users, mismatch"],
        {"body": {"re_password": ["The passwords do not match."]}},
        Reason.RULES,
        "our password policy holds in every dialect, in its own words",
    ),
    Deviation(
        "djoser",
        ["users, numeric password"],
        {"body": {"password": ["Do not use digits only."]}},
        Reason.RULES,
        "our password policy holds in every dialect, in its own words",
    ),
    Deviation(
        "djoser",
        ["users, similar password"],
        {"body": {"password": ["This password is too easy to guess."]}},
        Reason.RULES,
        "our password policy holds in every dialect, in its own words",
    ),
    Deviation(
        "djoser",
        ["users, weak and mismatch"],
        {
            "body": {
                "password": [
                    "Use at least 8 characters.",
                    "Do not use digits only.",
                    "Use more than one character.",
                ],
                "re_password": ["The passwords do not match."],
            }
        },
        Reason.RULES,
        "our password policy holds in every dialect, in its own words",
    ),
    Deviation(
        "djoser",
        ["users, weak password"],
        {
            "body": {
                "password": [
                    "Use at least 8 characters.",
                    "Do not use digits only.",
                    "Use more than one character.",
                ]
            }
        },
        Reason.RULES,
        "our password policy holds in every dialect, in its own words",
    ),
    Deviation(
        "djoser",
        ["users/reset_password_confirm, weak password", "users/set_password, weak password"],
        {
            "body": {
                "new_password": [
                    "Use at least 8 characters.",
                    "Do not use digits only.",
                    "Use more than one character.",
                ]
            }
        },
        Reason.RULES,
        "our password policy holds in every dialect, in its own words",
    ),
    Deviation(
        "djoser",
        ["videos by POST"],
        {
            "body": {
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
            }
        },
        Reason.RULES,
        "without media, pictures are placeholders and there is no file; no category is chosen",
    ),
    Deviation(
        "djoser",
        ["videos by POST, no category"],
        {
            "body": {
                "id": "<id>",
                "title": "Metropolis",
                "description": "A city.",
                "category": "",
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
            }
        },
        Reason.RULES,
        "without media, pictures are placeholders and there is no file; no category is chosen",
    ),
    Deviation(
        "djoser",
        ["videos by POST, no description"],
        {
            "body": {
                "id": "<id>",
                "title": "Metropolis",
                "description": "",
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
            }
        },
        Reason.RULES,
        "without media, pictures are placeholders and there is no file; no category is chosen",
    ),
    Deviation(
        "djoser",
        ["videos by POST, only a title"],
        {
            "body": {
                "id": "<id>",
                "title": "Metropolis",
                "description": "",
                "category": "",
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
            }
        },
        Reason.RULES,
        "without media, pictures are placeholders and there is no file; no category is chosen",
    ),
    Deviation(
        "djoser",
        [
            "jwt/create, lists as fields",
            "jwt/create, objects as fields",
            "jwt/create, true as fields",
        ],
        {"body": {"email": ["Enter a valid email address."], "password": ["Not a valid string."]}},
        Reason.RULES,
        "the form is checked before the values: a number is no text, and every problem is named",
    ),
    Deviation(
        "djoser",
        ["jwt/create, malformed address"],
        {
            "status": 400,
            "body": {"email": ["Enter a valid email address."]},
            "www_authenticate": "",
        },
        Reason.RULES,
        "the form is checked before the values: a number is no text, and every problem is named",
    ),
    Deviation(
        "djoser",
        ["jwt/create, numbers as fields"],
        {
            "status": 400,
            "body": {
                "email": ["Enter a valid email address."],
                "password": ["Not a valid string."],
            },
            "www_authenticate": "",
        },
        Reason.RULES,
        "the form is checked before the values: a number is no text, and every problem is named",
    ),
    Deviation(
        "djoser",
        ["jwt/refresh, numbers as fields"],
        {"status": 400, "body": {"refresh": ["Not a valid string."]}, "www_authenticate": ""},
        Reason.RULES,
        "the form is checked before the values: a number is no text, and every problem is named",
    ),
    Deviation(
        "djoser",
        ["jwt/verify, numbers as fields"],
        {"status": 400, "body": {"token": ["Not a valid string."]}, "www_authenticate": ""},
        Reason.RULES,
        "the form is checked before the values: a number is no text, and every problem is named",
    ),
    Deviation(
        "djoser",
        ["users, long address"],
        {"body": {"email": ["Enter a valid email address."]}},
        Reason.RULES,
        "the form is checked before the values: a number is no text, and every problem is named",
    ),
    Deviation(
        "djoser",
        ["users, numbers as fields"],
        {
            "body": {
                "email": ["Enter a valid email address."],
                "password": ["Not a valid string."],
                "re_password": ["Not a valid string."],
            }
        },
        Reason.RULES,
        "the form is checked before the values: a number is no text, and every problem is named",
    ),
    Deviation(
        "djoser",
        ["users/activation, numbers as fields"],
        {
            "status": 400,
            "content_type": "application/json",
            "body": {"uid": ["Not a valid string."], "token": ["Not a valid string."]},
        },
        Reason.RULES,
        "the form is checked before the values: a number is no text, and every problem is named",
    ),
    Deviation(
        "djoser",
        ["users/me by DELETE, numbers as fields"],
        {"body": {"current_password": ["Not a valid string."]}},
        Reason.RULES,
        "the form is checked before the values: a number is no text, and every problem is named",
    ),
    Deviation(
        "djoser",
        ["users/reset_password_confirm, numbers as fields"],
        {
            "body": {
                "uid": ["Not a valid string."],
                "token": ["Not a valid string."],
                "new_password": ["Not a valid string."],
            }
        },
        Reason.RULES,
        "the form is checked before the values: a number is no text, and every problem is named",
    ),
    Deviation(
        "djoser",
        ["users/set_email, numbers as fields"],
        {
            "body": {
                "new_email": ["Enter a valid email address."],
                "current_password": ["Not a valid string."],
            }
        },
        Reason.RULES,
        "the form is checked before the values: a number is no text, and every problem is named",
    ),
    Deviation(
        "djoser",
        ["users/set_password, numbers as fields"],
        {
            "body": {
                "new_password": ["Not a valid string."],
                "current_password": ["Not a valid string."],
            }
        },
        Reason.RULES,
        "the form is checked before the values: a number is no text, and every problem is named",
    ),
    Deviation(
        "djoser",
        [
            "videos by PATCH, lists as fields",
            "videos by PATCH, numbers as fields",
            "videos by PATCH, objects as fields",
            "videos by PATCH, true as fields",
            "videos by POST, lists as fields",
            "videos by POST, numbers as fields",
            "videos by POST, objects as fields",
            "videos by POST, true as fields",
            "videos by PUT, lists as fields",
            "videos by PUT, numbers as fields",
            "videos by PUT, objects as fields",
            "videos by PUT, true as fields",
        ],
        {
            "body": {
                "title": ["Not a valid string."],
                "description": ["Not a valid string."],
                "category": ["Not a valid string."],
            }
        },
        Reason.RULES,
        "the form is checked before the values: a number is no text, and every problem is named",
    ),
    Deviation(
        "djoser",
        ["users/set_email, own address"],
        {"body": {"new_email": ["This is your address already."]}},
        Reason.RULES,
        "the own address is refused by name; it reveals no other account",
    ),
    Deviation(
        "djoser",
        ["users/reset_password_confirm, link of the sign-up"],
        {
            "status": 400,
            "content_type": "application/json",
            "body": {"token": ["Invalid token for given user."]},
        },
        Reason.SECURITY,
        "a link opens only what its mail says",
    ),
    Deviation(
        "djoser",
        ["jwt/refresh, after a change of the password"],
        {"status": 400, "body": {"detail": "Token is invalid", "code": "token_not_valid"}},
        Reason.SECURITY,
        "a new password ends every session",
    ),
    Deviation(
        "djoser",
        ["users/me, after a change of the password", "users/me, after a reset"],
        {
            "status": 401,
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
        Reason.SECURITY,
        "a new password ends every session",
    ),
    Deviation(
        "djoser",
        ["jwt/create, after a change of the address"],
        {
            "status": 401,
            "body": {"detail": "No active account found with the given credentials"},
            "www_authenticate": 'Bearer realm="api"',
        },
        Reason.SECURITY,
        "an address changes once the new mailbox confirms it",
    ),
    Deviation(
        "djoser",
        ["users/me, after a change of the address"],
        {"body": {"id": "<id>", "email": "ada@example.com"}},
        Reason.SECURITY,
        "an address changes once the new mailbox confirms it",
    ),
    Deviation(
        "djoser",
        [
            "jwt/create, plain text",
            "jwt/refresh, plain text",
            "jwt/verify, plain text",
            "users, plain text",
            "users/activation, plain text",
            "users/me by DELETE, plain text",
            "users/me, by PATCH, plain text",
            "users/me, by PUT, plain text",
            "users/resend_activation, plain text",
            "users/reset_password, plain text",
            "users/reset_password_confirm, plain text",
            "users/set_email, plain text",
            "users/set_password, plain text",
            "videos by PATCH, plain text",
            "videos by POST, plain text",
            "videos by PUT, plain text",
        ],
        {"body": {"detail": _SEND_JSON}},
        Reason.SECURITY,
        "an error never repeats what was sent",
    ),
    Deviation(
        "djoser",
        ["videos, one that is no number"],
        {"body": {"detail": "No Video matches the given query."}},
        Reason.UNREAD,
        "clients ask for numbers only; both are a 404",
    ),
    Deviation(
        "djoser",
        ["jwt/verify, expired"],
        {"body": {"detail": "Token is invalid", "code": "token_not_valid"}},
        Reason.UNREAD,
        "clients read the status of a 401, not why the token is dead",
    ),
    Deviation(
        "djoser",
        [
            "trailers, expired",
            "trailers, refresh token",
            "users by GET, expired",
            "users by GET, refresh token",
            "users/me, expired",
            "users/me, refresh token",
            "users/set_email, expired",
            "users/set_email, refresh token",
            "users/set_password, expired",
            "users/set_password, refresh token",
            "videos, expired",
            "videos, refresh token",
        ],
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
            }
        },
        Reason.UNREAD,
        "clients read the status of a 401, not why the token is dead",
    ),
    Deviation(
        "djoser",
        [
            "/api/auth/users/ by DELETE, signed out",
            "/api/auth/users/activation/ by DELETE",
            "/api/auth/users/resend_activation/ by DELETE",
            "/api/auth/users/reset_password/ by DELETE",
            "/api/auth/users/reset_password_confirm/ by DELETE",
        ],
        {"status": 405, "body": {"detail": 'Method "DELETE" not allowed.'}, "www_authenticate": ""},
        Reason.UNREAD,
        "no client calls a path with a method that it does not have; both refuse it",
    ),
    Deviation(
        "djoser",
        ["/api/auth/users/ by PUT, signed out"],
        {"status": 405, "body": {"detail": 'Method "PUT" not allowed.'}, "www_authenticate": ""},
        Reason.UNREAD,
        "no client calls a path with a method that it does not have; both refuse it",
    ),
    Deviation(
        "djoser",
        [
            "/api/auth/users/activation/ by GET",
            "/api/auth/users/resend_activation/ by GET",
            "/api/auth/users/reset_password/ by GET",
            "/api/auth/users/reset_password_confirm/ by GET",
        ],
        {"status": 405, "body": {"detail": 'Method "GET" not allowed.'}, "www_authenticate": ""},
        Reason.UNREAD,
        "no client calls a path with a method that it does not have; both refuse it",
    ),
    Deviation(
        "djoser",
        ["/api/videos/ by DELETE, signed in"],
        {"status": 405, "body": {"detail": 'Method "DELETE" not allowed.'}},
        Reason.UNREAD,
        "no client calls a path with a method that it does not have; both refuse it",
    ),
    Deviation(
        "djoser",
        ["/api/videos/ by PUT, signed in"],
        {"status": 405, "body": {"detail": 'Method "PUT" not allowed.'}},
        Reason.UNREAD,
        "no client calls a path with a method that it does not have; both refuse it",
    ),
)
