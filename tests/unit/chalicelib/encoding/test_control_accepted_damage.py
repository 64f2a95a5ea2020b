"""Publishing what was refused for its damage, because an administrator accepts it."""

from dataclasses import replace

import pytest

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.damage import Damage, Decodable
from chalicelib.catalogue.model import EncodeStatus, Revision, VideoId
from chalicelib.encoding.control import NoReport
from chalicelib.encoding.failures import Reason, failure
from chalicelib.encoding.model import (
    DamageChanged,
    Encode,
    EncodeNotFound,
    EncodeOver,
    NotDamaged,
    Step,
)
from tests.builders.assets import an_asset
from tests.builders.encodes import FIRST, Workplace
from tests.fakes.encode_store import InMemoryEncodeStore

SHARE = Decodable(0.8125, 0.9)


def refused(place: Workplace) -> Encode:
    """All is made and proven, and the state machine has written why it is not published."""
    encode = place.planned()
    place.updates.checking(encode.video_id, encode.revision)
    place.updates.damaged(place.now(encode), an_asset(9), decodable=SHARE)
    failed(place, encode, Reason.DAMAGED)
    return place.now(encode)


def failed(place: Workplace, encode: Encode, reason: Reason) -> None:
    """As the state machine does: it leaves alone what others wrote."""
    summary = place.video(encode).encode
    place.videos.record_encode(
        encode.video_id,
        replace(summary, status=EncodeStatus.FAILED, failure=failure(reason)),
    )
    place.encodes.fail(encode.video_id, encode.revision)
    place.pipeline.lose(encode)


def accept(place: Workplace, encode: Encode) -> Encode:
    return place.control.accept(place.video(encode), encode.revision)


def test_a_refused_encode_goes_on_with_what_it_has(place: Workplace) -> None:
    encode = refused(place)
    assert place.video(encode).refused_revision == FIRST
    accepted = accept(place, encode)
    assert (accepted.attempt, accepted.accepted, accepted.asset) == (2, SHARE, an_asset(9))
    assert place.pipeline.running == {(encode.video_id, 1, 2)}
    summary = place.video(encode).encode
    assert (summary.status, summary.failure) == (EncodeStatus.PENDING, None)
    assert place.video(encode).refused_revision is None


def test_what_was_not_looked_at_is_not_accepted(place: Workplace) -> None:
    encode = refused(place)
    seen = place.video(encode)
    for damage in (Damage(18.74, 10), Damage(18.75, 0)):
        with pytest.raises(DamageChanged):
            place.control.accept(seen, FIRST, looked_at=damage)
    assert place.pipeline.running == set()
    for _ in range(2):
        accepted = place.control.accept(seen, FIRST, looked_at=Damage(18.75, 10))
        assert accepted.accepted == SHARE
    with pytest.raises(DamageChanged):
        place.control.accept(seen, FIRST, looked_at=Damage(20, 10))


def test_what_an_attempt_noted_is_not_said_of_the_next(place: Workplace) -> None:
    encode = refused(place)
    report = object_keys.conformance_report(encode.video_id, FIRST)
    place.media.write(report, '{"ok": false, "notes": ["Half of it is noise."]}')
    assert place.control.notes(place.video(encode)) == ["Half of it is noise."]
    retry(place, encode)
    assert not place.control.notes(place.video(encode))
    with pytest.raises(NoReport):
        place.control.report(place.video(encode))
    place.control.cancel(place.video(encode))
    assert not place.control.notes(place.video(encode))
    retry(place, encode)
    place.updates.publish(encode.video_id, FIRST, an_asset(9))
    assert place.control.notes(place.video(encode)) == ["Half of it is noise."]


def test_its_source_may_be_gone(place: Workplace) -> None:
    encode = refused(place)
    place.bucket.objects.clear()
    assert accept(place, encode).attempt == 2


def test_to_accept_twice_is_to_accept_once(place: Workplace) -> None:
    encode = refused(place)
    accepted = accept(place, encode)
    assert accept(place, encode) == accepted
    place.updates.publish(
        encode.video_id, encode.revision, an_asset(9), decodable=SHARE, is_damage_accepted=True
    )
    assert accept(place, encode).step is Step.DONE
    assert place.pipeline.running == {(encode.video_id, 1, 2)}
    media = place.video(encode).media
    assert media
    assert (media.decodable, media.is_damage_accepted) == (SHARE, True)


def test_to_accept_again_is_fine_when_it_was_published_with_less_damage(place: Workplace) -> None:
    encode = refused(place)
    accept(place, encode)
    place.updates.publish(
        encode.video_id, FIRST, an_asset(9), decodable=Decodable(0.9, 1), is_damage_accepted=True
    )
    again = place.control.accept(place.video(encode), FIRST, looked_at=SHARE.damage)
    assert again.step is Step.DONE
    with pytest.raises(DamageChanged):
        place.control.accept(place.video(encode), FIRST, looked_at=Damage(20, 10))


def test_of_two_who_accept_at_once_both_get_the_same_answer(place: Workplace) -> None:
    encode = refused(place)
    seen = place.video(encode)
    accepted = accept(place, encode)
    late = LateReader(place, encode)
    control = replace(place.control, updates=replace(place.updates, encodes=late))
    assert control.accept(seen, FIRST) == accepted
    assert place.pipeline.running == {(encode.video_id, 1, 2)}


def test_of_one_who_retries_and_one_who_accepts_one_wins(place: Workplace) -> None:
    encode = refused(place)
    seen = place.video(encode)
    place.control.retry(seen)
    late = LateReader(place, encode)
    control = replace(place.control, updates=replace(place.updates, encodes=late))
    with pytest.raises(NotDamaged):
        control.accept(seen, FIRST)
    assert place.now(encode).accepted is None
    assert place.pipeline.running == {(encode.video_id, 1, 2)}


class LateReader(InMemoryEncodeStore):
    """Answers once what was true before, as to one who has read a moment too early."""

    def __init__(self, place: Workplace, earlier: Encode) -> None:
        super().__init__(place.clock)
        self._encodes = place.encodes._encodes
        self._earlier: list[Encode] = [earlier]

    def get(self, video_id: VideoId, revision: Revision) -> Encode:
        return self._earlier.pop() if self._earlier else super().get(video_id, revision)


@pytest.mark.parametrize("is_removed", [True, False])
def test_what_is_deleted_or_replaced_meanwhile_is_not_accepted(
    place: Workplace, *, is_removed: bool
) -> None:
    encode = refused(place)
    seen = place.video(encode)
    if is_removed:
        place.curation.remove(encode.video_id)
    else:
        place.videos.begin_encode(encode.video_id)
    with pytest.raises((NotDamaged, EncodeOver)):
        place.control.accept(seen, encode.revision)
    assert place.pipeline.running == set()
    assert place.now(encode).step is Step.FAILED


def test_a_newer_revision_is_not_accepted_unseen(place: Workplace) -> None:
    encode = refused(place)
    with pytest.raises(NotDamaged):
        place.control.accept(place.video(encode), Revision(2))
    assert place.pipeline.running == set()


@pytest.mark.parametrize("reason", [Reason.NOT_PROVEN, Reason.TOO_SLOW, Reason.DAMAGED])
def test_what_was_refused_for_anything_else_is_not_accepted(
    place: Workplace, reason: Reason
) -> None:
    encode = place.planned()
    failed(place, encode, reason)
    assert place.video(encode).refused_revision is None
    with pytest.raises(NotDamaged):
        accept(place, encode)
    assert place.pipeline.running == set()


def test_without_damage_nothing_is_accepted_in_any_step(place: Workplace) -> None:
    encode = place.planned()
    with pytest.raises(NotDamaged):
        accept(place, encode)
    place.control.cancel(place.video(encode))
    with pytest.raises(NotDamaged):
        accept(place, encode)
    other = place.planned()
    place.updates.publish(other.video_id, other.revision, an_asset())
    with pytest.raises(NotDamaged):
        accept(place, other)


def test_what_is_cancelled_when_its_damage_is_known_can_be_accepted(place: Workplace) -> None:
    encode = place.planned()
    place.updates.damaged(place.now(encode), an_asset(9), decodable=SHARE)
    with pytest.raises(NotDamaged):
        accept(place, encode)
    place.control.cancel(place.video(encode))
    assert place.video(encode).refused_revision == FIRST
    accepted = place.control.accept(place.video(encode), FIRST, looked_at=SHARE.damage)
    assert (accepted.attempt, accepted.accepted, accepted.asset) == (2, SHARE, an_asset(9))


@pytest.mark.parametrize("reason", [Reason.NOT_PROVEN, Reason.CANCELLED, Reason.NO_WORKER])
def test_an_accepted_encode_that_fails_otherwise_is_retried_and_not_accepted(
    place: Workplace, reason: Reason
) -> None:
    encode = refused(place)
    accept(place, encode)
    failed(place, place.now(encode), reason)
    for looked_at in (None, SHARE.damage):
        with pytest.raises(NotDamaged):
            place.control.accept(place.video(encode), FIRST, looked_at=looked_at)
    assert place.pipeline.running == set()
    again = retry(place, encode)
    assert (again.attempt, again.accepted) == (3, SHARE)


def test_an_acceptance_whose_execution_never_began_can_be_repeated(place: Workplace) -> None:
    encode = refused(place)
    place.encodes.again(encode, accepted=SHARE)
    place.clock.advance(hours=2)
    assert not place.control.revive(place.video(encode))
    assert accept(place, encode).attempt == 3


def retry(place: Workplace, encode: Encode) -> Encode:
    return place.control.retry(place.video(encode))


def test_what_was_refused_once_is_not_for_viewers_until_it_is_published(place: Workplace) -> None:
    encode = ready_to_begin(place)
    assert place.video(encode).playable_revision == FIRST
    damage(place, encode)
    assert place.video(encode).playable_revision is None
    for again in (retry, accept):
        again(place, encode)
        assert place.video(encode).playable_revision is None
        place.updates.planning(encode.video_id, FIRST)
        assert place.video(encode).playable_revision is None
        place.updates.chunk_done(encode.video_id, FIRST, 0)
        place.updates.checking(encode.video_id, FIRST)
        assert place.video(encode).playable_revision is None
        assert place.video(encode).withheld_revision == FIRST
        damage(place, encode)
    accept(place, encode)
    place.updates.publish(encode.video_id, encode.revision, an_asset(9))
    video = place.video(encode)
    assert (video.playable_revision, video.withheld_revision) == (FIRST, None)


def test_a_better_source_plays_while_it_is_made_although_another_one_was_refused(
    place: Workplace,
) -> None:
    encode = ready_to_begin(place)
    damage(place, encode)
    revision = place.videos.begin_encode(encode.video_id)
    source = place.lay(f"uploads/{encode.video_id}/{'1' * 32}/source.mp4", b"better")
    better = place.control.begin(encode.video_id, revision, source)
    place.updates.planned(better, an_asset(), segments_per_chunk=1)
    ready(place, better)
    assert place.video(encode).playable_revision == revision


@pytest.mark.parametrize("reason", [Reason.DAMAGED, Reason.CANCELLED])
def test_what_an_earlier_version_refused_is_known_by_its_report(
    place: Workplace, reason: Reason
) -> None:
    """It kept no share, and a retry that was cancelled overwrote the reason."""
    encode = ready_to_begin(place)
    place.media.write(object_keys.conformance_report(encode.video_id, FIRST), '{"ok": false}')
    failed(place, encode, reason)
    retry(place, encode)
    assert place.video(encode).playable_revision is None


def test_what_failed_for_want_of_a_worker_plays_while_it_is_retried(place: Workplace) -> None:
    encode = ready_to_begin(place)
    failed(place, encode, Reason.NO_WORKER)
    retry(place, encode)
    assert place.video(encode).playable_revision == FIRST


def ready_to_begin(place: Workplace) -> Encode:
    """An encode whose first seconds are there, for viewers as well."""
    return ready(place, place.planned())


def ready(place: Workplace, encode: Encode) -> Encode:
    place.updates.chunk_done(encode.video_id, encode.revision, 0)
    return place.updates.audio_grown(encode.video_id, encode.revision, 0, 1)


def damage(place: Workplace, encode: Encode) -> None:
    """Publishing finds too much damage; for a moment the state machine has not written so."""
    place.updates.damaged(place.now(encode), an_asset(9), decodable=SHARE)
    assert place.video(encode).playable_revision is None
    failed(place, place.now(encode), Reason.DAMAGED)


def test_a_refused_encode_is_kept_for_six_days_and_then_cleared_away(place: Workplace) -> None:
    encode = refused(place)
    for kind in ("media", "work"):
        place.media.write(f"{kind}/{encode.video_id}/1/a", "x")
    place.media.write(f"reports/{encode.video_id}/1.json", "{}")
    place.clock.advance(days=5, hours=23)
    assert place.clean_up.run().folders == 0
    assert len(place.media.objects) == 3
    place.clock.advance(hours=2)
    assert place.clean_up.run().folders == 3
    assert place.media.objects == {}
    with pytest.raises(EncodeNotFound):
        accept(place, encode)


def test_a_refused_encode_goes_when_the_next_revision_is_there(place: Workplace) -> None:
    encode = refused(place)
    place.media.write(f"media/{encode.video_id}/1/a", "x")
    revision = place.videos.begin_encode(encode.video_id)
    source = place.lay(f"uploads/{encode.video_id}/{'1' * 32}/source.mp4", b"better")
    place.control.begin(encode.video_id, revision, source)
    place.clock.advance(days=1, hours=1)
    place.clean_up.run()
    assert place.media.objects == {}
