"""The launcher of every program that reads untrusted bytes, and the Linux features it uses.

It imports as little as possible, because it starts once for each of them.
"""

# Exit code and message of a program that was not started because it could not be confined.
FAILURE, FAILED = 125, "confinement: "
