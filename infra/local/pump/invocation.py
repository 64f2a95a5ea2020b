"""One call of a handler, with what Lambda hands over and with its tolerance of failure."""

import logging
from collections.abc import Callable
from typing import Any

from chalice.local import LambdaContext

Handler = Callable[[dict[str, Any], LambdaContext], object]

_MEGABYTES = 512
_MILLISECONDS = 30_000

log = logging.getLogger("pump")


def succeeds(handler: Handler, event: dict[str, Any], *, name: str) -> bool:
    """Call the handler; whatever goes wrong in it is logged and is no concern of the pump's."""
    try:
        handler(event, LambdaContext(name, _MEGABYTES, _MILLISECONDS))
    except (Exception, SystemExit):
        log.exception("%s failed", name)
        return False
    return True
