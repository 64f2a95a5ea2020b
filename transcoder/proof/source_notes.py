"""Measures and notes of a proof about the pictures of the source."""

from collections.abc import Iterator, Mapping

from transcoder.counts import counted
from transcoder.proof.evidence import Evidence
from transcoder.proof.source import SourcePictures, tells_damage


def source_measures(evidence: Evidence) -> Mapping[str, int]:
    pictures = SourcePictures.of(evidence)
    if pictures is None:
        return {}
    return {
        "source_pictures": pictures.planned,
        "delivered_pictures": pictures.count,
        "damaged_pictures": pictures.damaged,
        "affected_pictures": pictures.affected,
    }


def source_notes(evidence: Evidence) -> Iterator[str]:
    if not tells_damage(evidence.plan):
        yield "This codec does not tell damage from pictures."
    if pictures := SourcePictures.of(evidence):
        yield from _of_the_plan(pictures)
        yield from _of_damage(pictures)


def _of_the_plan(pictures: SourcePictures) -> Iterator[str]:
    """Deviations from the plan, as sentences."""
    rate, planned = pictures.plan.asset.grid.rate, pictures.expected.last_frame
    if missing := pictures.unexplained:
        yield counted(
            missing,
            one="Although nothing is damaged, one picture is missing.",
            many="Although nothing is damaged, {} pictures are missing.",
        )
    if before := pictures.before:
        yield counted(
            before,
            one="At the beginning one picture was left out.",
            many="At the beginning {} pictures were left out.",
        )
    if late := pictures.out_of_order:
        yield counted(
            late,
            one="Not shown is one picture that comes after a later one.",
            many="Not shown are {} pictures that come after later ones.",
        )
    if unknown := pictures.unknown_chunks:
        yield counted(
            unknown,
            one=f"An earlier version made one of {pictures.plan.chunk_count} chunks;"
            " its pictures were not compared with the source.",
            many=f"An earlier version made {{}} of {pictures.plan.chunk_count} chunks;"
            " their pictures were not compared with the source.",
        )
    if not pictures.is_end_known:
        return
    later = (pictures.end or 0) - planned
    if later > 1:
        yield f"The source goes on {float(later / rate):.1f} s longer than planned."
    if later < -1 and not pictures.is_end_excused:
        yield f"The source ends {float(-later / rate):.1f} s earlier than planned."


def _of_damage(pictures: SourcePictures) -> Iterator[str]:
    rate = pictures.plan.asset.grid.rate
    if pictures.affected > pictures.damaged:
        share = min(1.0, pictures.affected / max(1, pictures.planned))
        yield f"Damage may be seen in {share * 100:.2f}% of the pictures."
    held = pictures.longest_damaged_hold
    if held > pictures.expected.longest_hold + 1:
        yield f"Where pictures are damaged, one is held for {float(held / rate):.1f} s."
    if black := pictures.black_frames:
        yield f"For {float(black / rate):.1f} s nothing can be decoded; the picture is black."
