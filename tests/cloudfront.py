"""An edge on AWS: a distribution, and its invalidations."""

from collections.abc import Mapping, Sequence
from typing import Any

import boto3

_CONFIG: Mapping[str, Any] = {
    "CallerReference": "made",
    "Origins": {
        "Quantity": 1,
        "Items": [
            {
                "Id": "media",
                "DomainName": "media.s3.amazonaws.com",
                "S3OriginConfig": {"OriginAccessIdentity": ""},
            }
        ],
    },
    "DefaultCacheBehavior": {"TargetOriginId": "media", "ViewerProtocolPolicy": "https-only"},
    "Comment": "",
    "Enabled": True,
}


def make_distribution() -> str:
    made = boto3.client("cloudfront").create_distribution(DistributionConfig=_CONFIG)
    return str(made["Distribution"]["Id"])


def orders(distribution: str) -> Mapping[str, Sequence[str]]:
    """Return the paths of every invalidation, by the reference of its caller."""
    client = boto3.client("cloudfront")
    listed = client.list_invalidations(DistributionId=distribution)["InvalidationList"]
    batches = [
        client.get_invalidation(DistributionId=distribution, Id=each["Id"])["Invalidation"]
        for each in listed.get("Items", [])
    ]
    written = [each["InvalidationBatch"] for each in batches]
    return {each["CallerReference"]: each["Paths"]["Items"] for each in written}


def forgotten(distribution: str) -> list[str]:
    return [path for paths in orders(distribution).values() for path in paths]
