"""`python -m infra.sbom FOLDER`: packages of API, transcoder and local programs, as CycloneDX."""

import subprocess
import sys
from pathlib import Path

from infra import pinned
from infra.root import ROOT

_COMPONENTS = ("api", "transcoder", "local")


def write(folder: Path) -> list[Path]:
    """Write a document for each part; the same pins give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for component in _COMPONENTS:
        file = folder / f"{component}.cdx.json"
        subprocess.run(_command(pinned.REQUIREMENTS[component], file), check=True)
        written.append(file)
    return written


def _command(requirements: Path, file: Path) -> list[str]:
    return pinned.command(
        pinned.CYCLONEDX,
        *("cyclonedx-py", "requirements", str(requirements)),
        *("--pyproject", str(ROOT / "pyproject.toml"), "--mc-type", "application"),
        *("--output-reproducible", "--output-format", "JSON", "--output-file", str(file)),
    )


if __name__ == "__main__":
    for document in write(Path(sys.argv[1])):
        print(f"sbom: {document}")
