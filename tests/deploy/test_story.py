"""The story of an account, through API Gateway, Lambda, SQS and SES."""

from tests.integration.test_story import (
    email,
    signed_in,
    test_a_forgotten_password,
    test_a_mail_is_read_with_plain_line_ends,
    test_an_account_from_profile_to_deletion,
    test_from_signing_up_to_signing_out,
)

__all__ = [
    "email",
    "signed_in",
    "test_a_forgotten_password",
    "test_a_mail_is_read_with_plain_line_ends",
    "test_an_account_from_profile_to_deletion",
    "test_from_signing_up_to_signing_out",
]
