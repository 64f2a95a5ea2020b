"""A loudspeaker without a sound card, and a microphone in front of it."""

import os
import shutil
import subprocess
import threading
import time
from array import array
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tests.players.engine import PATIENCE_SECONDS, ended

PROGRAM = shutil.which("pulseaudio")
RECORDER = shutil.which("parec")
RATE = 48_000
# The tones of the clip are far louder, what an encoder adds to silence is far quieter.
_LOUD = 1500
_QUIET_SECONDS = 0.3
_NEAR_SECONDS = 2
_BLOCK_BYTES = 2 * RATE // 100


@dataclass
class Microphone:
    """When each tone began, in seconds of the clock of this machine."""

    _onsets: list[int] = field(default_factory=list)
    # How many samples were heard before each block, and when the first one was, had it come then.
    _blocks: list[tuple[int, float]] = field(default_factory=list)
    _samples: int = 0
    _quiet: int = 0

    def listen(self, sound: IO[bytes]) -> None:
        while block := sound.read(_BLOCK_BYTES):
            samples = array("h", block)
            begun = time.time() - (self._samples + len(samples)) / RATE
            self._blocks.append((self._samples, begun))
            self._hear(samples)

    def _hear(self, samples: "array[int]") -> None:
        first = next((at for at, each in enumerate(samples) if abs(each) > _LOUD), None)
        if first is None:
            self._quiet += len(samples)
        else:
            if self._quiet + first > _QUIET_SECONDS * RATE:
                self._onsets.append(self._samples + first)
            self._quiet = 0
        self._samples += len(samples)

    def beeps(self) -> list[float]:
        return [self._begun(onset) + onset / RATE for onset in self._onsets]

    def _begun(self, onset: int) -> float:
        """Sound may arrive late, but never early; where some was lost, only near it counts."""
        near = _NEAR_SECONDS * RATE
        return min(begun for at, begun in self._blocks if abs(at - onset) <= near)


@dataclass(frozen=True)
class Loudspeaker:
    # What has to be in the environment of those who play through it.
    environment: Mapping[str, str]
    microphone: Microphone


@contextmanager
def loudspeaker(folder: Path) -> Iterator[Loudspeaker]:
    assert PROGRAM
    assert RECORDER
    wire = folder / "wire"
    options = [
        *("-n", "--exit-idle-time=-1", "--daemonize=no", "--use-pid-file=no", "--disable-shm=yes"),
        *("-L", f"module-null-sink sink_name=null rate={RATE}"),
        *("-L", f"module-native-protocol-unix auth-anonymous=1 socket={wire}"),
    ]
    environment = {"PULSE_SERVER": f"unix:{wire}"}
    home = {**os.environ, **environment, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    with (folder / "sound.output").open("wb") as output:
        server = subprocess.Popen(
            [PROGRAM, *options], env=home, stdout=output, stderr=output, start_new_session=True
        )
        try:
            _wait_for(wire, server)
            recorder = subprocess.Popen(
                [RECORDER, "--latency-msec=10", "--format=s16le", f"--rate={RATE}", "--channels=1",
                 "--raw", "--device=null.monitor"],
                env=home, stdout=subprocess.PIPE, stderr=output, start_new_session=True,
            )  # fmt: skip
            with _listening(recorder) as microphone:
                yield Loudspeaker(environment, microphone)
        finally:
            ended(server)


@contextmanager
def _listening(recorder: subprocess.Popen[bytes]) -> Iterator[Microphone]:
    microphone = Microphone()
    thread = threading.Thread(target=microphone.listen, args=[recorder.stdout])
    thread.start()
    try:
        yield microphone
    finally:
        ended(recorder)
        thread.join()
        assert recorder.stdout
        recorder.stdout.close()


def _wait_for(wire: Path, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not wire.exists():
        assert server.poll() is None, f"the loudspeaker ended with {server.returncode}"
        assert time.monotonic() < deadline, "there is no loudspeaker"
        time.sleep(0.05)
