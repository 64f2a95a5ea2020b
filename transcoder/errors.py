"""All expected errors of the transcoder.

TranscoderError
├── BadTranscoderSetting     a setting of the operator is missing or cannot be used
├── Refused                  no media can be made of the source; another try ends the same
├── LimitReached             a program used more than its limits
├── Stopped                  the task ends early: the worker stops, or the encode is cancelled
└── TaskFailed               the task failed; another try may succeed
    ├── NotConfined          the kernel refused to confine a program
    ├── ProbeInterrupted     the probe ended without a result
    ├── SourceLost           the source could not be read to its end
    ├── SourceUnreachable    the source cannot be read at the moment
    ├── Unreadable           a file is not what its format demands
    └── WrongResult          an output is not what the plan says
"""

from chalicelib.encoding.failures import Reason


class TranscoderError(Exception):
    """An error that the worker expects, and answers according to its kind."""


class BadTranscoderSetting(TranscoderError):
    """Names the environment variable."""


class Refused(TranscoderError):
    """The reason is a text for people."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.detail = detail


class LimitReached(TranscoderError):
    """The reason says which limit."""

    def __init__(self, excess: str = "", reason: Reason = Reason.TOO_SLOW) -> None:
        super().__init__(excess)
        self.reason = reason


class Stopped(TranscoderError):
    pass


class TaskFailed(TranscoderError):
    pass


class NotConfined(TaskFailed):
    pass


class ProbeInterrupted(TaskFailed):
    pass


class SourceLost(TaskFailed):
    pass


class SourceUnreachable(TaskFailed):
    pass


class Unreadable(TaskFailed, ValueError):
    pass


class WrongResult(TaskFailed):
    pass
