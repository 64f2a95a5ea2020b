"""What a header says of a stream by its disposition: read from a real Matroska."""

from io import BytesIO

import av
import pytest
from av.stream import Disposition

from transcoder.probing.headers.choice import Listed
from transcoder.probing.headers.streams import listed

FLAGS = ("is_default", "is_forced", "is_for_some", "is_for_deaf")


def stream_with(disposition: Disposition) -> Listed:
    file = BytesIO()
    with av.open(file, "w", format="matroska") as made:
        stream = made.add_stream("pcm_s16le", rate=8000)
        stream.disposition = disposition
        frame = av.AudioFrame(format="s16", layout="mono", samples=80)
        frame.sample_rate, frame.pts = 8000, 0
        made.mux([*stream.encode(frame), *stream.encode(None)])
    file.seek(0)
    with av.open(file, "r") as container:
        [only] = listed(container, {}, {})
    return only


@pytest.mark.parametrize(
    ("disposition", "flags"),
    [
        (Disposition.default, {"is_default"}),
        (Disposition.forced, {"is_forced"}),
        (Disposition.hearing_impaired, {"is_for_deaf", "is_for_some"}),
        (Disposition.visual_impaired, {"is_for_some"}),
        (Disposition.comment, {"is_for_some"}),
    ],
)
def test_a_disposition_says_for_whom_a_stream_is(disposition: Disposition, flags: set[str]) -> None:
    stream = stream_with(disposition)
    assert {name for name in FLAGS if getattr(stream, name)} == flags
