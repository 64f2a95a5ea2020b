"""The commands of a task, printed so that a person can run them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import clips


def printed(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "transcoder.commands", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("task", "output"), [("chunk", "encoded/240p.mp4"), ("audio", "encoded/audio-0.mp4")]
)
def test_the_printed_commands_do_what_the_task_does(tmp_path: Path, task: str, output: str) -> None:
    done = printed(str(clips.get("languages").path), task)
    assert done.returncode == 0, done.stderr
    subprocess.run(
        ["/bin/bash", "-e", "-c", done.stdout], cwd=tmp_path, check=True, capture_output=True
    )
    assert (tmp_path / output).stat().st_size > 1000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("no-such-file.mp4", "chunk"), "No such file"),
        ((__file__, "chunk"), "It is refused: not_video"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(arguments: tuple[str, str], message: str) -> None:
    done = printed(*arguments)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("clip", "task", "number", "sentence"),
    [
        ("tiny", "chunk", "-1", "There is 1 chunk, number 0.\n"),
        ("languages", "audio", "99", "There are 3 audio tracks, numbers 0 to 2.\n"),
        ("silent", "audio", "0", "There is no audio track.\n"),
    ],
)
def test_a_number_there_is_none_of_is_one_sentence(
    clip: str, task: str, number: str, sentence: str
) -> None:
    done = printed(str(clips.get(clip).path), task, "--", number)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence)
