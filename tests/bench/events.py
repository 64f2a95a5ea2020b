"""What API Gateway sends to the function."""

from typing import Any

from chalice.local import LambdaContext

Event = dict[str, Any]

CONTEXT = LambdaContext("videoflix", 512, 29_000)


def event(
    route: str, path: str, *, method: str = "GET", address: str = "198.51.100.7", **headers: str
) -> Event:
    """The parts of the path that are parameters stand in the route."""
    parts = zip(route.split("/"), path.split("/"), strict=True)
    return {
        "resource": route,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": {name.strip("{}"): part for name, part in parts if "{" in name} or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": route,
            "httpMethod": method,
            "path": path,
            "requestId": "bench",
            "identity": {"sourceIp": address},
        },
        "body": None,
        "isBase64Encoded": False,
    }
