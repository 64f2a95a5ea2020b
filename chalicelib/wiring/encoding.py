"""Wiring of the encoding feature."""

from functools import cache
from typing import TYPE_CHECKING

from chalicelib.adapters.edge import edge_at
from chalicelib.adapters.state_machine import StepFunctionsPipeline
from chalicelib.encoding.clean_up import Sweeping
from chalicelib.encoding.control import Oversight
from chalicelib.encoding.pictures import Pictures
from chalicelib.encoding.removal import Withdrawals
from chalicelib.encoding.updates import Conversions
from chalicelib.wiring import clients, stage, stores

if TYPE_CHECKING:
    from chalicelib.encoding.scaling import Crew


@cache
def updates() -> Conversions:
    return stores.updates(stage.catalogue_table(), stage.media(), stage.clock())


@cache
def control() -> Oversight:
    return Oversight(
        conversions=updates(),
        pipeline=StepFunctionsPipeline(
            clients.lazy("stepfunctions"), stage.settings().pipeline_arn
        ),
        media=stage.media(),
        sources=stage.uploads_bucket(),
        clock=stage.clock(),
    )


@cache
def removal() -> Withdrawals:
    here = stage.settings()
    edge = edge_at(here.edge_distribution, clients.lazy, is_local=here.is_local)
    return Withdrawals(
        videos=stage.videos(),
        media=stage.media(),
        edge=edge(stage.media()),
        pictures=Pictures(stage.media(), stage.videos()),
        oversight=control(),
    )


@cache
def clean_up() -> Sweeping:
    return Sweeping(
        changes=stage.changes(),
        videos=stage.videos(),
        encodes=stage.encodes(),
        media=stage.media(),
        oversight=control(),
        withdrawals=removal(),
        clock=stage.clock(),
    )


@cache
def scaling() -> "Crew | None":
    from chalicelib.adapters.fargate import crew_at

    return crew_at(stage.settings().crew, clients.lazy, stage.clock())
