"""Only what FFmpeg says at work is evidence; before that, a source may have put words into it."""

import pytest

from transcoder.ffmpeg.log import Observer
from transcoder.ffmpeg.phases import Log

DESCRIBES = "[info] Input #0, matroska,webm, from 'x':"
WORKS = "[info] Stream mapping:"
FLAG = "[vist#0:0/h264 @ 0x1] [dec:h264 @ 0x2] [warning] corrupt decoded frame"
LOST_OPENING = "[in#0 @ 0x1] [error] Error opening input: Input/output error"
LOST_READING = "[in#0/mov @ 0x1] [error] Error during demuxing: Input/output error"
CUT_OFF = "[http @ 0x1] [error] Stream ends prematurely at 5, should be 9"


def read_log(*lines: str) -> Log[Observer]:
    log = Log(Observer(1, codec="h264"))
    for line in lines:
        log.read_line(line)
    return log


def test_what_is_said_at_work_counts() -> None:
    assert read_log(DESCRIBES, WORKS, FLAG).observer.errors == 1
    assert read_log("Input #0, mov, from 'x':", "Stream mapping:", FLAG).observer.errors == 1


@pytest.mark.parametrize("before", [(), (DESCRIBES,), (DESCRIBES, WORKS, FLAG)])
def test_what_was_said_before_the_last_mapping_does_not(before: tuple[str, ...]) -> None:
    log = read_log(*before, FLAG, WORKS)
    assert (log.observer.errors, log.observer.delivered.errors) == (0, 0)


@pytest.mark.parametrize("line", [LOST_OPENING, LOST_READING, CUT_OFF])
def test_a_source_may_be_lost_while_it_is_opened_and_while_it_is_read(line: str) -> None:
    assert read_log(line).is_source_lost
    assert read_log(DESCRIBES, WORKS, line).is_source_lost
    # What was cut off while it was opened is not whole because some of it was read.
    assert read_log(line, DESCRIBES, WORKS).is_source_lost


@pytest.mark.parametrize("line", [LOST_OPENING, LOST_READING, CUT_OFF])
def test_no_tag_says_that_a_source_is_lost(line: str) -> None:
    for tag in (f"    title           : {line}", f"                    : {line}", line):
        assert not read_log(DESCRIBES, tag).is_source_lost
        assert not read_log(DESCRIBES, WORKS, tag, WORKS).is_source_lost
    assert not read_log(f"[info]   {line}").is_source_lost
