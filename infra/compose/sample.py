"""`python -m infra.compose.sample`: the sample video of `make run`, unless SAMPLE_FILM is 0."""

import os
import runpy
import sys

if __name__ == "__main__" and os.environ.get("SAMPLE_FILM") != "0":
    sys.argv = ["infra.local.sample", os.environ["DATA_FOLDER"]]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
