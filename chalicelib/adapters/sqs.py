"""Limits of SQS that several queues have."""

# Messages of one request.
LARGEST_BATCH = 10
