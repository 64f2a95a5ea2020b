"""Every answer of ours that differs from that of the original, on purpose."""

from collections.abc import Sequence

from tests.dialects.authemail_deviations import AUTHEMAIL
from tests.dialects.comparing import Deviation
from tests.dialects.djoser_deviations import DJOSER

DEVIATIONS: Sequence[Deviation] = (*AUTHEMAIL, *DJOSER)
