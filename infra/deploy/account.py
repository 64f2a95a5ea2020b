"""The account that a deploy changes, on AWS or at the endpoint of an emulator."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3

# Services that emulators have only in part, such as a CloudFront that serves no requests.
_HARD_TO_EMULATE = "registry,network,image,transcoder,firewall,edge,watch"


@dataclass(frozen=True, slots=True)
class AwsAccount:
    number: str
    region: str
    # Empty on AWS.
    endpoint: str
    session: boto3.Session
    # Parts of a deploy that the endpoint cannot have.
    lacks: frozenset[str] = frozenset()

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "AwsAccount":
        """Return the account of the credentials in use."""
        session = boto3.Session()
        endpoint = environ.get("AWS_ENDPOINT_URL", "").rstrip("/")
        lacks = environ.get("ENDPOINT_LACKS", _HARD_TO_EMULATE) if endpoint else ""
        return cls(
            number=session.client("sts").get_caller_identity()["Account"],
            region=session.region_name or "",
            endpoint=endpoint,
            session=session,
            lacks=frozenset(lacks.split(",")),
        )

    @property
    def is_aws(self) -> bool:
        return not self.endpoint

    def has(self, stack: str) -> bool:
        """Return whether this part of a deploy is available in the account."""
        return stack not in self.lacks

    def client(self, service: str, region: str | None = None) -> Any:
        client: Any = self.session.client  # its overloads need a literal name
        return client(service, region_name=region or self.region)
