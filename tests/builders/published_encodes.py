"""Whole encodes of files by every task, with everything that they leave in the media bucket."""

import io
import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from chalicelib.catalogue import object_keys
from chalicelib.catalogue.asset import Asset
from chalicelib.encoding.plan import Plan
from tests.media.in_memory_transcoder import InMemoryTranscoder

# How far sound and picture may be apart.
SYNCHRONOUS_SECONDS = 0.02


@dataclass(frozen=True)
class Finished:
    """A video as it is stored in the bucket."""

    plan: Plan
    asset: Asset
    report: dict[str, object]
    objects: dict[str, bytes]

    def played(self, track: str) -> io.BytesIO:
        """Everything of one rung or sound track, as a player puts it together."""
        names = [name for name in self.objects if name.startswith(f"{track}/")]
        return io.BytesIO(
            b"".join(
                self.objects[name]
                for name in sorted(names, key=lambda name: ("init" not in name, name))
            )
        )


def finished(path: Path) -> Finished:
    with TemporaryDirectory() as folder:
        transcoder = InMemoryTranscoder(Path(folder))
        encode = transcoder.receive(path.read_bytes())
        transcoder.make(encode)
    video, revision = encode.video_id, encode.revision
    asset, plan = (
        transcoder.encodes.get(video, revision).asset,
        transcoder.context.store_of(video, revision),
    )
    report = json.loads(transcoder.media.objects[object_keys.conformance_report(video, revision)])
    prefix = object_keys.folder(video, revision)
    objects = {
        key.removeprefix(prefix): content
        for key, content in transcoder.media.objects.items()
        if key.startswith(prefix)
    }
    made = plan.plan()
    assert asset is not None
    assert made is not None
    return Finished(made, asset, report, objects)
