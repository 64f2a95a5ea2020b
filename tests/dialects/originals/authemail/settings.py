"""Settings of the project with django-rest-authemail."""

from tests.dialects.originals.settings import SHARED, installed

_PROJECT = "tests.dialects.originals.authemail"
_PERMISSION = "rest_framework.permissions.IsAuthenticated"
_AUTHENTICATION = "rest_framework.authentication.TokenAuthentication"
SETTINGS = {
    **SHARED,
    **installed("rest_framework.authtoken", "authemail", f"{_PROJECT}.catalogue"),
    "AUTH_USER_MODEL": "catalogue.Account",
    "EMAIL_BCC": "",
    "EMAIL_FROM": "videoflix@example.com",
    "REST_FRAMEWORK": {
        "DEFAULT_AUTHENTICATION_CLASSES": [_AUTHENTICATION],
        "DEFAULT_PERMISSION_CLASSES": [_PERMISSION],
    },
    "ROOT_URLCONF": f"{_PROJECT}.urls",
}
