"""A damaged recording on a running site: refused, looked at, accepted by a command, published."""

import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import imageio_ffmpeg
import m3u8
import pytest

from tests.integration.supervised import LocalRun
from tests.integration.videos import Site, make_clip

_DOWNLOAD = "mp4/film.mp4"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    local_run = LocalRun.at(tmp_path_factory.mktemp("films") / "data", WORKERS="1")
    with local_run.running() as run:
        yield Site(run)


def recording(folder: Path) -> bytes:
    """An MP4 whose middle third is zeroes."""
    data = bytearray(make_clip(folder / "film.mp4", seconds=9).read_bytes())
    third = len(data) // 3
    data[third : 2 * third] = bytes(third)
    return bytes(data)


def command(site: Site, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "infra.local.accept", *arguments],
        env=dict(site.run.settings.variables),
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_damaged_recording_is_published_after_looking(site: Site, tmp_path: Path) -> None:
    site.drop(recording(tmp_path), "Drama/Storm.mp4")
    refused = site.finished(site.title("Storm")["id"])
    damage, path = refused["damage"], f"/video/{refused['id']}"
    assert (refused["failure"]["code"], damage["status"]) == ("damaged", "refused")
    # Players are served from what each process remembers of the catalogue for two seconds.
    master = site.until(lambda: _playlists(site, f"{path}/master.m3u8"), "it cannot be looked at")
    pieces = m3u8.loads(site.admin.get(f"{path}/{master[0].uri}").body.decode())
    assert pieces.is_endlist
    assert sum(each.duration for each in pieces.segments) == pytest.approx(9, abs=0.1)

    listed = f"Storm: {damage['percent']:g}% of its pictures"
    site.until(lambda: listed in command(site).stdout, "it is not listed")
    assert _seconds_to_look_at(site) == pytest.approx(9, abs=0.2)
    wrong = command(site, str(refused["id"]), "2")
    assert wrong.stderr == "This revision does not wait for a decision about its damage.\n"
    before = site.objects(f"media/{refused['id']}/1/")
    # Without a revision, the one that waits.
    for revision in ([], ["1"]):
        accepted = command(site, str(refused["id"]), *revision)
        assert accepted.stdout.startswith("The damage is accepted"), accepted.stderr
    done = site.finished(refused["id"])
    assert done["conversion_status"] == "completed", done
    assert done["damage"] == {**damage, "status": "accepted"}
    report = site.admin.get(f"{path}/conformance/").json
    assert report["ok"]
    assert "Accepted with its damage." in report["notes"]
    after = site.until(lambda: _with_download(site, refused["id"]), "no file to download")
    assert before.items() <= after.items()
    site.until(lambda: command(site).stdout == "Nothing waits for a decision.\n", "still listed")


def _seconds_to_look_at(site: Site) -> float:
    # More often than one may sign in.
    listings = [command(site) for _ in range(11)]
    assert {listing.stderr for listing in listings} == {""}
    return _decoded_seconds(_look(listings[-1].stdout))


def _look(listing: str) -> list[str]:
    """Return the URLs of picture and sound in the command that plays them."""
    [line] = [line for line in listing.splitlines() if line.startswith("  Look")]
    _, player, picture, sound = shlex.split(line)
    assert player == "mpv"
    return [picture, sound.removeprefix("--audio-file=")]


def _decoded_seconds(urls: list[str]) -> float:
    """Return how long picture and sound at these URLs are, as FFmpeg decodes them."""
    inputs = [word for url in urls for word in ("-i", url)]
    ends = ["-map", "0:v", "-map", "1:a", "-f", "null", "-progress", "-", "-"]
    program = imageio_ffmpeg.get_ffmpeg_exe()
    done = subprocess.run(
        [program, "-v", "error", "-nostdin", *inputs, *ends],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    times = [line for line in done.stdout.splitlines() if line.startswith("out_time_us=")]
    return int(times[-1].partition("=")[2]) / 1_000_000


def _playlists(site: Site, path: str) -> m3u8.PlaylistList:
    return m3u8.loads(site.admin.get(path).body.decode()).playlists


def _with_download(site: Site, video: int) -> dict[str, str]:
    media = site.objects(f"media/{video}/1/")
    return media if _DOWNLOAD in media else {}
