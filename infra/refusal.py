"""The reason why a command does not run: a sentence that says what to do."""


class Refusal(Exception):
    pass
