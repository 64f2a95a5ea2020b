"""A program that has taken over FFmpeg, and what it finds around it."""
