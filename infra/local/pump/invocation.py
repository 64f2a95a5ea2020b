"""One call of a handler, with Lambda's context and its handling of failures."""

import logging
from collections.abc import Callable
from typing import Any

from chalice.local import LambdaContext

Handler = Callable[[dict[str, Any], LambdaContext], object]

_MEGABYTES = 512
_MILLISECONDS = 30_000

log = logging.getLogger("pump")


def succeeds(handler: Handler, event: dict[str, Any], *, name: str) -> bool:
    """Call the handler; log an exception and return False."""
    try:
        handler(event, LambdaContext(name, _MEGABYTES, _MILLISECONDS))
    except (Exception, SystemExit):
        log.exception("%s failed", name)
        return False
    return True
