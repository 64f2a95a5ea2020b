"""The header in which the edge tells the API who called; only these two know its name.

Whoever calls the API itself could write any address into a header whose name he knows, and so
count as somebody else. CloudFront and API Gateway do the same.
"""

import hashlib
from collections.abc import Mapping


def settings_for(secret: str) -> Mapping[str, str]:
    """Return the settings of both, which a secret that both can read decides."""
    name = "x-viewer-" + hashlib.sha256(f"viewer {secret}".encode()).hexdigest()[:32]
    return {"VIEWER_HEADER": name, "CLIENT_ADDRESS_HEADER": name}
