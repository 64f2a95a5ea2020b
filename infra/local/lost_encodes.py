"""Retry the encodes whose executions the emulator lost when it was stopped."""

from chalicelib.wiring import encoding

if __name__ == "__main__":
    encoding.clean_up().revive()
