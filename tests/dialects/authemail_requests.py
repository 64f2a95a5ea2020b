"""Requests of the dialect of django-rest-authemail."""

from collections.abc import Iterator, Sequence

from tests.dialects.request import (
    ADA,
    BOB,
    OTHER_PASSWORD,
    PASSWORD,
    Preparation,
    Request,
    as_form,
    with_token,
    wrong_bodies,
    wrong_methods,
)

_ACCOUNTS = "/api/accounts"
_CODE = "0123456789" * 4
_TOKEN = "Token {token}"
_STALE = {"Authorization": f"Token {_CODE}"}
_ADA = {"email": ADA, "password": PASSWORD}
_NEW = _ADA | {"password": OTHER_PASSWORD}
_BOB = {"email": BOB, "password": PASSWORD}
_CONFIRMED = ("signup/verify",)
_SIGNED_IN = ("login",)


def _post(name: str, body: object, *before: str | Preparation) -> Request:
    path = f"{_ACCOUNTS}/{name.partition(',')[0]}/"
    return Request(name, "POST", path, body, before=before)


def _get(name: str, query: str, *before: str | Preparation) -> Request:
    return Request(name, "GET", f"{_ACCOUNTS}/{name.partition(',')[0]}/{query}", before=before)


def _public(request: Request) -> Sequence[Request]:
    return [
        request.but("stale token", headers=_STALE),
        request.but("other scheme", headers={"Authorization": "Bearer x.y.z"}),
    ]


def _guarded(request: Request) -> Sequence[Request]:
    schemes = {"other scheme": "Bearer {token}", "no token": "Token", "two tokens": "Token a b"}
    return [
        with_token(request, _TOKEN),
        request.but("signed out", before=()),
        request.but("stale token", before=(), headers=_STALE),
        *(request.but(case, headers={"Authorization": sent}) for case, sent in schemes.items()),
    ]


def _signups() -> Iterator[Request]:
    signup = _post("signup", _ADA)
    yield from (signup, as_form(signup), *_public(signup), *wrong_bodies(signup))
    names = {"first_name": "Ada", "last_name": "Lovelace"}
    yield signup.but("with names", body=_ADA | names)
    yield signup.but("long names", body=_ADA | dict.fromkeys(names, "a" * 31))
    yield signup.but("malformed address", body=_ADA | {"email": "ada"})
    yield signup.but("long address", body=_ADA | {"email": f"{'a' * 250}@example.com"})
    yield signup.but("long password", body=_ADA | {"password": "long " * 30})
    yield signup.but("weak password", body=_ADA | {"password": "1"})
    yield signup.but("common password", body=_ADA | {"password": "password"})
    yield signup.but("taken", before=_CONFIRMED)
    yield signup.but("taken in capitals", body=_ADA | {"email": ADA.upper()}, before=_CONFIRMED)
    yield signup.but("again", before=("signup",))
    yield signup.but("no slash", path=f"{_ACCOUNTS}/signup")
    yield _post("signup, of Bob", _BOB)
    verify = _get("signup/verify", "?code={code}", "signup")
    yield from (verify, *_public(verify), *_codes(verify))
    yield verify.but("after another sign-up", before=("signup", "signup, again"))
    yield _get("signup/verify, of Bob", "?code={code}", "signup, of Bob")


def _codes(request: Request) -> Sequence[Request]:
    path = request.path.partition("?")[0]
    return [
        request.but("used", before=(*request.before, request.name)),
        request.but("wrong code", path=f"{path}?code={_CODE}", before=()),
        request.but("blank code", path=f"{path}?code=", before=()),
        request.but("no code", path=path, before=()),
    ]


def _sessions() -> Iterator[Request]:
    login = _post("login", _ADA, *_CONFIRMED)
    yield from (login, as_form(login), *_public(login), *wrong_bodies(login))
    wrong = _ADA | {"password": OTHER_PASSWORD}
    yield login.but("wrong password", body=wrong)
    yield login.but("unknown address", before=())
    yield login.but("unconfirmed", before=("signup",))
    yield login.but("unconfirmed, wrong password", body=wrong, before=("signup",))
    yield login.but("deactivated", before=(*_CONFIRMED, Preparation.DEACTIVATION))
    yield login.but("in capitals", body=_ADA | {"email": ADA.upper()})
    yield login.but("malformed address", body=_ADA | {"email": "ada"})
    yield login.but("twice", before=_SIGNED_IN)
    yield login.but("of Bob", body=_BOB, before=("signup/verify, of Bob",))
    logout = _get("logout", "", *_SIGNED_IN)
    yield from _guarded(logout)
    yield with_token(logout, _TOKEN).but("twice", before=(*_SIGNED_IN, "logout"))


def _passwords() -> Iterator[Request]:
    reset = _post("password/reset", {"email": ADA}, *_CONFIRMED)
    yield from (reset, *_public(reset), *wrong_bodies(reset))
    yield reset.but("unknown address", before=())
    yield reset.but("unconfirmed", before=("signup",))
    yield reset.but("deactivated", before=(*_CONFIRMED, Preparation.DEACTIVATION))
    yield reset.but("malformed address", body={"email": "ada"})
    verify = _get("password/reset/verify", "?code={code}", "password/reset")
    yield from (verify, *_public(verify), *_codes(verify)[1:])
    yield verify.but("twice", before=("password/reset", verify.name))
    yield verify.but("used", before=("password/reset/verified",))
    sent = {"code": "{code}", "password": OTHER_PASSWORD}
    verified = _post("password/reset/verified", sent, "password/reset")
    yield from (verified, *_public(verified), *wrong_bodies(verified))
    yield verified.but("used", before=("password/reset/verified",))
    yield verified.but("older code", before=("password/reset", "password/reset"))
    yield verified.but("wrong code", body=sent | {"code": _CODE})
    yield verified.but("long code", body=sent | {"code": f"{_CODE}0"})
    yield verified.but("code of the sign-up", before=("signup",))
    yield verified.but("weak password", body=sent | {"password": "1"})
    yield _post("login, after a reset", _NEW, "password/reset/verified")


def _changes() -> Iterator[Request]:
    change = _post("password/change", {"password": OTHER_PASSWORD}, *_SIGNED_IN)
    yield from _guarded(change)
    yield from wrong_bodies(with_token(change, _TOKEN))
    yield with_token(change, _TOKEN).but("weak password", body={"password": "1"})
    yield _post("login, after a change", _NEW, "password/change")
    yield _post("login, with the changed password", _ADA, "password/change")


def _addresses() -> Iterator[Request]:
    change = _post("email/change", {"email": BOB}, *_SIGNED_IN)
    yield from _guarded(change)
    change = with_token(change, _TOKEN)
    yield from wrong_bodies(change)
    yield change.but("malformed address", body={"email": "bob"})
    yield change.but("own address", body={"email": ADA})
    yield change.but("taken", before=("signup/verify, of Bob", *_SIGNED_IN))
    yield change.but("unconfirmed address", before=("signup, of Bob", *_SIGNED_IN))
    verify = _get("email/change/verify", "?code={code}", "email/change")
    yield from (verify, *_public(verify), *_codes(verify))
    grabbed = ("login", "signup, of Bob", "email/change")
    yield verify.but("unconfirmed address", before=grabbed)
    yield _post("login, after a change of the address", _BOB, "email/change/verify")
    yield _post("login, with the changed address", _ADA, "email/change/verify")


def _accounts() -> Iterator[Request]:
    me = _get("users/me", "", *_SIGNED_IN)
    yield from _guarded(me)
    me = with_token(me, _TOKEN)
    yield me.but("after a change of the address", before=("email/change/verify",))
    yield me.but("after a change of the password", before=("password/change",))
    yield me.but("after a reset", before=("login", "password/reset/verified"))
    yield me.but("after logout", before=("logout",))
    yield me.but("after deactivation", before=(*_SIGNED_IN, Preparation.DEACTIVATION))


def _catalogue() -> Iterator[Request]:
    signed_in = (*_SIGNED_IN, Preparation.VIDEO)
    for name in ("categories", "videos"):
        everything = Request(name, "GET", f"/api/{name}/", before=signed_in)
        yield from _guarded(everything)
        everything = with_token(everything, _TOKEN)
        yield everything.but("empty", before=_SIGNED_IN)
        one = "{video}" if name == "videos" else "{category}"
        yield everything.but("one", path=f"/api/{name}/{one}/")
        yield everything.but("unknown one", path=f"/api/{name}/7654321/")
        yield everything.but("one that is no number", path=f"/api/{name}/x/")
        yield everything.but("by POST", method="POST", body={"title": "M"})
        yield everything.but("one by DELETE", method="DELETE", path=f"/api/{name}/{one}/")


def _methods() -> Iterator[Request]:
    by_post = ("signup", "login", "password/reset", "password/reset/verified")
    by_get = ("signup/verify", "password/reset/verify", "email/change/verify")
    for name in by_post:
        yield from wrong_methods(f"{_ACCOUNTS}/{name}/", "GET", "PUT", "DELETE")
    for name in by_get:
        yield from wrong_methods(f"{_ACCOUNTS}/{name}/", "POST")
    for name, methods in (
        ("logout", ("POST",)),
        ("password/change", ("GET", "PUT")),
        ("email/change", ("GET", "PUT")),
        ("users/me", ("POST", "PUT", "PATCH", "DELETE")),
    ):
        for request in wrong_methods(f"{_ACCOUNTS}/{name}/", *methods):
            yield with_token(request.but("signed in", before=_SIGNED_IN), _TOKEN)
            yield request.but("signed out")
    yield _get("nothing", "")


AUTHEMAIL: Sequence[Request] = [
    *_signups(),
    *_sessions(),
    *_passwords(),
    *_changes(),
    *_addresses(),
    *_accounts(),
    *_catalogue(),
    *_methods(),
]
