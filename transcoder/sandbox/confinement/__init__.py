"""The program in front of every program that reads untrusted bytes, and what it asks of Linux.

It imports as little as it can: it is started once for each of them.
"""

# How a program ends that was not begun because it could not be confined.
FAILURE, FAILED = 125, "confinement: "
