"""What task handlers use: encodes, sources, settings, and the store of a revision."""

from dataclasses import dataclass

from chalicelib.catalogue.model import Revision, VideoId
from chalicelib.encoding.messages import Task
from chalicelib.encoding.model import Encode, EncodeNotFound
from chalicelib.encoding.plan import Plan
from chalicelib.encoding.ports import EncodeStore, MediaStore
from chalicelib.encoding.poster_updates import PosterUpdates
from chalicelib.encoding.updates import EncodeUpdates
from transcoder.settings import TranscoderSettings
from transcoder.sources.access import Sources
from transcoder.tasks.revision_store import RevisionStore


@dataclass(frozen=True, slots=True)
class TaskContext:
    updates: EncodeUpdates
    posters: PosterUpdates
    encodes: EncodeStore
    media: MediaStore
    sources: Sources
    settings: TranscoderSettings

    def store(self, task: Task) -> RevisionStore:
        return self.store_of(task.video_id, task.revision)

    def store_of(self, video_id: VideoId, revision: Revision) -> RevisionStore:
        return RevisionStore(self.media, video_id, revision)

    def take(self, task: Task, name: str) -> Encode:
        """Note that the task of this report begins and return its encode; raise `EncodeOver`."""
        return self.encodes.task_taken(task.video_id, task.revision, name)

    def plan(self, task: Task) -> Plan:
        plan = self.store(task).plan()
        if plan is None:
            raise EncodeNotFound("There is no plan.")
        return plan


def is_done_already(encode: Encode, *, is_done: bool) -> bool:
    """Whether a repeated message needs no work.

    Another attempt needs it: its plan lists only tasks whose output is missing or damaged.
    """
    return is_done and encode.attempt == 1
