"""The lines of an export about viewing keep everything, and refuse what could not be stored."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.catalogue.model import VideoId
from chalicelib.clock import EPOCH
from chalicelib.stored import from_plain, to_plain
from chalicelib.viewing.export import AccountViewing
from chalicelib.viewing.model import DEFAULT_PROFILE, ProfileId, WatchlistEntry
from chalicelib.viewing.profile import Picture, Profile
from infra.transfer.exported_viewing import ViewingLine, WatchedLine
from tests.formats.exports import ACCOUNT, KIDS, SECONDS, VIDEO, VIEWED

WATCHED = WatchedLine.of(VIDEO.id, SECONDS)


def line(viewing: AccountViewing = VIEWED) -> ViewingLine | None:
    return ViewingLine.of(ACCOUNT.id, viewing, {VIDEO.id})


def crossed(**changes: Any) -> AccountViewing:
    """Return what a line is read as, after it was written as JSON, with other entries."""
    plain = json.loads(json.dumps(to_plain(line())))
    account_id, viewing = from_plain(ViewingLine, plain | changes).viewing()
    assert account_id == ACCOUNT.id
    return viewing


def changed(kind: str, **changes: Any) -> dict[str, Any]:
    """Return the entries of a kind with changes of the last one."""
    *others, last = to_plain(line())[kind]
    return {kind: [*others, last | changes]}


def test_viewing_is_read_as_it_was() -> None:
    assert crossed() == VIEWED


def test_seconds_are_read_as_they_were() -> None:
    plain = json.loads(json.dumps(to_plain(WATCHED)))
    assert from_plain(WatchedLine, plain).watched() == (VIDEO.id, SECONDS)


def test_an_account_that_keeps_nothing_has_no_line() -> None:
    default = (Profile(DEFAULT_PROFILE),)
    assert line(AccountViewing(default, [], [])) is None
    only_progress = line(replace(VIEWED, profiles=default, progress=[]))
    assert only_progress
    assert only_progress.profiles == ()
    assert only_progress.viewing()[1].profiles == default


def test_a_changed_default_profile_is_kept() -> None:
    changed = AccountViewing((Profile(DEFAULT_PROFILE, name="Ada"),), [], [])
    kept = line(changed)
    assert kept
    assert kept.viewing()[1] == changed


def test_videos_that_do_not_exist_are_left_out() -> None:
    gone = VideoId(VIDEO.id + 1)
    entry = WatchlistEntry(KIDS.id, gone, VIEWED.watchlist[0].at)
    more = replace(
        VIEWED,
        progress=[replace(VIEWED.progress[0], video_id=gone), *VIEWED.progress],
        watchlist=[entry, *VIEWED.watchlist],
    )
    assert line(more) == line()


def test_what_a_later_version_adds_gets_its_default() -> None:
    read = crossed(**changed("profiles", picture="yeti", language="tlh", mood="good"))
    assert read.profiles[1] == replace(KIDS, picture=Picture.OWL, language=None)


def test_times_are_stored_as_all_others() -> None:
    read = crossed(
        **changed("progress", at="2026-01-02T03:04:05.678999+00:00"),
        **changed("watchlist", at="1901-01-02T03:04:05+00:00"),
    )
    assert read.progress == VIEWED.progress
    assert read.watchlist[0].at == EPOCH


BAD = [
    ({"account": 0}, "an id is a number from 1 to"),
    ({"account": "7"}, "ViewingLine.account: int expected"),
    (changed("progress", video=0), "an id is a number from 1 to"),
    (changed("progress", position=-1), "position is no time in a video"),
    (changed("progress", duration=1e999), "duration is no time in a video"),
    (changed("progress", position="1"), "ProgressLine.position: float expected"),
    (changed("progress", at="yesterday"), "Invalid isoformat"),
    (changed("progress", profile=""), "the id of a profile is letters, digits"),
    (changed("progress", profile="a#1"), "the id of a profile is letters, digits"),
    (changed("watchlist", profile="<img>"), "the id of a profile is letters, digits"),
    (changed("profiles", id="x" * 101), "the id of a profile is letters, digits"),
    (changed("profiles", name="x\0"), "name has a NUL"),
    (changed("profiles", caption_language="<b>"), "are tags of languages"),
    (changed("profiles", audio_language="<b>"), "are tags of languages"),
    (changed("watchlist", at="2026-01-02T03:04:05"), "has no time zone"),
    (changed("watchlist", video=2**53), "an id is a number from 1 to"),
    (changed("profiles", id="default"), "at most 6 profiles, each once"),
    ({"profiles": [{"id": f"p{number}"} for number in range(7)]}, "at most 6 profiles"),
    ({"profiles": [{"id": "kids"}]}, "the first profile is the default one"),
    ({"profiles": [{"id": "default", "pin_hash": "x"}]}, "default one, which has no PIN"),
]


@pytest.mark.parametrize(("changes", "reason"), BAD)
def test_viewing_that_cannot_be_stored_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        crossed(**changes)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"video": 0}, "an id is a number from 1 to"),
        ({"day": "today"}, "Invalid isoformat"),
        ({"codec": "vhs"}, "WatchedLine.codec: 'vhs'"),
        ({"seconds": 0}, "seconds must be a positive number"),
        ({"seconds": 1e999}, "seconds must be a positive number"),
    ],
)
def test_seconds_that_cannot_be_stored_are_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        from_plain(WatchedLine, to_plain(WATCHED) | changes).watched()


def test_a_profile_keeps_the_hash_of_its_pin() -> None:
    assert crossed().profiles[1].pin_hash == "the hash of a PIN"
    assert crossed().profiles[1].id == ProfileId("a-profile_1")
