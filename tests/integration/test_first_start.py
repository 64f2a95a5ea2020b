"""The first thing a newcomer sees is a playing film."""

from pathlib import Path

import httpx

from tests.integration.films import Site
from tests.integration.supervised import Place


def test_the_first_start_makes_a_film_that_plays(tmp_path: Path) -> None:
    with Place.at(tmp_path / "data", WORKERS="2", SAMPLE_FILM="1").running() as run:
        site = Site(run)
        film = site.finished(site.title("Your first film")["id"])
        assert film["conversion_status"] == "completed", film
        # Each process looks at the catalogue every two seconds.
        listed = site.until(lambda: site.admin.get("/video/").json, "the film is not listed")
        assert [each["id"] for each in listed] == [film["id"]]
        master = site.admin.get(f"/video/{film['id']}/master.m3u8")
        assert master.body.decode().count("TYPE=SUBTITLES") == 2
        assert httpx.get(film["hero_url"]).status_code == 200
