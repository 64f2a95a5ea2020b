"""The table of requests by dialect: each is recorded from the original, and played to ours."""

from collections.abc import Mapping, Sequence

from tests.dialects.authemail_requests import AUTHEMAIL
from tests.dialects.djoser_requests import ACCOUNTS
from tests.dialects.djoser_videos_requests import VIDEOS
from tests.dialects.request import Request


def _by_name(requests: Sequence[Request]) -> Mapping[str, Request]:
    named = {request.name: request for request in requests}
    twice = {request.name for request in requests if named[request.name] is not request}
    if twice:
        raise ValueError(f"named twice: {sorted(twice)}")
    return named


TABLES: Mapping[str, Mapping[str, Request]] = {
    "authemail": _by_name(AUTHEMAIL),
    "djoser": _by_name([*ACCOUNTS, *VIDEOS]),
}
