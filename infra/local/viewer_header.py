"""The header with the client's address, from the edge to the API; its name is a secret.

A client that calls the API directly could send any address in a header of a known name, and so
evade the limits on attempts. CloudFront and API Gateway use the same scheme.
"""

import hashlib
from collections.abc import Mapping


def settings_for(secret: str) -> Mapping[str, str]:
    """Return the settings of edge and API, derived from a secret that both can read."""
    name = "x-viewer-" + hashlib.sha256(f"viewer {secret}".encode()).hexdigest()[:32]
    return {"VIEWER_HEADER": name, "CLIENT_ADDRESS_HEADER": name}
