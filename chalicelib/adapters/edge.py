"""The edge: CloudFront, the local edge, or none."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.catalogue import object_keys
from chalicelib.encoding.ports import Edge, EdgeBusy, MediaStore

_BUSY = frozenset(
    {
        "TooManyInvalidationsInProgress",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "InternalError",
    }
)


@dataclass(frozen=True, slots=True)
class CloudFrontEdge:
    client: Callable[[], Any]
    distribution: str

    def invalidate(self, paths: Sequence[str], *, reference: str) -> None:
        from chalicelib.adapters.aws_errors import expected

        batch = {
            "Paths": {"Quantity": len(paths), "Items": list(paths)},
            # CloudFront answers a second invalidation with this name with the first one.
            "CallerReference": reference,
        }
        with expected(_BUSY, EdgeBusy()):
            self.client().create_invalidation(
                DistributionId=self.distribution, InvalidationBatch=batch
            )


@dataclass(frozen=True, slots=True)
class LocalEdge:
    """The local edge reads invalidations from the bucket, also those it was not running for."""

    media: MediaStore

    def invalidate(self, paths: Sequence[str], *, reference: str) -> None:
        key = f"{object_keys.INVALIDATIONS}{reference}.json"
        self.media.write(key, json.dumps({"paths": list(paths)}))


@dataclass(frozen=True, slots=True)
class NoEdge:
    """Without an edge there are no copies."""

    def invalidate(self, paths: Sequence[str], *, reference: str) -> None:
        del paths, reference


def edge_at(
    distribution: str, lazy_client: Callable[[str], Callable[[], Any]], *, is_local: bool
) -> Callable[[MediaStore], Edge]:
    """Return a function that builds the edge of a media store."""
    if distribution:
        return lambda _: CloudFrontEdge(lazy_client("cloudfront"), distribution)
    return LocalEdge if is_local else lambda _: NoEdge()
