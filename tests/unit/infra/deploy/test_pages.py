"""Publishing the web page: complete at every moment, and without a change if it is the same."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.deploy.pages import PublishedPages

REPOSITORY = Path(__file__).parents[4]


@pytest.fixture
def pages() -> Iterator[PublishedPages]:
    with mock_aws():
        client: Any = boto3.Session().client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="web")
        yield PublishedPages(client, "web")


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


def keys(pages: PublishedPages) -> set[str]:
    return {each["Key"] for each in pages.client.list_objects_v2(Bucket="web").get("Contents", [])}


def index(pages: PublishedPages) -> str:
    text: str = pages.client.get_object(Bucket="web", Key="index.html")["Body"].read().decode()
    return text


def test_index_html_names_files_of_the_versions_folder(pages: PublishedPages, folder: Path) -> None:
    assert pages.publish(folder)
    named = re.findall(r'(?:href|src)="/([^"]+)"', index(pages))
    assert {name.rpartition("/")[2] for name in named} == {"style.css", "main.js"}
    assert set(named) < keys(pages)
    assert 'href="#/"' in index(pages)
    assert 'href="https://x.y"' in index(pages)
    assert not any("hidden" in key for key in keys(pages))


def test_files_are_cached_for_ever_and_index_html_is_not(
    pages: PublishedPages, folder: Path
) -> None:
    pages.publish(folder)
    for key in keys(pages):
        head = pages.client.head_object(Bucket="web", Key=key)
        assert ("immutable" in head["CacheControl"]) == (key != "index.html")
        assert head["ContentType"].startswith(("text/html", "text/css", "text/javascript"))


def test_the_same_page_is_not_written_again(pages: PublishedPages, folder: Path) -> None:
    pages.publish(folder)
    calls: list[str] = []
    pages.client.meta.events.register(
        "before-call", lambda model, **_: calls.append(model.name), unique_id="test"
    )
    assert not pages.publish(folder)
    assert {call[:3] for call in calls} == {"Lis", "Get"}


def test_the_previous_version_is_kept_and_older_ones_are_removed(
    pages: PublishedPages, folder: Path
) -> None:
    generations = []
    for number in range(3):
        (folder / "main.js").write_text(f"number({number})")
        assert pages.publish(folder)
        generations.append(index(pages).partition('href="/')[2].partition("style")[0])
    first, second, third = ({key for key in keys(pages) if key.startswith(g)} for g in generations)
    assert not first
    assert len(second) == len(third) == 3


def test_our_own_page_names_only_existing_files(pages: PublishedPages) -> None:
    pages.publish(REPOSITORY / "web")
    assert set(re.findall(r'\s(?:href|src)="/([^"]+)"', index(pages))) < keys(pages)
