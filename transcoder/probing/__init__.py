"""Probe an untrusted source in a sandboxed process."""

import json
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from chalicelib.encoding.failures import Reason
from transcoder.errors import LimitReached, ProbeInterrupted, Refused
from transcoder.probing.model import RESULT, TIMES, Facts, Question
from transcoder.sandbox.runner import Limits, Sandbox

_PROGRAM = Path(__file__).with_name("__main__.py")
_FILE_BYTES = 256 * 1024**2


def probe(question: Question, *, sandbox: Sandbox, cpu_seconds: int, memory_bytes: int) -> Facts:
    """Raise `Refused` if the source cannot be encoded, `ProbeInterrupted` if a retry may help."""
    limits = Limits(
        cpu_seconds=cpu_seconds,
        memory_bytes=memory_bytes,
        file_bytes=_FILE_BYTES,
    )
    result, times = sandbox.folder / RESULT, sandbox.folder / TIMES
    for left_over in (result, times):
        left_over.unlink(missing_ok=True)
    try:
        finished = sandbox.run(
            [sys.executable, "-I", "-B", str(_PROGRAM), question.to_json()],
            limits=limits,
            source=question.url,
            reads=_python_paths(),
        )
    except LimitReached as limit:
        raise Refused(limit.reason) from None
    if finished.code < 0:
        # A library that crashes on a file crashes on every retry.
        raise Refused(Reason.CORRUPT)
    if not finished.is_good:
        raise ProbeInterrupted("\n".join(finished.lines[-20:]))
    return _read(json.loads(result.read_text(encoding="utf-8")), times)


def _read(answer: dict[str, Any], times: Path) -> Facts:
    if "refused" in answer:
        raise Refused(Reason(answer["refused"]), answer["detail"])
    if "unreachable" in answer:
        raise ProbeInterrupted(answer["unreachable"])
    return Facts.from_plain(answer["facts"], times.read_bytes())


@cache
def _python_paths() -> tuple[str, ...]:
    """Paths that a Python program reads to start: the interpreter, its packages, and our code."""
    # Without the folder around our packages: it may hold data as well.
    code = Path(__file__).parents[2]
    package = find_spec("av")
    packages = [Path(package.origin).parents[1]] if package and package.origin else []
    ours = (code / "transcoder", code / "chalicelib")
    # Without its settings OpenSSL does not start, and hashes need it.
    paths = (*packages, *ours, Path("/etc/ssl/openssl.cnf"))
    return (sys.prefix, sys.base_prefix, *map(str, paths))
