"""Have another try at what was being made when the emulator was last stopped: it forgets that."""

from chalicelib import bootstrap

if __name__ == "__main__":
    bootstrap.sweeping().revive()
