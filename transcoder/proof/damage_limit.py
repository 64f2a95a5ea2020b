"""How much of a source may be damaged, by the settings or by decision of an administrator."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.catalogue.damage import Decodable
from chalicelib.encoding.plan import Plan
from transcoder.proof.model import Check, Proof

DECODABLE, AUDIBLE = "decodable", "audible"
# The checks whose failure an administrator can accept.
ACCEPTABLE = frozenset({DECODABLE, AUDIBLE})
# Below this share a track is mostly silent, and no viewer would choose it over another.
_MOSTLY = 0.5
_LEAST_DIGITS, _MOST_DIGITS, _ALMOST = 2, 15, 0.99


@dataclass(frozen=True, slots=True)
class DamageLimit:
    """The share of pictures, and of the sound, that must be decodable, from 0 to 1."""

    least: float
    # The damage that an administrator accepted in this revision; None without a decision.
    accepted: Decodable | None = None

    def checks(self, decodable: Decodable, *, is_certain: bool = True) -> Sequence[Check]:
        """The share of pictures is uncertain if their decoder does not report all damage."""
        pictures, sound = self._are_accepted(decodable)
        doubt = "" if is_certain else ", as far as it tells"
        return (
            self._check(DECODABLE, decodable.pictures, is_accepted=pictures, doubt=doubt),
            self._check(AUDIBLE, decodable.sound, is_accepted=sound),
        )

    def is_accepted(self, decodable: Decodable) -> bool:
        """Whether an administrator has accepted this damage, regardless of the settings."""
        return any(self._are_accepted(decodable))

    def notes(self, decodable: Decodable) -> list[str]:
        return ["Accepted with its damage."] if self.is_accepted(decodable) else []

    def leaves_out(self, audible: float) -> bool:
        """Whether a track that is not the default should be left out."""
        return audible < min(self.least, _MOSTLY)

    def _are_accepted(self, decodable: Decodable) -> tuple[bool, bool]:
        """Compare percents as displayed, of pictures and sound; the smallest damage rounds to 0."""
        accepted = self.accepted or Decodable()
        most, damage = accepted.damage, decodable.damage
        return (
            max(accepted.pictures, decodable.pictures) < 1 and damage.pictures <= most.pictures,
            max(accepted.sound, decodable.sound) < 1 and damage.sound <= most.sound,
        )

    def _check(self, name: str, share: float, *, is_accepted: bool, doubt: str = "") -> Check:
        by = ", as accepted by an administrator" if is_accepted else ""
        least = min(self.least, share) if is_accepted else self.least
        expected, measured = percents(least, share)
        return Check(
            name, share >= least, expected=f"at least {expected}{by}", measured=f"{measured}{doubt}"
        )


def damage_of(proof: Proof, plan: Plan) -> str:
    """Say how much can be decoded of what failed the checks, or why there is no sound."""
    pictures, sound = map(rough_percent, (proof.decodable.pictures, proof.decodable.sound))
    if AUDIBLE not in proof.failed:
        return f"Only {pictures}% of its pictures can be read."
    if plan.is_sound_encrypted:
        whole = "Its sound is encrypted: please upload it without copy protection."
        damaged = f"Only {pictures}% of its pictures can be read, and its sound is encrypted."
    elif plan.is_sound_lost:
        whole = "None of its sound can be read: please upload it with sound in AAC or AC-3."
        damaged = f"Only {pictures}% of its pictures can be read, and none of its sound."
    else:
        whole = f"Only {sound}% of its sound can be read."
        damaged = f"Only {pictures}% of its pictures and {sound}% of its sound can be read."
    return damaged if DECODABLE in proof.failed else whole


def percents(*shares: float) -> list[str]:
    """Format shares so that different ones differ, and only 1 becomes 100%."""
    for digits in range(_LEAST_DIGITS, _MOST_DIGITS):
        if len({f"{each:.{digits}%}" for each in (*shares, 1.0)}) == len({*shares, 1.0}):
            break
    numbers = (f"{each * 100:.{digits}f}" for each in shares)
    return [f"{each.rstrip('0').rstrip('.') if '.' in each else each}%" for each in numbers]


def rough_percent(share: float) -> str:
    """Format a share in percent, so that it and its damage make 100 unless it is nearly all."""
    if share >= _ALMOST:
        return percents(share)[0].rstrip("%")
    return f"{100 - Decodable(share).damage.pictures:.2f}".rstrip("0").rstrip(".")
