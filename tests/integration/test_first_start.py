"""The first thing a newcomer sees is a video that plays."""

from pathlib import Path

import httpx

from tests.integration.supervised import LocalRun
from tests.integration.videos import Site


def test_the_first_start_makes_a_video_that_plays(tmp_path: Path) -> None:
    with LocalRun.at(tmp_path / "data", WORKERS="2", SAMPLE_FILM="1").running() as run:
        site = Site(run)
        video = site.finished(site.title("Your first film")["id"])
        assert video["conversion_status"] == "completed", video
        # Each process looks at the catalogue every two seconds.
        listed = site.until(lambda: site.admin.get("/video/").json, "the film is not listed")
        assert [each["id"] for each in listed] == [video["id"]]
        master = site.admin.get(f"/video/{video['id']}/master.m3u8")
        assert master.body.decode().count("TYPE=SUBTITLES") == 2
        assert httpx.get(video["hero_url"]).status_code == 200
