"""`docker compose run --rm tools …`: commands of `make` for a site, without Python on the host."""

import sys
from collections.abc import Sequence
from pathlib import Path

from infra.compose import environment
from infra.local import accept, drop, mail
from infra.local.data_folder import known_password
from infra.local.settings import LocalSettings
from infra.terminal import Refusal

_SOURCES = Path("/films")
_USAGE = """\
  tools password                           the administrator's password
  tools mail [ada@example.com]             the newest mail, or the newest to an address
  tools drop film.mp4 ["Drama/My film.mp4"]   upload a file of the folder FILMS, as a draft
  tools drop - "Drama/My film.mp4"         the same, from the standard input
  tools accept [7 1]                       publish a damaged video, or list those that wait"""
_NOT_UP = "No site answers: start it with  docker compose up  and the same file."
_ACCEPT = "docker compose run --rm tools accept"
_ACCEPTING = accept.Command(_ACCEPT, f"{_ACCEPT} {{}} {{}}", environment.API_URL, _NOT_UP)


def run(arguments: Sequence[str], settings: LocalSettings) -> str:
    """Run a command and return its output; raise `Refusal`."""
    match arguments:
        case ["password"]:
            return known_password(settings, _NOT_UP)
        case ["mail", *to] if len(to) <= 1:
            return mail.newest(settings, to="".join(to), host=environment.AWS_NAME, not_up=_NOT_UP)
        case ["drop", "-", name]:
            return drop.put(sys.stdin.buffer, name, not_up=_NOT_UP)
        case ["drop", source, *name] if source != "-" and len(name) <= 1:
            return _drop(source, *name)
        case ["accept", *numbers]:
            return accept.main(settings, numbers, _ACCEPTING)
    raise Refusal(_USAGE)


def _drop(source: str, name: str = "") -> str:
    path = _SOURCES / source
    try:
        with path.open("rb") as file:
            return drop.put(file, name or path.name, not_up=_NOT_UP)
    except PermissionError:
        raise Refusal(
            f"The container may not read {source}. Send its content instead: "
            f'docker compose run --rm -T tools drop - "{name or path.name}" < {source}'
        ) from None
    except OSError as problem:
        raise Refusal(f"{source}: {problem.strerror}. It must be in the folder FILMS.") from None


if __name__ == "__main__":
    try:
        print(run(sys.argv[1:], environment.apply()))
    except Refusal as refusal:
        sys.exit(str(refusal))
