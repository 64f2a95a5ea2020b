"""Settings of the project with djoser and simplejwt."""

from datetime import timedelta

from tests.dialects.originals.settings import SHARED, installed

_PROJECT = "tests.dialects.originals.djoser"
_AUTHENTICATION = "rest_framework_simplejwt.authentication.JWTAuthentication"
SETTINGS = {
    **SHARED,
    **installed("rest_framework_simplejwt", "djoser", f"{_PROJECT}.catalogue"),
    "AUTH_USER_MODEL": "catalogue.Account",
    "DJOSER": {
        "ACTIVATION_URL": "auth/activate/{uid}/{token}",
        "EMAIL_FRONTEND_DOMAIN": "localhost:4200",
        "EMAIL_FRONTEND_PROTOCOL": "http",
        "EMAIL_FRONTEND_SITE_NAME": "Videoflix",
        "LOGIN_FIELD": "email",
        # The page repeats a new password wherever it sends one.
        "PASSWORD_RESET_CONFIRM_RETYPE": True,
        "PASSWORD_RESET_CONFIRM_URL": "auth/reset-password/{uid}/{token}",
        "SEND_ACTIVATION_EMAIL": True,
        "SET_PASSWORD_RETYPE": True,
        # Without a table of tokens, DELETE users/me/ would fail.
        "TOKEN_MODEL": None,
        "USERNAME_RESET_CONFIRM_URL": "auth/reset-email/{uid}/{token}",
        "USER_CREATE_PASSWORD_RETYPE": True,
    },
    "REST_FRAMEWORK": {"DEFAULT_AUTHENTICATION_CLASSES": [_AUTHENTICATION]},
    "ROOT_URLCONF": f"{_PROJECT}.urls",
    "SIMPLE_JWT": {
        "ACCESS_TOKEN_LIFETIME": timedelta(hours=4),
        "AUTH_HEADER_TYPES": ("Bearer", "JWT"),
        "REFRESH_TOKEN_LIFETIME": timedelta(days=7),
    },
}
