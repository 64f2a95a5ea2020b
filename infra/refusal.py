"""What `make run` says instead of starting: one sentence that tells a person what to do."""


class Refusal(Exception):
    pass
