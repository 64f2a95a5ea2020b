"""How much of a source may be damaged: by the settings, or because an administrator accepts it."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.catalogue.damage import Damage, Decodable
from transcoder.proof.model import Check

DECODABLE, AUDIBLE = "decodable", "audible"
# The checks whose failure an administrator can accept.
ACCEPTABLE = frozenset({DECODABLE, AUDIBLE})
# A track below is silence for the most part: nobody chooses it who has another one.
_MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class DamageLimit:
    """The share of pictures, and of the sound, that must be decodable, from 0 to 1."""

    least: float
    # What an administrator accepted of this revision; None if there was no decision.
    accepted: Decodable | None = None

    def checks(self, found: Decodable, *, is_certain: bool = True) -> Sequence[Check]:
        """Uncertain is a share of pictures whose codec does not tell damage from pictures."""
        accepted, damage = self._accepted_damage, found.damage
        return (
            self._check(
                DECODABLE,
                found.pictures,
                is_accepted=0 < damage.pictures <= accepted.pictures,
                doubt="" if is_certain else ", as far as it tells",
            ),
            self._check(AUDIBLE, found.sound, is_accepted=0 < damage.sound <= accepted.sound),
        )

    def is_accepted(self, found: Decodable) -> bool:
        """Whether an administrator has accepted this damage, whatever the settings allow by now."""
        accepted, damage = self._accepted_damage, found.damage
        pictures, sound = damage.pictures, damage.sound
        return 0 < pictures <= accepted.pictures or 0 < sound <= accepted.sound

    def notes(self, found: Decodable) -> list[str]:
        return ["Published with damage, accepted."] if self.is_accepted(found) else []

    def leaves_out(self, audible: float) -> bool:
        """Whether a track that does not play by itself is better not offered."""
        return audible < min(self.least, _MOSTLY)

    @property
    def _accepted_damage(self) -> Damage:
        return self.accepted.damage if self.accepted else Damage()

    def _check(self, name: str, share: float, *, is_accepted: bool, doubt: str = "") -> Check:
        by = ", as accepted by an administrator" if is_accepted else ""
        least = min(self.least, share) if is_accepted else self.least
        return Check(
            name,
            share >= least,
            expected=f"at least {least:.2%}{by}",
            measured=f"{share:.2%}{doubt}",
        )
