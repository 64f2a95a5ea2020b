"""Requests of the dialect of djoser and simplejwt: videos, trailers, progress, health."""

from collections.abc import Iterator, Sequence

from tests.dialects.djoser_requests import BEARER, SIGNED_IN, guarded, public
from tests.dialects.request import Preparation, Request, with_token, wrong_bodies, wrong_methods

_VIDEOS = "/api/videos/"
_VIDEO = "/api/videos/{video}/"
_PROGRESS = "/api/progress/"
_WITH_VIDEO = (*SIGNED_IN, Preparation.VIDEO)
_AS_ADMINISTRATOR = ("jwt/create, by the administrator", Preparation.VIDEO)
_METROPOLIS = {"title": "Metropolis", "description": "A city.", "category": "Drama"}


def _reading() -> Iterator[Request]:
    everything = Request("videos", "GET", _VIDEOS, before=_WITH_VIDEO)
    yield from guarded(everything)
    everything = with_token(everything, BEARER)
    yield everything.but("empty", before=SIGNED_IN)
    yield everything.but("one", path=_VIDEO)
    yield everything.but("one signed out", path=_VIDEO, headers={}, before=(Preparation.VIDEO,))
    yield everything.but("unknown one", path="/api/videos/7654321/")
    yield everything.but("one that is no number", path="/api/videos/x/")
    with_trailer = (*SIGNED_IN, Preparation.TRAILER)
    trailers = Request("trailers", "GET", "/api/trailers/", before=with_trailer)
    yield from guarded(trailers)
    yield with_token(trailers, BEARER).but("none", before=_WITH_VIDEO)


def _writing() -> Iterator[Request]:
    create = Request("videos by POST", "POST", _VIDEOS, _METROPOLIS, before=_AS_ADMINISTRATOR)
    create = with_token(create, BEARER)
    yield from (create, *wrong_bodies(create))
    yield create.but("only a title", body={"title": "Metropolis"})
    yield create.but("long title", body=_METROPOLIS | {"title": "a" * 256})
    yield create.but("unknown category", body=_METROPOLIS | {"category": "Noir"})
    yield create.but("as a viewer", before=SIGNED_IN)
    yield create.but("signed out", before=(), headers={})
    for method in ("PUT", "PATCH"):
        name = f"videos by {method}"
        write = Request(name, method, _VIDEO, _METROPOLIS, before=_AS_ADMINISTRATOR)
        write = with_token(write, BEARER)
        yield from (write, *wrong_bodies(write))
        yield write.but("unknown one", path="/api/videos/7654321/")
        yield write.but("as a viewer", before=_WITH_VIDEO)
        yield write.but("signed out", before=(Preparation.VIDEO,), headers={})
    delete = Request("videos by DELETE", "DELETE", _VIDEO, before=_AS_ADMINISTRATOR)
    delete = with_token(delete, BEARER)
    yield delete
    yield delete.but("unknown one", path="/api/videos/7654321/")
    yield delete.but("as a viewer", before=_WITH_VIDEO)
    yield delete.but("signed out", before=(Preparation.VIDEO,), headers={})
    after = Request("videos, after deletion", "GET", _VIDEOS, before=("videos by DELETE",))
    yield with_token(after, BEARER)


def _progress() -> Iterator[Request]:
    sent = {"video": "{video}", "position": 12.5, "duration": 98.5}
    report = Request("progress", "POST", _PROGRESS, sent, before=_WITH_VIDEO)
    yield from guarded(report)
    report = with_token(report, BEARER)
    yield from wrong_bodies(report)
    yield report.but("twice", before=(*_WITH_VIDEO, "progress"))
    yield report.but("at the end", body=sent | {"position": 0, "duration": 0})
    yield report.but("negative", body=sent | {"position": -1})
    yield report.but("not a number", body=sent | {"position": "nan"})
    yield report.but("numbers as texts", body=sent | {"position": "12.5"})
    yield report.but("unknown video", body=sent | {"video": 7654321})
    yield report.but("no slash", path=_PROGRESS.removesuffix("/"))
    listed = report.but("by GET", method="GET", body=None, before=(*_WITH_VIDEO, "progress"))
    yield from _lists(listed)
    position = f"{_PROGRESS}get_progress/?video={{video}}"
    read = Request("get_progress", "GET", position, before=("progress",))
    yield from guarded(read)
    read = with_token(read, BEARER)
    yield read.but("no slash", path=position.replace("/?", "?"))
    yield read.but("none", before=_WITH_VIDEO)
    yield read.but("no video", path=f"{_PROGRESS}get_progress/")
    yield read.but("unknown video", path=f"{_PROGRESS}get_progress/?video=7654321")
    yield read.but("video that is no number", path=f"{_PROGRESS}get_progress/?video=x")


def _lists(listed: Request) -> Sequence[Request]:
    return [
        listed,
        listed.but("none", before=_WITH_VIDEO),
        listed.but("no slash", path=_PROGRESS.removesuffix("/")),
        listed.but("of one video", path=f"{_PROGRESS}?video={{video}}"),
    ]


def _methods() -> Iterator[Request]:
    health = Request("health", "GET", "/api/health/")
    yield from (health, *public(health))
    for path in (_PROGRESS, "/api/trailers/", "/api/videos/"):
        for request in wrong_methods(path, "PUT", "DELETE"):
            yield with_token(request.but("signed in", before=SIGNED_IN), BEARER)


VIDEOS: Sequence[Request] = [*_reading(), *_writing(), *_progress(), *_methods()]
