"""Every answer of ours that differs from that of the original, on purpose."""

from collections.abc import Sequence

from tests.dialects.comparing import Deviation

DEVIATIONS: Sequence[Deviation] = ()
