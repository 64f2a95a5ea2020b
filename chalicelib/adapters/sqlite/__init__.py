"""The catalogue in a file of SQLite: what lists and searches read."""
