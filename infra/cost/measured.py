"""What was counted, and measured in November 2026; tests hold the counts against the code."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """One request to the API."""

    # Calls by their names; those of `tests/api/test_calls.py`.
    calls: Mapping[str, int] = field(default_factory=dict)
    # Items in its transactions; each of them costs two units.
    transacted: int = 0
    # Of the processor, on one core.
    cpu_seconds: float = 0.0002
    answer_bytes: int = 1_000


# Argon2id is most of it: 36 ms on one core. The address is of a browser not seen before.
SIGN_IN = Request(
    {"UpdateItem": 2, "GetItem": 1, "TransactWriteItems": 1}, transacted=2, cpu_seconds=0.040
)
# With one mail: to the queue, from it, and off it; 50 ms to write the letter and hand it over.
SIGN_UP = Request(
    {"UpdateItem": 2, "GetItem": 1, "TransactWriteItems": 1, "SendMessage": 1},
    transacted=2,
    cpu_seconds=0.040,
)
MESSAGES_PER_MAIL = 2
MAIL_GB_SECONDS = 0.05 * 0.5
# Warm and not a 304: 0.11 ms; 200 titles are about 20 kB when compressed. The two queries that a
# process makes every two seconds are counted with every tenth list.
LISTING = Request({"Query": 2}, cpu_seconds=0.0002, answer_bytes=20_000)
LISTINGS_PER_QUERY = 10
REFRESH = Request({"BatchGetItem": 1, "TransactWriteItems": 1}, transacted=2, cpu_seconds=0.001)
# 600 segments, compressed.
PLAYLIST = Request(cpu_seconds=0.0002, answer_bytes=25_000)
# A title, its multivariant playlist, two sizes, sound, subtitles, the storyboard.
PLAYLISTS_PER_HOUR = 7
# An access token lives five minutes, the official page refreshes every twenty.
REFRESHES_PER_HOUR = 3

# How long a call to DynamoDB or SQS is waited for, and what a request takes besides.
CALL_SECONDS = 0.008
REQUEST_SECONDS = 0.003
# A line of ours, and three of Lambda's.
LOG_BYTES = 900

SEGMENT_SECONDS = 6
# Of what is in the caches of CloudFront, viewers in the same region find most.
CACHE_HITS = 0.9
# Of a minute of moving, detailed pictures in 1080p30, as made on 2026-11-21: no size was at its
# limit but nearly the first. Films differ; a published one says its own in its report.
RUNG_KBPS = {"1080p": 5872, "720p": 1662, "480p": 720, "360p": 391, "240p": 190}
LARGEST_KBPS = RUNG_KBPS["1080p"]
SOUND_KBPS = 123
# What people upload in 1080p, which is kept for a month.
SOURCE_KBPS = 10_000

# `transcode.kept.cpu.1080p30.h264` of `make bench`: the processor's seconds for a minute of moving,
# detailed pictures in five sizes, with all that is around it. Films are easier, as a rule.
CPU_SECONDS_PER_MINUTE = 249.8
# One piece of work at a time does not keep two processors busy all the time.
BUSY = 0.8
# Of Fargate: fetching the image and starting.
START_SECONDS = 60
# Of one item with the state of an encode, in kB: what a write to it costs in units.
ENCODE_UNITS = 3
# Ranges that FFmpeg asks for to get at a chunk of its source.
RANGES_PER_CHUNK = 8
# Send, receive, delete, and a sign of life every 20 s; where others wait as well, what it takes to
# sort it and to look into the queues that go first (decision 0039).
MESSAGES_PER_TASK = 5 + 4
# The state of its encode, once by the task and once to sort it.
READS_PER_TASK = 2
# The image as the registry keeps it, and how many it keeps.
IMAGE_GB = 0.2
IMAGES_KEPT = 10

# Lambda asks an empty queue with two pollers that wait for 20 s each.
POLLS_PER_HOUR_AND_QUEUE = 2 * 3 * 60
QUEUES_WITH_A_HANDLER = 3
HOURS_PER_MONTH = 730
DAYS_PER_MONTH = 30.4

# Up to so many titles the sweep looks at each every hour, else once a day: one list per kind.
TITLES_SWEPT_HOURLY = 20
LISTS_PER_TITLE_SWEPT = 4
