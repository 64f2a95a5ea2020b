"""How much of a source may be damaged: by the settings, or because an administrator accepts it."""

from dataclasses import dataclass

from transcoder.proof.model import Check

DECODABLE = "decodable"


@dataclass(frozen=True, slots=True)
class DamageLimit:
    """The share of pictures that must be decodable, from 0 to 1."""

    least: float
    # What an administrator accepted of this revision; None if there was no decision.
    accepted: float | None = None

    def check(self, decodable: float, *, is_certain: bool = True) -> Check:
        """Uncertain is a share of pictures whose codec does not tell damage from pictures."""
        least = self.least if self.accepted is None else min(self.least, self.accepted)
        by = ", as accepted by an administrator" if self.is_accepted(decodable) else ""
        return Check(
            DECODABLE,
            decodable >= least,
            expected=f"at least {least:.2%}{by}",
            measured=f"{decodable:.2%}{'' if is_certain else ', as far as it tells'}",
        )

    def is_accepted(self, decodable: float) -> bool:
        """Whether it is published only because an administrator accepted the damage."""
        return self.accepted is not None and self.accepted <= decodable < self.least

    def notes(self, decodable: float) -> list[str]:
        return ["Published with damage, accepted."] if self.is_accepted(decodable) else []
