"""The web page in its bucket: whole at every moment, and untouched if it has not changed."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.deploy.pages import Pages

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def pages() -> Iterator[Pages]:
    with mock_aws():
        client: Any = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="web")
        yield Pages(client, "web")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "vendor").mkdir()
    (tmp_path / ".hidden").write_text("no")
    (tmp_path / "index.html").write_text(
        '<link href="style.css"><a href="#/"><script src="main.js"></script><a href="https://x.y">'
    )
    (tmp_path / "style.css").write_text("body {}")
    (tmp_path / "main.js").write_text("first()")
    (tmp_path / "vendor" / "hls.js").write_text("hls()")
    return tmp_path


def keys(pages: Pages) -> set[str]:
    return {each["Key"] for each in pages.client.list_objects_v2(Bucket="web").get("Contents", [])}


def entrance(pages: Pages) -> str:
    text: str = pages.client.get_object(Bucket="web", Key="index.html")["Body"].read().decode()
    return text


def test_the_entrance_names_what_lies_in_a_folder_of_its_own(pages: Pages, folder: Path) -> None:
    assert pages.publish(folder)
    named = re.findall(r'(?:href|src)="/([^"]+)"', entrance(pages))
    assert {name.rpartition("/")[2] for name in named} == {"style.css", "main.js"}
    assert set(named) < keys(pages)
    assert 'href="#/"' in entrance(pages)
    assert 'href="https://x.y"' in entrance(pages)
    assert not any("hidden" in key for key in keys(pages))


def test_what_never_changes_is_kept_for_ever_and_the_entrance_is_not(
    pages: Pages, folder: Path
) -> None:
    pages.publish(folder)
    for key in keys(pages):
        told = pages.client.head_object(Bucket="web", Key=key)
        assert ("immutable" in told["CacheControl"]) == (key != "index.html")
        assert told["ContentType"].startswith(("text/html", "text/css", "text/javascript"))


def test_the_same_page_is_not_written_again(pages: Pages, folder: Path) -> None:
    pages.publish(folder)
    calls: list[str] = []
    pages.client.meta.events.register(
        "before-call", lambda model, **_: calls.append(model.name), unique_id="test"
    )
    assert not pages.publish(folder)
    assert {call[:3] for call in calls} == {"Lis", "Get"}


def test_who_has_the_last_page_open_finds_its_parts_and_older_ones_go(
    pages: Pages, folder: Path
) -> None:
    generations = []
    for number in range(3):
        (folder / "main.js").write_text(f"number({number})")
        assert pages.publish(folder)
        generations.append(entrance(pages).partition('href="/')[2].partition("style")[0])
    first, second, third = ({key for key in keys(pages) if key.startswith(g)} for g in generations)
    assert not first
    assert len(second) == len(third) == 3


def test_our_own_page_names_nothing_that_is_not_there(pages: Pages) -> None:
    pages.publish(REPOSITORY / "web")
    assert set(re.findall(r'\s(?:href|src)="/([^"]+)"', entrance(pages))) < keys(pages)
