"""A media signer with readable signatures: folder and expiry."""

from datetime import datetime


class ReadableSigner:
    def __init__(self) -> None:
        self.signed = 0

    def query(self, folder: str, *, expires_at: datetime) -> str:
        if not folder.endswith("/"):
            raise ValueError("a wildcard has to end on a directory boundary")
        self.signed += 1
        return f"opens={folder}&until={int(expires_at.timestamp())}"
