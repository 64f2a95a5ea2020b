"""The program of the local edge, in place of CloudFront."""

import os
import time
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from infra.local.edge import disk_cache, objects, pages
from infra.local.edge.app import LocalEdge
from infra.local.edge.disk_cache import DiskCache
from infra.local.edge.forwarding import Forwarder
from infra.local.edge.invalidations import BucketInvalidations
from infra.local.edge.keys import Keys
from infra.local.edge.pages import Pages
from infra.local.edge.signed_urls import Gate
from infra.local.serving import serve

_CONNECTIONS = 20


def edge() -> LocalEdge:
    environ = os.environ
    s3 = _client("s3")
    uploads_url = environ.get("UPLOADS_URL") or environ["AWS_ENDPOINT_URL"]
    allowed_origins = frozenset(environ["ALLOWED_ORIGINS"].split(","))
    return LocalEdge(
        gate=Gate(Keys(_secret), time.time),
        cache=DiskCache(
            disk_cache.of_bucket(Path(environ["EDGE_CACHE"]), s3, environ["MEDIA_BUCKET"]),
            objects.fetcher(s3, environ["MEDIA_BUCKET"]),
            largest_bytes=int(environ["EDGE_CACHE_BYTES"]),
            invalidations=BucketInvalidations(s3, environ["MEDIA_BUCKET"]),
        ),
        pages=Pages(Path("web"), pages.policy(environ["MEDIA_URL"], uploads_url)),
        forwarder=Forwarder(
            environ["API_URL"],
            viewer_header=environ.get("VIEWER_HEADER", ""),
            allowed_origins=allowed_origins,
        ),
        allowed_origins=allowed_origins,
    )


def _secret() -> str:
    answer = _client("secretsmanager").get_secret_value(SecretId=os.environ["MEDIA_KEYS_SECRET"])
    return str(answer["SecretString"])


def _client(service: str) -> Any:
    config = Config(max_pool_connections=_CONNECTIONS)
    return boto3.client(service, config=config)  # type: ignore[call-overload]


if __name__ == "__main__":
    serve(edge().application())
