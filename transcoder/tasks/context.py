"""What every task works with."""

from dataclasses import dataclass

from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.transcoding.conversions import Conversions
from chalicelib.transcoding.messages import Task
from chalicelib.transcoding.model import Encode, EncodeNotFound, EncodeOver
from chalicelib.transcoding.plan import Plan
from chalicelib.transcoding.ports import MediaStore
from transcoder.settings import TranscoderSettings
from transcoder.sources.access import Sources
from transcoder.tasks.revision_store import Workshop


@dataclass(frozen=True, slots=True)
class Studio:
    conversions: Conversions
    media: MediaStore
    sources: Sources
    settings: TranscoderSettings

    def workshop(self, task: Task) -> Workshop:
        return self.workshop_of(task.video_id, task.revision)

    def workshop_of(self, video_id: VideoId, revision: Revision) -> Workshop:
        return Workshop(self.media, video_id, revision)

    def encode(self, task: Task) -> Encode:
        """Return the encode this task belongs to; raise `EncodeOver` if nobody wants it."""
        encode = self.conversions.encodes.get(task.video_id, task.revision)
        if encode.is_over:
            raise EncodeOver("It is over.")
        return encode

    def plan(self, task: Task) -> Plan:
        plan = self.workshop(task).plan()
        if plan is None:
            raise EncodeNotFound("There is no plan.")
        return plan


def is_asked_twice(encode: Encode, *, is_done: bool) -> bool:
    """Whether a task that was done before may be left at that.

    Not in another attempt: its plan asks only for what is missing, or is no longer whole.
    """
    return is_done and encode.attempt == 1
