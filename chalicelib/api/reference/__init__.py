"""The API document as a page for readers."""
