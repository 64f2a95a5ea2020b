"""MP4 files over HTTP: which a video has, for whom, and under which signature."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.playback.grants import PAUSES
from tests.api.encoder import Encoder
from tests.browser import Browser
from tests.fakes.clock import HandClock

HEIGHTS = (1080, 720, 480, 360, 240)


def files_of(browser: Browser, video_id: int) -> dict[str, str]:
    """Return the signature of each path; "" is the largest file."""
    answer = browser.get(f"/video/{video_id}/files/")
    assert answer.status == 200, answer.body
    named = {f"{each['height']}": each["url"] for each in answer.json["files"]}
    urls = {"": answer.json["url"], **named}
    return {height: url for height, url in urls.items() if url}


@pytest.mark.parametrize("only", [(), (120,)])
def test_a_video_has_a_file_for_each_height_the_largest_first(
    signed_in: Browser, encoder: Encoder, only: tuple[int, ...]
) -> None:
    video = encoder.video(heights=HEIGHTS, mp4_only_heights=only)
    urls = files_of(signed_in, video.id)
    assert list(urls) == ["", *map(str, HEIGHTS), *map(str, only)]
    folder = f"/media/{video.id}/1/mp4/film"
    paths = [urlsplit(url).path for url in urls.values()]
    assert paths == [f"{folder}.mp4", *(f"{folder}_{each}p.mp4" for each in (*HEIGHTS, *only))]


def test_the_url_of_each_height_may_be_derived_from_the_largest_file(
    signed_in: Browser, encoder: Encoder
) -> None:
    urls = files_of(signed_in, encoder.video(mp4_only_heights=(120,)).id)
    best = urls.pop("")
    assert urls == {height: best.replace(".mp4", f"_{height}p.mp4", 1) for height in ("720", "120")}
    assert best.count(".mp4") == 1
    assert parse_qs(urlsplit(best).query).keys() >= {"Policy", "Signature", "Key-Pair-Id"}


def test_the_signature_outlives_the_video_and_its_pauses(
    signed_in: Browser, encoder: Encoder, clock: HandClock
) -> None:
    answer = signed_in.get(f"/video/{encoder.video().id}/files/").json
    life = datetime.fromisoformat(answer["expires_at"]) - clock.now()
    assert timedelta(seconds=20) + PAUSES <= life < timedelta(hours=5)


def test_heights_of_mp4_files_alone_are_no_resolutions(
    signed_in: Browser, encoder: Encoder
) -> None:
    video = encoder.video(mp4_only_heights=(120,))
    text = signed_in.get(f"/video/{video.id}/master.m3u8").body.decode()
    assert "#EXT-X-STREAM-INF" in text
    assert "120p" not in text
    for name in ("index.m3u8", "000.ts"):
        assert signed_in.get(f"/video/{video.id}/120p/{name}").status == 404
    assert signed_in.get(f"/video/{video.id}/").json["resolutions"] == ["720p"]


@pytest.mark.parametrize("path", ["/videos/", "/videos/{id}/"])
def test_dialects_name_the_same_files(signed_in: Browser, encoder: Encoder, path: str) -> None:
    video = encoder.video(mp4_only_heights=(120,))
    urls = files_of(signed_in, video.id)
    answer = signed_in.get(path.format(id=video.id)).json
    [listed] = answer if isinstance(answer, list) else [answer]
    variants = {f"{each['height']}": each["path"] for each in listed["source_variants"]}
    assert {"": listed["video_file"], **variants} == urls


def test_a_video_that_was_made_without_has_none(signed_in: Browser, encoder: Encoder) -> None:
    video = encoder.video(mp4_name="")
    answer = signed_in.get(f"/video/{video.id}/files/")
    assert answer.json == {"url": None, "files": [], "expires_at": None}


def test_files_of_a_draft_are_for_administrators(
    signed_in: Browser, admin: Browser, encoder: Encoder
) -> None:
    draft = encoder.video(is_published=False)
    assert signed_in.get(f"/video/{draft.id}/files/").status == 404
    assert list(files_of(admin, draft.id)) == ["", "720"]
