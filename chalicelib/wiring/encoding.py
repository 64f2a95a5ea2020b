"""Wiring of the encoding feature."""

from functools import cache
from typing import TYPE_CHECKING

from chalicelib.adapters.edge import edge_at
from chalicelib.adapters.state_machine import StepFunctionsPipeline
from chalicelib.encoding.control import EncodeControl
from chalicelib.encoding.inspection import EncodeInspection
from chalicelib.encoding.pictures import Pictures
from chalicelib.encoding.removal import MediaRemoval
from chalicelib.encoding.updates import EncodeUpdates
from chalicelib.wiring import catalogue, stage, stores

# What only events need is imported by those.
if TYPE_CHECKING:
    from chalicelib.encoding.clean_up import CleanUp
    from chalicelib.encoding.scaling import Scaling


@cache
def updates() -> EncodeUpdates:
    return stores.updates(stage.catalogue_table(), stage.media(), stage.clock())


@cache
def control() -> EncodeControl:
    return EncodeControl(
        updates=updates(),
        videos=stage.videos(),
        encodes=stage.encodes(),
        pipeline=StepFunctionsPipeline(stage.lazy("stepfunctions"), stage.settings().pipeline_arn),
        media=stage.media(),
        sources=stage.uploads_bucket(),
        clock=stage.clock(),
    )


@cache
def inspection() -> EncodeInspection:
    return EncodeInspection(stage.encodes(), stage.media(), stage.clock())


@cache
def removal() -> MediaRemoval:
    here = stage.settings()
    edge = edge_at(here.edge_distribution, stage.lazy, is_local=here.is_local)
    return MediaRemoval(
        videos=stage.videos(),
        media=stage.media(),
        edge=edge(stage.media()),
        pictures=Pictures(stage.media(), stage.videos()),
        control=control(),
        clock=stage.clock(),
    )


@cache
def clean_up() -> "CleanUp":
    from chalicelib.encoding.clean_up import CleanUp
    from chalicelib.playback.grants import life_of

    return CleanUp(
        catalogue=catalogue.catalogue_cache(),
        changes=stage.changes(),
        videos=stage.videos(),
        encodes=stage.encodes(),
        media=stage.media(),
        control=control(),
        removal=removal(),
        pictures=Pictures(stage.media(), stage.videos()),
        clock=stage.clock(),
        life_of_grants=life_of,
    )


@cache
def scaling() -> "Scaling | None":
    """Return None where transcoders are started by other means."""
    here = stage.settings().scaling
    if here is None:
        return None
    from chalicelib.adapters.fargate import FargateTranscoders
    from chalicelib.adapters.task_queues import SqsTaskDepth
    from chalicelib.encoding.scaling import Scaling

    return Scaling(
        work=SqsTaskDepth(stage.lazy("sqs"), here.work_queue_url),
        transcoders=FargateTranscoders(
            stage.lazy("ecs"),
            here.cluster,
            here.task_definition,
            here.subnets,
            here.security_group,
        ),
        clock=stage.clock(),
        most=here.most,
        uses_on_demand=here.uses_on_demand,
    )
