"""The edge of a laptop and a deploy serve the same files of the page, as the same types."""

from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.deploy.pages import PublishedPages as DeployedPages
from infra.local.edge.pages import Pages as LocalPages

WEB = Path("web")


@pytest.fixture(scope="module")
def types() -> dict[str, str]:
    """Return the types that a deploy gives the files, by name."""
    with mock_aws():
        client: Any = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="web")
        DeployedPages(client, "web").publish(WEB)
        keys = [each["Key"] for each in client.list_objects_v2(Bucket="web")["Contents"]]
        heads = {key: client.head_object(Bucket="web", Key=key) for key in keys}
    # assets/<version>/<name>
    return {key.split("/", 2)[-1]: head["ContentType"] for key, head in heads.items()}


def test_a_deploy_publishes_all_files_of_the_page(types: dict[str, str]) -> None:
    assert types.keys() == {
        path.relative_to(WEB).as_posix() for path in WEB.rglob("*") if path.is_file()
    }


def test_the_local_edge_serves_them_as_the_same_types(types: dict[str, str]) -> None:
    pages = LocalPages(WEB, "default-src 'self'")
    served = {name: pages.find(f"/{name}") for name in types}
    for file in served.values():
        assert file
        file.file.close()
    assert {name: file.headers["content-type"] for name, file in served.items() if file} == types
