"""Retry the encodes whose executions the emulator lost when it was stopped."""

from chalicelib import bootstrap

if __name__ == "__main__":
    bootstrap.sweeping().revive()
