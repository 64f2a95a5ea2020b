"""Small files of every kind, and what each of them should become."""
