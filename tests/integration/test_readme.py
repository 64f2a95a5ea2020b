"""The README, typed word by word, by a reader who takes an hour over every session."""

import json
import re
import time
from pathlib import Path

from tests.integration.reader import Reader, commands, reader
from tests.integration.videos import make_clip
from tests.integration.wire import LINK

AN_HOUR = 3600
NAME = "My film"
TRIES = 100


def remember(person: Reader, printed: str) -> None:
    """Note what later commands ask for: a mail's link, the draft's id, an upload and its part."""
    if link := LINK.search(printed):
        person.known |= {"uid": link[1], "token": link[2]}
    for line in printed.splitlines():
        if line.startswith("["):
            ids = [each["id"] for each in json.loads(line) if each["title"] == NAME]
            person.known |= {"id": str(ids[0])} if ids else {}
        elif '"part_count"' in line:
            person.known["upload"] = json.loads(line)["id"]
        elif '"expires_in"' in line:
            answer = json.loads(line)
            person.known["url"] = answer.get("url") or answer["results"][0]["url"]


def refresh_tokens(folder: Path) -> set[str]:
    """Those in the cookie jars that the commands keep."""
    jars = [(folder / name).read_text() for name in ("jar", "admin") if (folder / name).exists()]
    return {token for jar in jars for token in re.findall(r"\trefresh_token\t(\S+)", jar)}


def wait_for_video(person: Reader, command: str, printed: str) -> str:
    """Look into the list again and again, as one does who has just sent a source."""
    for _ in range(TRIES):
        if NAME in printed:
            return printed
        time.sleep(0.5)
        printed = person.types(command)
    raise AssertionError(printed)


def wait_for_subtitles(person: Reader) -> None:
    for _ in range(TRIES):
        playlist = person.types('curl -s -H "$auth" $api/video/<id>/master.m3u8')
        if "TYPE=SUBTITLES" in playlist and 'LANGUAGE="de"' in playlist:
            return
        time.sleep(0.5)
    raise AssertionError(playlist)


def test_every_command_of_the_readme_works_also_an_hour_after_signing_in(tmp_path: Path) -> None:
    typed, hours, seen = [], 0, set[str]()
    with reader(tmp_path) as person:
        make_clip(person.tree / "film.mp4", seconds=2)
        for command in commands("Try it"):
            printed = person.types(command)
            remember(person, printed)
            if "?include=" in command:
                remember(person, wait_for_video(person, command, printed))
            if "/login/" in command:
                hours += 1
                person.clock_is_ahead(hours * AN_HOUR)
            typed.append(command)
            seen |= refresh_tokens(person.tree)
        (person.tree / "film.srt").write_text("1\n00:00:00,500 --> 00:00:01,500\nGuten Tag\n")
        for command in commands("Subtitles", page="docs/videos.md"):
            remember(person, person.types(command))
        wait_for_subtitles(person)
    # Of two sign-ins, of two silent renewals an hour later, and of `token/refresh/`.
    assert (hours, len(seen)) == (2, 5)
    assert len(typed) > 12
    assert any("include=playable" in command for command in typed)
    assert any("/conformance/" in command for command in typed)
    assert "/complete/" in typed[-1]
