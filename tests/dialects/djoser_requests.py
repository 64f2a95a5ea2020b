"""Requests of the dialect of djoser and simplejwt: accounts and tokens."""

from collections.abc import Iterator, Sequence

from tests.dialects.request import (
    ADA,
    BOB,
    OTHER_PASSWORD,
    PASSWORD,
    ROOT,
    Preparation,
    Request,
    Step,
    as_form,
    with_token,
    wrong_bodies,
    wrong_methods,
)

_AUTH = "/api/auth"
BEARER = "Bearer {access}"
_STALE = {"Authorization": "Bearer x.y.z"}
_SIGN_UP = {"email": ADA, "password": PASSWORD, "re_password": PASSWORD}
_BOB = {"email": BOB, "password": PASSWORD, "re_password": PASSWORD}
_CREDENTIALS = {"email": ADA, "password": PASSWORD}
_ROOT = {"email": ROOT, "password": PASSWORD}
_CONFIRMED = ("users/activation",)
SIGNED_IN = ("jwt/create",)


def _post(name: str, body: object, *before: Step) -> Request:
    path = f"{_AUTH}/{name.partition(',')[0]}/"
    return Request(name, "POST", path, body, before=before)


def public(request: Request) -> Sequence[Request]:
    return [
        request.but("stale token", headers=_STALE),
        request.but("other scheme", headers={"Authorization": "Token 0123"}),
    ]


def guarded(request: Request) -> Sequence[Request]:
    schemes = {
        "JWT as scheme": "JWT {access}",
        "other scheme": "Token {access}",
        "no token": "Bearer",
        "two tokens": "Bearer a b",
        "refresh token": "Bearer {refresh}",
    }
    return [
        with_token(request, BEARER),
        request.but("signed out", before=[step for step in request.before if step != "jwt/create"]),
        request.but("stale token", headers=_STALE),
        with_token(request, BEARER).but("expired", before=(*request.before, Preparation.EXPIRY)),
        *(request.but(case, headers={"Authorization": sent}) for case, sent in schemes.items()),
    ]


def _signups() -> Iterator[Request]:
    users = _post("users", _SIGN_UP)
    yield from (users, as_form(users), *public(users), *wrong_bodies(users))
    yield users.but("no slash", path=f"{_AUTH}/users")
    yield users.but("malformed address", body=_SIGN_UP | {"email": "ada"})
    yield users.but("long address", body=_SIGN_UP | {"email": f"{'a' * 250}@example.com"})
    yield users.but("mismatch", body=_SIGN_UP | {"re_password": OTHER_PASSWORD})
    weak = {"weak": "1", "common": "password", "similar": "ada@example", "numeric": "8415926535"}
    for case, password in weak.items():
        sent = _SIGN_UP | {"password": password, "re_password": password}
        yield users.but(f"{case} password", body=sent)
    yield users.but("weak and mismatch", body=_SIGN_UP | {"password": "1"})
    yield users.but("taken", before=_CONFIRMED)
    yield users.but("taken in capitals", body=_SIGN_UP | {"email": ADA.upper()}, before=_CONFIRMED)
    yield users.but("again", before=("users",))
    yield _post("users, of Bob", _BOB)


def _activations() -> Iterator[Request]:
    sent = {"uid": "{uid}", "token": "{link}"}
    activation = _post("users/activation", sent, "users")
    yield from (activation, *public(activation), *wrong_bodies(activation))
    yield from _links(activation)
    yield _post("users/activation, of Bob", sent, "users, of Bob")
    resend = _post("users/resend_activation", {"email": ADA}, "users")
    yield from (resend, *public(resend), *wrong_bodies(resend))
    yield resend.but("active account", before=_CONFIRMED)
    yield resend.but("unknown address", before=())
    yield resend.but("malformed address", body={"email": "ada"})
    yield activation.but("of the second mail", before=("users", "users/resend_activation"))
    link = Request("activate", "GET", "/activate/{uid}/{link}/", before=("users",))
    yield from (link, link.but("used", before=("users", "activate")))
    yield link.but("wrong token", path="/activate/{uid}/x/")
    yield link.but("wrong uid", path="/activate/x/{link}/")
    yield from public(link)


def _links(request: Request) -> Sequence[Request]:
    return [
        request.but("used", before=(*request.before, request.name)),
        request.but("wrong token", body=request.body | {"token": "x"}),
        request.but("wrong uid", body=request.body | {"uid": "x"}),
        request.but("uid of another account", body=request.body | {"uid": "OTk5"}),
    ]


def _tokens() -> Iterator[Request]:
    create = _post("jwt/create", _CREDENTIALS, *_CONFIRMED)
    yield from (create, as_form(create), *public(create), *wrong_bodies(create))
    yield create.but("no slash", path=f"{_AUTH}/jwt/create")
    wrong = _CREDENTIALS | {"password": OTHER_PASSWORD}
    yield create.but("wrong password", body=wrong)
    yield create.but("unknown address", before=())
    yield create.but("unconfirmed", before=("users",))
    yield create.but("unconfirmed, wrong password", body=wrong, before=("users",))
    yield create.but("deactivated", before=(*_CONFIRMED, Preparation.DEACTIVATION))
    yield create.but("in capitals", body=_CREDENTIALS | {"email": ADA.upper()})
    yield create.but("malformed address", body=_CREDENTIALS | {"email": "ada"})
    yield create.but("by the administrator", before=(Preparation.ADMINISTRATOR,), body=_ROOT)


def _refreshes() -> Iterator[Request]:
    refresh = _post("jwt/refresh", {"refresh": "{refresh}"}, *SIGNED_IN)
    yield from (refresh, *public(refresh), *wrong_bodies(refresh))
    yield refresh.but("twice", before=(*SIGNED_IN, "jwt/refresh"))
    yield refresh.but("forged", body={"refresh": "x.y.z"})
    yield refresh.but("expired", before=(*SIGNED_IN, Preparation.EXPIRY))
    yield refresh.but("access token", body={"refresh": "{access}"})
    yield refresh.but("deactivated", before=(*SIGNED_IN, Preparation.DEACTIVATION))
    yield refresh.but("after a change of the password", before=("users/set_password",))
    yield refresh.but("after a reset", before=(*SIGNED_IN, "users/reset_password_confirm"))
    yield refresh.but("after deletion", before=("users/me by DELETE",))
    verify = _post("jwt/verify", {"token": "{access}"}, *SIGNED_IN)
    yield from (verify, *public(verify), *wrong_bodies(verify))
    yield verify.but("refresh token", body={"token": "{refresh}"})
    yield verify.but("forged", body={"token": "x.y.z"})
    yield verify.but("expired", before=(*SIGNED_IN, Preparation.EXPIRY))


def _accounts() -> Iterator[Request]:
    me = Request("users/me", "GET", f"{_AUTH}/users/me/", before=SIGNED_IN)
    yield from guarded(me)
    me = with_token(me, BEARER)
    yield me.but("after deactivation", before=(*SIGNED_IN, Preparation.DEACTIVATION))
    yield me.but("after a change of the password", before=("users/set_password",))
    yield me.but("after a reset", before=("jwt/create", "users/reset_password_confirm"))
    yield me.but("after a change of the address", before=("users/set_email",))
    yield me.but("after deletion", before=("users/me by DELETE",))
    for method in ("PUT", "PATCH"):
        write = me.but(f"by {method}", method=method, body={"email": BOB})
        yield from (write, write.but("signed out", before=(), headers={}))
        yield from wrong_bodies(write)
        yield write.but("other fields", body={"first_name": "Ada", "is_staff": True, "id": 5})
    sent = {"current_password": PASSWORD}
    delete = Request("users/me by DELETE", "DELETE", me.path, sent, before=SIGNED_IN)
    delete = with_token(delete, BEARER)
    yield from (delete, *wrong_bodies(delete))
    yield delete.but("wrong password", body={"current_password": OTHER_PASSWORD})
    yield delete.but("signed out", before=(), headers={})
    listed = Request("users by GET", "GET", f"{_AUTH}/users/", before=SIGNED_IN)
    yield from guarded(listed)
    yield with_token(listed, BEARER).but("two accounts", before=("users, of Bob", *SIGNED_IN))
    yield me.but("by its id", path=f"{_AUTH}/users/1/")
    yield me.but("of another account", path=f"{_AUTH}/users/7654321/")


def _passwords() -> Iterator[Request]:
    repeated = {"new_password": OTHER_PASSWORD, "re_new_password": OTHER_PASSWORD}
    sent = {**repeated, "current_password": PASSWORD}
    change = _post("users/set_password", sent, *SIGNED_IN)
    yield from guarded(change)
    change = with_token(change, BEARER)
    yield from wrong_bodies(change)
    yield change.but("wrong password", body=sent | {"current_password": OTHER_PASSWORD})
    yield change.but("mismatch", body=sent | {"re_new_password": PASSWORD})
    yield change.but("weak password", body=sent | dict.fromkeys(repeated, "1"))
    yield change.but("same password", body=sent | dict.fromkeys(repeated, PASSWORD))
    new = _CREDENTIALS | {"password": OTHER_PASSWORD}
    yield _post("jwt/create, after a change", new, "users/set_password")
    reset = _post("users/reset_password", {"email": ADA}, *_CONFIRMED)
    yield from (reset, *public(reset), *wrong_bodies(reset))
    yield reset.but("unknown address", before=())
    yield reset.but("unconfirmed", before=("users",))
    yield reset.but("malformed address", body={"email": "ada"})
    link = {"uid": "{uid}", "token": "{link}"}
    sent = {**link, **repeated}
    confirm = _post("users/reset_password_confirm", sent, "users/reset_password")
    yield from (confirm, *public(confirm), *wrong_bodies(confirm), *_links(confirm))
    yield confirm.but("mismatch", body=sent | {"re_new_password": PASSWORD})
    yield confirm.but("weak password", body=sent | dict.fromkeys(repeated, "1"))
    yield confirm.but("link of the sign-up", before=("users",))
    yield _post("jwt/create, after a reset", new, "users/reset_password_confirm")


def _addresses() -> Iterator[Request]:
    sent = {"new_email": BOB, "current_password": PASSWORD}
    change = _post("users/set_email", sent, *SIGNED_IN)
    yield from guarded(change)
    change = with_token(change, BEARER)
    yield from wrong_bodies(change)
    yield change.but("wrong password", body=sent | {"current_password": OTHER_PASSWORD})
    yield change.but("malformed address", body=sent | {"new_email": "bob"})
    yield change.but("own address", body=sent | {"new_email": ADA})
    yield change.but("taken", before=("users/activation, of Bob", *SIGNED_IN))
    yield change.but("unconfirmed address", before=("users, of Bob", *SIGNED_IN))
    new = _CREDENTIALS | {"email": BOB}
    yield _post("jwt/create, after a change of the address", new, "users/set_email")
    reset = _post("users/reset_email", {"email": ADA}, *_CONFIRMED)
    yield from (reset, *public(reset), *wrong_bodies(reset))
    yield reset.but("unknown address", before=())
    sent = {"uid": "{uid}", "token": "{link}", "new_email": BOB}
    confirm = _post("users/reset_email_confirm", sent, "users/reset_email")
    yield from (confirm, *public(confirm), *wrong_bodies(confirm), *_links(confirm))
    yield confirm.but("malformed address", body=sent | {"new_email": "bob"})
    yield confirm.but("taken", before=("users/activation, of Bob", "users/reset_email"))


def _methods() -> Iterator[Request]:
    public_names = (
        *("users/activation", "users/resend_activation", "users/reset_password"),
        *("users/reset_password_confirm", "jwt/create", "jwt/refresh", "jwt/verify"),
    )
    for name in public_names:
        yield from wrong_methods(f"{_AUTH}/{name}/", "GET", "DELETE")
    for name, methods in (
        ("users", ("PUT", "DELETE")),
        ("users/me", ("POST",)),
        ("users/set_password", ("GET",)),
        ("users/set_email", ("GET",)),
    ):
        for request in wrong_methods(f"{_AUTH}/{name}/", *methods):
            yield with_token(request.but("signed in", before=SIGNED_IN), BEARER)
            yield request.but("signed out")
    yield Request("nothing", "GET", f"{_AUTH}/nothing/")


ACCOUNTS: Sequence[Request] = [
    *_signups(),
    *_activations(),
    *_tokens(),
    *_refreshes(),
    *_accounts(),
    *_passwords(),
    *_addresses(),
    *_methods(),
]
