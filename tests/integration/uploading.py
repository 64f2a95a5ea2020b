"""Send a file in parts as a program does: by the URLs that the API names, and by nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpx

from tests.browser import Browser

MEBIBYTE = 1024**2


@dataclass(frozen=True)
class SentInParts:
    admin: Browser
    content: bytes
    upload: Any

    @classmethod
    def begun(cls, admin: Browser, content: bytes, filename: str) -> "SentInParts":
        answer = admin.post("/uploads/", {"filename": filename, "size": len(content)})
        assert answer.status == 201, answer
        return cls(admin, content, answer.json)

    @property
    def numbers(self) -> range:
        return range(1, self.upload["part_count"] + 1)

    def again(self, admin: Browser) -> "SentInParts":
        """Return the same upload, as a later session lists it."""
        listed = admin.get("/uploads/").json["results"]
        (upload,) = (each for each in listed if each["id"] == self.upload["id"])
        return SentInParts(admin, self.content, upload)

    def urls(self, numbers: Iterable[int]) -> dict[int, str]:
        path = f"/uploads/{self.upload['id']}/parts/"
        answer = self.admin.post(path, {"numbers": list(numbers)})
        assert answer.status == 200, answer
        return {each["number"]: each["url"] for each in answer.json["results"]}

    def send(self, numbers: Iterable[int]) -> None:
        size = self.upload["part_size"]
        for number, url in self.urls(numbers).items():
            part = self.content[(number - 1) * size : number * size]
            answer = httpx.put(url, content=part, trust_env=False)
            assert answer.status_code == 200, f"{url}: {answer.status_code} {answer.text}"

    def arrived(self) -> list[int]:
        upload = self.admin.get(f"/uploads/{self.upload['id']}/").json
        return [each["number"] for each in upload["parts"]]

    def complete(self) -> int:
        """Join the parts and return the video's id."""
        answer = self.admin.post(f"/uploads/{self.upload['id']}/complete/")
        assert answer.status == 200, answer
        return int(self.upload["video_id"])
