"""One contract, everything that keeps copies of media."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from chalicelib.adapters.edge import CloudFrontEdge, LocalEdge, NoEdge, edge_at
from chalicelib.adapters.media_bucket import S3MediaStore
from chalicelib.encoding.ports import Edge, EdgeBusy
from infra.local.edge.invalidations import BucketInvalidations
from tests.cloudfront import make_distribution, orders
from tests.fakes.edge import RememberingEdge
from tests.fakes.media_store import InMemoryMediaStore

pytestmark = pytest.mark.contract(of=Edge)

ONE = ("/media/7/*", "/images/7/*")
TWO = ("/media/8/*", "/images/8/*")


@dataclass(frozen=True)
class ObservedEdge:
    edge: Edge
    # The paths that were invalidated, by the name of the order.
    orders: Callable[[], Mapping[str, Sequence[str]]]


@pytest.fixture(params=["memory", "cloudfront", "local"])
def observed(request: pytest.FixtureRequest) -> ObservedEdge:
    if request.param == "memory":
        edge = RememberingEdge()
        return ObservedEdge(edge, lambda: edge.orders)
    if request.param == "local":
        bucket = request.getfixturevalue("media_bucket")
        client = boto3.client("s3")
        waiting = BucketInvalidations(client, bucket)
        return ObservedEdge(
            LocalEdge(S3MediaStore(lambda: client, bucket)), lambda: _named(waiting)
        )
    return request.getfixturevalue("cloudfront")  # type: ignore[no-any-return]


@pytest.fixture
def cloudfront() -> Iterator[ObservedEdge]:
    with mock_aws():
        client, distribution = boto3.client("cloudfront"), make_distribution()
        yield ObservedEdge(
            CloudFrontEdge(lambda: client, distribution), lambda: orders(distribution)
        )


def _named(orders: BucketInvalidations) -> Mapping[str, Sequence[str]]:
    return {
        key.removeprefix("invalidations/").removesuffix(".json"): paths
        for key, paths in orders.waiting().items()
    }


def test_every_path_of_an_order_arrives(observed: ObservedEdge) -> None:
    observed.edge.invalidate(ONE, reference="first")
    observed.edge.invalidate([*ONE, *TWO], reference="second")
    assert {name: list(paths) for name, paths in observed.orders().items()} == {
        "first": [*ONE],
        "second": [*ONE, *TWO],
    }


def test_the_same_order_twice_is_one(observed: ObservedEdge) -> None:
    for _ in range(2):
        observed.edge.invalidate(ONE, reference="first")
    assert list(observed.orders()) == ["first"]


def test_a_busy_edge_says_so() -> None:
    edge = RememberingEdge(is_busy=True)
    with pytest.raises(EdgeBusy):
        edge.invalidate(ONE, reference="first")


@pytest.mark.parametrize("code", ["TooManyInvalidationsInProgress", "Throttling"])
def test_a_busy_cloudfront_is_retried_later(code: str) -> None:
    client = boto3.client("cloudfront")
    with Stubber(client) as stub:
        stub.add_client_error("create_invalidation", code, http_status_code=400)
        with pytest.raises(EdgeBusy):
            CloudFrontEdge(lambda: client, "E1").invalidate(ONE, reference="first")


def test_cloudfront_that_refuses_is_a_fault() -> None:
    client = boto3.client("cloudfront")
    with Stubber(client) as stub:
        stub.add_client_error("create_invalidation", "AccessDenied", http_status_code=403)
        with pytest.raises(client.exceptions.AccessDenied):
            CloudFrontEdge(lambda: client, "E1").invalidate(ONE, reference="first")


def test_a_stage_has_the_edge_that_was_deployed_for_it() -> None:
    store = InMemoryMediaStore()

    def made(distribution: str, *, is_local: bool) -> Edge:
        return edge_at(distribution, lambda _: dict, is_local=is_local)(store)

    assert isinstance(made("E1", is_local=False), CloudFrontEdge)
    assert isinstance(made("", is_local=True), LocalEdge)
    nothing = made("", is_local=False)
    assert isinstance(nothing, NoEdge)
    nothing.invalidate(ONE, reference="first")
    assert store.objects == {}
