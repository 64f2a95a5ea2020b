"""The stages that can be deployed, and their differences."""

from dataclasses import dataclass
from typing import Literal

from infra.terminal import Refusal

Switch = Literal["on", "off"]


@dataclass(frozen=True, slots=True)
class Stage:
    name: str
    # Deletion protection of tables; `down` needs an extra option as well.
    protection: Switch
    # The highest number of transcoders, unless the options set another.
    transcoders: int
    firewall: Switch
    needs_alarm_email: bool
    budget_dollars: int
    log_days: int

    @property
    def prefix(self) -> str:
        return f"videoflix-{self.name}"

    @property
    def is_protected(self) -> bool:
        return self.protection == "on"


DEV = Stage(
    name="dev",
    protection="off",
    transcoders=2,
    firewall="off",
    needs_alarm_email=False,
    budget_dollars=20,
    log_days=14,
)
PROD = Stage(
    name="prod",
    protection="on",
    transcoders=8,
    firewall="off",
    needs_alarm_email=True,
    budget_dollars=100,
    log_days=90,
)
STAGES = {stage.name: stage for stage in (DEV, PROD)}


def stage_named(name: str) -> Stage:
    if name not in STAGES:
        raise Refusal(f"There is no stage {name!r}; there are {' and '.join(STAGES)}.")
    return STAGES[name]
