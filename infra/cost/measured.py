"""Counts, which tests compare with the code, and measurements of November 2026."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """One request to the API."""

    # Number of calls by name, as in `tests/api/test_calls.py`.
    calls: Mapping[str, int] = field(default_factory=dict)
    # Items in its transactions; each costs two units.
    transacted: int = 0
    # On one core.
    cpu_seconds: float = 0.0002
    answer_bytes: int = 1_000


# Argon2id is most of it: 36 ms on one core. The sign-in is from a new browser.
SIGN_IN = Request(
    {"UpdateItem": 2, "GetItem": 1, "TransactWriteItems": 1}, transacted=2, cpu_seconds=0.040
)
# With one mail: send, receive and delete its message; 50 ms to write it and hand it to SES.
SIGN_UP = Request(
    {"UpdateItem": 2, "GetItem": 1, "TransactWriteItems": 1, "SendMessage": 1},
    transacted=2,
    cpu_seconds=0.040,
)
MESSAGES_PER_MAIL = 2
MAIL_SECONDS = 0.05
# Warm and not a 304: 0.11 ms; 200 videos are about 20 kB when compressed. The two queries that a
# process makes per `catalogue.cache.LOOK_EVERY` are counted with some of the lists alone.
LISTING = Request({"Query": 2}, cpu_seconds=0.0002, answer_bytes=20_000)
LISTINGS_PER_QUERY = 10
REFRESH = Request({"BatchGetItem": 1, "TransactWriteItems": 1}, transacted=2, cpu_seconds=0.001)
# 600 segments, compressed.
PLAYLIST = Request(cpu_seconds=0.0002, answer_bytes=25_000)
# Of a video: its details, the multivariant playlist, two rungs, audio, subtitles, the storyboard.
PLAYLISTS_PER_HOUR = 7
# The official page refreshes more rarely than access tokens expire: every 20 minutes.
REFRESHES_PER_HOUR = 3

# Duration of a call to DynamoDB or SQS, and of the rest of a request.
CALL_SECONDS = 0.008
REQUEST_SECONDS = 0.003
# One line of the API, and three of Lambda.
LOG_BYTES = 900

# Share of requests that CloudFront answers from its caches.
CACHE_HITS = 0.9
# Of a minute of moving, detailed pictures in 1080p30, encoded on 2026-11-21; only the first is
# near its limit. Videos differ; the report of a published one has its own numbers.
RUNG_KBPS = {"1080p": 5872, "720p": 1662, "480p": 720, "360p": 391, "240p": 190}
LARGEST_KBPS = RUNG_KBPS["1080p"]
SOUND_KBPS = 123
# A typical source in 1080p, which is stored for a month.
SOURCE_KBPS = 10_000

# `transcode.kept.cpu.1080p30.h264` of `make bench`: CPU seconds of all tasks for a minute of
# moving, detailed pictures on the rungs above. Most videos need less.
CPU_SECONDS_PER_MINUTE = 249.8
# One task at a time does not use two processors fully.
BUSY = 0.8
# Fargate fetches the image and starts the container.
START_SECONDS = 60
# Size of the item of an encode in kB, which is the cost of a write in units.
ENCODE_UNITS = 3
# Range requests of FFmpeg for one chunk of its source.
RANGES_PER_CHUNK = 8
# Send, receive, delete, and heartbeats; with other encodes waiting, also the move into a queue by
# urgency and the look into more urgent queues (decision 0039).
MESSAGES_PER_TASK = 6 + 4
# The item of its encode, read by the task and for its urgency.
READS_PER_TASK = 2
# Compressed, as the registry stores it.
IMAGE_GB = 0.2

# Lambda polls an empty queue with two pollers, each for 20 s at a time.
POLLS_PER_HOUR_AND_QUEUE = 2 * 3 * 60
QUEUES_WITH_A_HANDLER = 3
HOURS_PER_MONTH = 730
DAYS_PER_MONTH = 30.4

# The folders of a video that a clean-up lists.
LISTS_PER_CHECKED_VIDEO = 4
