"""Players of the command line show every picture, as long as planned, and in time with its tone."""

from statistics import median

import pytest

from tests.players.conftest import MAKES, SOURCE
from tests.players.measured import FRAMES_PER_SECOND
from tests.players.played import RecordProperty, Row, note
from tests.players.playing import is_synchronous
from tests.players.programs import PROGRAMS, Program
from tests.players.served import Served
from tests.players.videos import Make

# It places segments of MPEG-TS by their times of decoding, and pictures have earlier ones.
KNOWN_LATE_SECONDS = {("GStreamer", "HLS", Make.TS): -0.08}
# It waits for the picture after the last one.
KNOWN_LOST = {("VLC", "HLS", Make.TS): {598}}


@pytest.fixture(params=PROGRAMS, ids=lambda program: program.name)
def program(request: pytest.FixtureRequest, record_property: RecordProperty) -> Program:
    program: Program = request.param
    if program.missing:
        note(record_property, Row(program.name, "", remark=program.missing))
        pytest.skip(program.missing)
    return program


@pytest.mark.parametrize("make", MAKES)
@pytest.mark.parametrize("kind", ["HLS", "MP4"])
def test_it_shows_every_picture_in_time_with_its_tone(
    program: Program,
    kind: str,
    make: Make,
    served: Served,
    record_property: RecordProperty,
) -> None:
    url = served.playlist(make) if kind == "HLS" else served.download(make)
    played = program.play(url)
    late = [each - KNOWN_LATE_SECONDS.get((program.name, kind, make), 0) for each in played.late]
    note(
        record_property,
        Row(
            f"{program.name}, {kind}",
            make,
            plays="yes",
            # The first tone says least: it may begin together with the playing itself.
            start=f"{1000 * played.late[1]:+.0f}",
            seek=f"{1000 * median(played.late):+.0f}",
            end=f"{1000 * played.late[-1]:+.0f}",
            seconds=f"{played.seconds:.2f}",
            frames=str(len(played.numbers)),
        ),
    )
    asset = served.videos[make].asset
    lost = KNOWN_LOST.get((program.name, kind, make), set())
    assert list(played.numbers) == [n for n in range(asset.grid.frames) if n not in lost]
    assert [round(1000 * each) for each in late[1:] if not is_synchronous(each)] == []
    planned, frame = float(asset.grid.duration), 1 / FRAMES_PER_SECOND
    if abs(played.seconds - planned) > frame:
        # VLC shows the first picture of any MP4 later, also of other makers.
        planned = program.play(served.other(SOURCE)).seconds
    assert abs(played.seconds - planned) <= frame
