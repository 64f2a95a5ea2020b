"""The account a deploy goes to, at AWS or at whatever speaks its language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3

# What emulators have only in part: a CloudFront that answers nobody, containers without an engine.
_HARD_TO_EMULATE = "registry,network,image,transcoder,firewall,edge,watch"


@dataclass(frozen=True, slots=True)
class Account:
    number: str
    region: str
    # Empty at AWS itself.
    endpoint: str
    session: boto3.Session
    # Parts of a deploy that the endpoint cannot have.
    lacks: frozenset[str] = frozenset()

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Account":
        """Find out whose credentials these are."""
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
        """Whether this part of a deploy can be had here."""
        return stack not in self.lacks

    def client(self, service: str, region: str | None = None) -> Any:
        client: Any = self.session.client  # its overloads want the name as it is written
        return client(service, region_name=region or self.region)
