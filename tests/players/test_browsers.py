"""Browsers play our videos through the edge: seen on the screen, heard at the loudspeaker."""

from collections.abc import Mapping, Sequence

import pytest

from tests.players.browsers import BROWSERS
from tests.players.conftest import IS_EVERYTHING, MAKES, SOURCE
from tests.players.engine import Engine
from tests.players.loudspeaker import Loudspeaker
from tests.players.played import RecordProperty, Row, milliseconds, note
from tests.players.playing import Part, Played, Player, faults, is_synchronous
from tests.players.served import SHAKA_PLAYER, Served
from tests.players.videos import Make

HLS, SHAKA, NATIVE, DOWNLOAD = "hls.js", "shaka", "native", "MP4"
LIBRARIES = [HLS, SHAKA, NATIVE, DOWNLOAD] if IS_EVERYTHING else [HLS, NATIVE]
# Some players count from the beginning of the clock of the media, two pictures earlier.
DELAY_SECONDS = 0.08
SECONDS, TO_ITS_END = 2.5, 30.0
PARTS = [Part("start", 0, SECONDS), Part("seek", 12.3, SECONDS), Part("end", 21.3, TO_ITS_END)]
# WebKitGTK hangs where it seeks in a file without a library, in any file.
WITHOUT_SEEKING = {("WebKitGTK", DOWNLOAD): [Part("start", None, TO_ITS_END)]}
# It places segments by their times of decoding: in MPEG-TS, and from the second one on in what
# was made before (decision 0040), they are two pictures off.
KNOWN_LATE_SECONDS = {
    (SHAKA, Make.BEFORE): {"seek": -0.08, "end": -0.08},
    (SHAKA, Make.TS): {"start": -0.08, "seek": -0.08, "end": -0.08},
}
# Beside other tests a browser plays when it comes to it: `make players` measures the time.
IS_TIMED, ATTEMPTS = IS_EVERYTHING, 3 if IS_EVERYTHING else 1
# Now and then, after it was sent elsewhere, whatever it plays.
STAND_STILL = {"WebKitGTK"}
# It loads no HLS there, FFmpeg's own neither.
NOT_TOGETHER = {("WebKitGTK", SHAKA): "Shaka Player plays no HLS in WebKitGTK, of any maker"}
_references: dict[str, float] = {}


@pytest.mark.parametrize("make", MAKES)
@pytest.mark.parametrize(
    ("browser", "library"),
    [
        pytest.param(browser, library, id=f"{browser.name}-{library}")
        for browser in BROWSERS
        for library in LIBRARIES
        if IS_EVERYTHING or browser.name == "Chromium"
    ],
    indirect=["browser"],
)
def test_it_plays_seeks_changes_its_size_and_ends(
    engine: Engine,
    library: str,
    make: Make,
    served: Served,
    speaker: Loudspeaker,
    record_property: RecordProperty,
) -> None:
    engine.open(served.page())
    if why := _cannot(engine, library):
        note(record_property, Row(f"{engine.name}, {library}", make, remark=why))
        pytest.skip(why)
    player = Player(
        engine,
        speaker.microphone,
        served.page(),
        NATIVE if library == DOWNLOAD else library,
        ATTEMPTS,
    )
    if engine.name not in _references:
        _references[engine.name] = player.reference(served.other(SOURCE), SECONDS)
    url = served.download(make) if library == DOWNLOAD else served.playlist(make)
    expected = KNOWN_LATE_SECONDS.get((library, make), {})
    parts = WITHOUT_SEEKING.get((engine.name, library), PARTS)
    played = _played(player, url, parts, _references[engine.name], expected)
    asset = served.videos[make].asset
    wrong = faults(played, parts, frames=asset.grid.frames, delay=DELAY_SECONDS)
    excused = ["still"] if engine.name in STAND_STILL else []
    # On a busy machine the first pictures after a seek are over before one is shown.
    excused = excused if IS_TIMED else ["still", "came first"]
    note(record_property, _row(f"{engine.name}, {library}", make, played, wrong))
    assert not [words for words in wrong if not any(each in words for each in excused)], wrong
    assert set(played.late) == {part.name for part in parts}, "no tone was heard"
    assert not IS_TIMED or _is_in_time(played, expected), played.late


def _played(
    player: Player, url: str, parts: Sequence[Part], reference: float, expected: Mapping[str, float]
) -> Played:
    """Twice if need be: what a browser adds to sound is another time at each start."""
    played = player.play(url, parts, reference, expected)
    if not IS_TIMED or _is_in_time(played, expected):
        return played
    return player.play(url, parts, reference, expected)


def _is_in_time(played: Played, expected: Mapping[str, float]) -> bool:
    return all(is_synchronous(each - expected.get(name, 0)) for name, each in played.late.items())


def _cannot(engine: Engine, library: str) -> str:
    if library == SHAKA and not SHAKA_PLAYER.exists():
        return "needs Shaka Player, which  make players  installs"
    if (engine.name, library) in NOT_TOGETHER:
        return NOT_TOGETHER[engine.name, library]
    if library in (HLS, SHAKA, NATIVE) and not engine.call("can")[library]:
        return f"{engine.name} has no HLS of its own"
    return ""


def _row(player: str, make: Make, played: Played, wrong: list[str]) -> Row:
    seeks = [stretch.pictures for name, stretch in played.stretches.items() if name != "start"]
    return Row(
        player,
        make,
        plays="yes" if played.stretches["start"].pictures else "no",
        seeks="-" if not seeks else "yes" if all(seeks) else "no",
        sizes=" ".join(map(str, played.heights)) or "-",
        **{name: milliseconds(played.late, name) for name in ("start", "seek", "end")},
        seconds=f"{played.duration:.2f}",
        frames=str(played.state["frames"]),
        dropped=str(played.state["dropped"]),
        remark="; ".join(wrong),
    )
