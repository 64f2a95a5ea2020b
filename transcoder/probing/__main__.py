"""`python -I transcoder/probing/__main__.py <question>`: answer one question about one file."""

import sys
from pathlib import Path

if __name__ == "__main__":
    # Isolated, so that nothing in the folder it works in is imported; our code must be named.
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from transcoder.probing.child import answer
    from transcoder.probing.model import Question

    answer(Question.from_json(sys.argv[1]), Path.cwd())
