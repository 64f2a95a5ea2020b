"""How large an answer of Lambda may be, and how large a text is inside one."""

import json

# Lambda refuses answers of more than 6 MB; a frontend behind a proxy may add to ours.
LARGEST_ANSWER_BYTES = 4_500_000
# Status, headers and cookies: API Gateway takes about 10 kB of them.
ENVELOPE_BYTES = 16_000
LARGEST_BODY_BYTES = LARGEST_ANSWER_BYTES - ENVELOPE_BYTES


def bytes_in_answer(text: str) -> int:
    """Return the length of a text inside the JSON string that the body of an answer is.

    Some runtimes of Lambda escape all that is not ASCII and some do not; the longer way counts.
    """
    return len(json.dumps(text)) - len('""')
