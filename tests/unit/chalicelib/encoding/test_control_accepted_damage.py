"""Publishing what was refused for its damage, because an administrator accepts it."""

from dataclasses import replace

import pytest

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.damage import Damage, Decodable
from chalicelib.catalogue.model import EncodeStatus, Revision, VideoId
from chalicelib.encoding.failures import Reason, failure
from chalicelib.encoding.inspection import NoReport
from chalicelib.encoding.model import (
    DamageChanged,
    Encode,
    EncodeNotFound,
    EncodeOver,
    NotDamaged,
    Step,
)
from tests.builders.assets import an_asset
from tests.builders.encodes import FIRST, InMemoryEncoding
from tests.fakes.encode_store import InMemoryEncodeStore

SHARE = Decodable(0.8125, 0.9)


def refused(encoding: InMemoryEncoding) -> Encode:
    """All is made and proven, and the state machine has written why it is not published."""
    return refuse(encoding, encoding.planned())


def refuse(encoding: InMemoryEncoding, encode: Encode) -> Encode:
    encoding.updates.checking(encode.video_id, encode.revision)
    encoding.updates.damaged(encoding.now(encode), an_asset(9), decodable=SHARE)
    failed(encoding, encode, Reason.DAMAGED)
    return encoding.now(encode)


def failed(encoding: InMemoryEncoding, encode: Encode, reason: Reason) -> None:
    """As the state machine does: it leaves alone what others wrote."""
    summary = encoding.video(encode).encode
    encoding.videos.record_encode(
        encode.video_id,
        replace(summary, status=EncodeStatus.FAILED, failure=failure(reason)),
    )
    encoding.encodes.fail(encode.video_id, encode.revision)
    encoding.pipeline.lose(encode)


def accept(encoding: InMemoryEncoding, encode: Encode) -> Encode:
    return encoding.control.accept(encoding.video(encode), encode.revision)


def test_a_refused_encode_goes_on_with_what_it_has(encoding: InMemoryEncoding) -> None:
    encode = refused(encoding)
    assert encoding.video(encode).refused_revision == FIRST
    accepted = accept(encoding, encode)
    assert (accepted.attempt, accepted.accepted, accepted.asset) == (2, SHARE, an_asset(9))
    assert encoding.pipeline.running == {(encode.video_id, 1, 2)}
    summary = encoding.video(encode).encode
    assert (summary.status, summary.failure) == (EncodeStatus.PENDING, None)
    assert encoding.video(encode).refused_revision is None


def test_what_was_not_looked_at_is_not_accepted(encoding: InMemoryEncoding) -> None:
    encode = refused(encoding)
    seen = encoding.video(encode)
    for damage in (Damage(18.74, 10), Damage(18.75, 0)):
        with pytest.raises(DamageChanged):
            encoding.control.accept(seen, FIRST, looked_at=damage)
    assert encoding.pipeline.running == set()
    for _ in range(2):
        accepted = encoding.control.accept(seen, FIRST, looked_at=Damage(18.75, 10))
        assert accepted.accepted == SHARE
    with pytest.raises(DamageChanged):
        encoding.control.accept(seen, FIRST, looked_at=Damage(20, 10))


def test_what_an_attempt_noted_is_not_said_of_the_next(encoding: InMemoryEncoding) -> None:
    encode = refused(encoding)
    report = object_keys.conformance_report(encode.video_id, FIRST)
    encoding.media.write(report, '{"ok": false, "notes": ["Half of it is noise."]}')
    assert encoding.inspection.notes(encoding.video(encode)) == ["Half of it is noise."]
    retry(encoding, encode)
    assert not encoding.inspection.notes(encoding.video(encode))
    with pytest.raises(NoReport):
        encoding.inspection.conformance_report(encoding.video(encode))
    encoding.control.cancel(encoding.video(encode))
    assert not encoding.inspection.notes(encoding.video(encode))
    retry(encoding, encode)
    encoding.updates.publish(encode.video_id, FIRST, an_asset(9))
    assert encoding.inspection.notes(encoding.video(encode)) == ["Half of it is noise."]


def test_while_what_was_accepted_is_checked_again_its_report_stays(
    encoding: InMemoryEncoding,
) -> None:
    encode = encoding.planned()
    for number in range(9):
        encoding.encodes.chunk_done(encode.video_id, FIRST, number)
    refuse(encoding, encode)
    encoding.media.write(object_keys.conformance_report(encode.video_id, FIRST), "refused")
    accept(encoding, encode)
    video = encoding.video(encode)
    assert encoding.inspection.conformance_report(video) == b"refused"
    said = "The damage is accepted. The video is checked again before it is shown."
    assert encoding.inspection.progress(video).text == said
    encoding.control.cancel(video)
    assert encoding.inspection.conformance_report(encoding.video(encode)) == b"refused"
    retry(encoding, encode)
    assert encoding.inspection.progress(encoding.video(encode)).text == said
    encoding.updates.publish(encode.video_id, FIRST, an_asset(9), is_damage_accepted=True)
    assert encoding.inspection.progress(encoding.video(encode)).text == "Ready to watch."


def test_what_is_encoded_again_is_not_said_to_be_checked(encoding: InMemoryEncoding) -> None:
    encode = refused(encoding)
    accept(encoding, encode)
    assert encoding.encodes.get(encode.video_id, FIRST).chunks_left
    assert "checked" not in encoding.inspection.progress(encoding.video(encode)).text


def test_its_source_may_be_gone(encoding: InMemoryEncoding) -> None:
    encode = refused(encoding)
    encoding.bucket.objects.clear()
    assert accept(encoding, encode).attempt == 2


def test_to_accept_twice_is_to_accept_once(encoding: InMemoryEncoding) -> None:
    encode = refused(encoding)
    accepted = accept(encoding, encode)
    assert accept(encoding, encode) == accepted
    encoding.updates.publish(
        encode.video_id, encode.revision, an_asset(9), decodable=SHARE, is_damage_accepted=True
    )
    assert accept(encoding, encode).step is Step.DONE
    assert encoding.pipeline.running == {(encode.video_id, 1, 2)}
    media = encoding.video(encode).media
    assert media
    assert (media.decodable, media.is_damage_accepted) == (SHARE, True)


def test_to_accept_again_is_fine_when_it_was_published_with_less_damage(
    encoding: InMemoryEncoding,
) -> None:
    encode = refused(encoding)
    accept(encoding, encode)
    encoding.updates.publish(
        encode.video_id, FIRST, an_asset(9), decodable=Decodable(0.9, 1), is_damage_accepted=True
    )
    again = encoding.control.accept(encoding.video(encode), FIRST, looked_at=SHARE.damage)
    assert again.step is Step.DONE
    with pytest.raises(DamageChanged):
        encoding.control.accept(encoding.video(encode), FIRST, looked_at=Damage(20, 10))


def test_of_two_who_accept_at_once_both_get_the_same_answer(encoding: InMemoryEncoding) -> None:
    encode = refused(encoding)
    seen = encoding.video(encode)
    accepted = accept(encoding, encode)
    late = LateReader(encoding, encode)
    control = replace(encoding.control, updates=replace(encoding.updates, encodes=late))
    assert control.accept(seen, FIRST) == accepted
    assert encoding.pipeline.running == {(encode.video_id, 1, 2)}


def test_of_one_who_retries_and_one_who_accepts_one_wins(encoding: InMemoryEncoding) -> None:
    encode = refused(encoding)
    seen = encoding.video(encode)
    encoding.control.retry(seen)
    late = LateReader(encoding, encode)
    control = replace(encoding.control, updates=replace(encoding.updates, encodes=late))
    with pytest.raises(NotDamaged):
        control.accept(seen, FIRST)
    assert encoding.now(encode).accepted is None
    assert encoding.pipeline.running == {(encode.video_id, 1, 2)}


class LateReader(InMemoryEncodeStore):
    """Answers once what was true before, as to one who has read a moment too early."""

    def __init__(self, encoding: InMemoryEncoding, earlier: Encode) -> None:
        super().__init__(encoding.clock)
        self._encodes = encoding.encodes._encodes
        self._earlier: list[Encode] = [earlier]

    def get(self, video_id: VideoId, revision: Revision) -> Encode:
        return self._earlier.pop() if self._earlier else super().get(video_id, revision)


@pytest.mark.parametrize("is_removed", [True, False])
def test_what_is_deleted_or_replaced_meanwhile_is_not_accepted(
    encoding: InMemoryEncoding, *, is_removed: bool
) -> None:
    encode = refused(encoding)
    seen = encoding.video(encode)
    if is_removed:
        encoding.curation.remove(encode.video_id)
    else:
        encoding.videos.begin_encode(encode.video_id)
    with pytest.raises((NotDamaged, EncodeOver)):
        encoding.control.accept(seen, encode.revision)
    assert encoding.pipeline.running == set()
    assert encoding.now(encode).step is Step.FAILED


def test_a_newer_revision_is_not_accepted_unseen(encoding: InMemoryEncoding) -> None:
    encode = refused(encoding)
    with pytest.raises(NotDamaged):
        encoding.control.accept(encoding.video(encode), Revision(2))
    assert encoding.pipeline.running == set()


@pytest.mark.parametrize("reason", [Reason.NOT_PROVEN, Reason.TOO_SLOW, Reason.DAMAGED])
def test_what_was_refused_for_anything_else_is_not_accepted(
    encoding: InMemoryEncoding, reason: Reason
) -> None:
    encode = encoding.planned()
    failed(encoding, encode, reason)
    assert encoding.video(encode).refused_revision is None
    with pytest.raises(NotDamaged):
        accept(encoding, encode)
    assert encoding.pipeline.running == set()


def test_without_damage_nothing_is_accepted_in_any_step(encoding: InMemoryEncoding) -> None:
    encode = encoding.planned()
    with pytest.raises(NotDamaged):
        accept(encoding, encode)
    encoding.control.cancel(encoding.video(encode))
    with pytest.raises(NotDamaged):
        accept(encoding, encode)
    other = encoding.planned()
    encoding.updates.publish(other.video_id, other.revision, an_asset())
    with pytest.raises(NotDamaged):
        accept(encoding, other)


def test_what_is_cancelled_when_its_damage_is_known_can_be_accepted(
    encoding: InMemoryEncoding,
) -> None:
    encode = encoding.planned()
    encoding.updates.damaged(encoding.now(encode), an_asset(9), decodable=SHARE)
    with pytest.raises(NotDamaged):
        accept(encoding, encode)
    encoding.control.cancel(encoding.video(encode))
    assert encoding.video(encode).refused_revision == FIRST
    accepted = encoding.control.accept(encoding.video(encode), FIRST, looked_at=SHARE.damage)
    assert (accepted.attempt, accepted.accepted, accepted.asset) == (2, SHARE, an_asset(9))


@pytest.mark.parametrize("reason", [Reason.NOT_PROVEN, Reason.CANCELLED, Reason.NO_WORKER])
def test_an_accepted_encode_that_fails_otherwise_is_retried_and_not_accepted(
    encoding: InMemoryEncoding, reason: Reason
) -> None:
    encode = refused(encoding)
    accept(encoding, encode)
    failed(encoding, encoding.now(encode), reason)
    for looked_at in (None, SHARE.damage):
        with pytest.raises(NotDamaged):
            encoding.control.accept(encoding.video(encode), FIRST, looked_at=looked_at)
    assert encoding.pipeline.running == set()
    again = retry(encoding, encode)
    assert (again.attempt, again.accepted) == (3, SHARE)


def test_an_acceptance_whose_execution_never_began_can_be_repeated(
    encoding: InMemoryEncoding,
) -> None:
    encode = refused(encoding)
    encoding.encodes.again(encode, accepted=SHARE)
    encoding.clock.advance(hours=2)
    assert not encoding.control.revive(encoding.video(encode))
    assert accept(encoding, encode).attempt == 3


def retry(encoding: InMemoryEncoding, encode: Encode) -> Encode:
    return encoding.control.retry(encoding.video(encode))


def test_what_was_refused_once_is_not_for_viewers_until_it_is_published(
    encoding: InMemoryEncoding,
) -> None:
    encode = ready_to_begin(encoding)
    assert encoding.video(encode).playable_revision == FIRST
    damage(encoding, encode)
    assert encoding.video(encode).playable_revision is None
    for again in (retry, accept):
        again(encoding, encode)
        assert encoding.video(encode).playable_revision is None
        encoding.updates.planning(encode.video_id, FIRST)
        assert encoding.video(encode).playable_revision is None
        encoding.updates.chunk_done(encode.video_id, FIRST, 0)
        encoding.updates.checking(encode.video_id, FIRST)
        assert encoding.video(encode).playable_revision is None
        assert encoding.video(encode).withheld_revision == FIRST
        damage(encoding, encode)
    accept(encoding, encode)
    encoding.updates.publish(encode.video_id, encode.revision, an_asset(9))
    video = encoding.video(encode)
    assert (video.playable_revision, video.withheld_revision) == (FIRST, None)


def test_a_better_source_plays_while_it_is_made_although_another_one_was_refused(
    encoding: InMemoryEncoding,
) -> None:
    encode = ready_to_begin(encoding)
    damage(encoding, encode)
    revision = encoding.videos.begin_encode(encode.video_id)
    source = encoding.lay(f"uploads/{encode.video_id}/{'1' * 32}/source.mp4", b"better")
    better = encoding.control.begin(encode.video_id, revision, source)
    encoding.updates.planned(better, an_asset(), segments_per_chunk=1)
    ready(encoding, better)
    assert encoding.video(encode).playable_revision == revision


@pytest.mark.parametrize("reason", [Reason.DAMAGED, Reason.CANCELLED])
def test_what_an_earlier_version_refused_is_known_by_its_report(
    encoding: InMemoryEncoding, reason: Reason
) -> None:
    """It kept no share, and a retry that was cancelled overwrote the reason."""
    encode = ready_to_begin(encoding)
    encoding.media.write(object_keys.conformance_report(encode.video_id, FIRST), '{"ok": false}')
    failed(encoding, encode, reason)
    retry(encoding, encode)
    assert encoding.video(encode).playable_revision is None


def test_what_failed_for_want_of_a_worker_plays_while_it_is_retried(
    encoding: InMemoryEncoding,
) -> None:
    encode = ready_to_begin(encoding)
    failed(encoding, encode, Reason.NO_WORKER)
    retry(encoding, encode)
    assert encoding.video(encode).playable_revision == FIRST


def ready_to_begin(encoding: InMemoryEncoding) -> Encode:
    """An encode whose first seconds are there, for viewers as well."""
    return ready(encoding, encoding.planned())


def ready(encoding: InMemoryEncoding, encode: Encode) -> Encode:
    encoding.updates.chunk_done(encode.video_id, encode.revision, 0)
    return encoding.updates.audio_grown(encode.video_id, encode.revision, 0, 1)


def damage(encoding: InMemoryEncoding, encode: Encode) -> None:
    """Publishing finds too much damage; for a moment the state machine has not written so."""
    encoding.updates.damaged(encoding.now(encode), an_asset(9), decodable=SHARE)
    assert encoding.video(encode).playable_revision is None
    failed(encoding, encoding.now(encode), Reason.DAMAGED)


def test_a_refused_encode_is_kept_for_six_days_and_then_cleared_away(
    encoding: InMemoryEncoding,
) -> None:
    encode = refused(encoding)
    for kind in ("media", "work"):
        encoding.media.write(f"{kind}/{encode.video_id}/1/a", "x")
    encoding.media.write(f"reports/{encode.video_id}/1.json", "{}")
    encoding.clock.advance(days=5, hours=23)
    assert encoding.clean_up.run().folders == 0
    assert len(encoding.media.objects) == 3
    encoding.clock.advance(hours=2)
    assert encoding.clean_up.run().folders == 3
    assert encoding.media.objects == {}
    with pytest.raises(EncodeNotFound):
        accept(encoding, encode)


def test_a_refused_encode_goes_when_the_next_revision_is_there(encoding: InMemoryEncoding) -> None:
    encode = refused(encoding)
    encoding.media.write(f"media/{encode.video_id}/1/a", "x")
    revision = encoding.videos.begin_encode(encode.video_id)
    source = encoding.lay(f"uploads/{encode.video_id}/{'1' * 32}/source.mp4", b"better")
    encoding.control.begin(encode.video_id, revision, source)
    encoding.clock.advance(days=1, hours=1)
    encoding.clean_up.run()
    assert encoding.media.objects == {}
