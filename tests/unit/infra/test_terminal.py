"""What a command says commands no terminal, and can be written to it."""

import pytest

from infra.terminal import say


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("two\nlines,\ta tab, ü and 😀", "two\nlines,\ta tab, ü and 😀"),
        ("shop.\ud800", "shop.\\ud800"),
        ("shop.\x1b[2J", "shop.\\u001b[2J"),
        ("\x00 \r \x7f \x9b", "\\u0000 \\u000d \\u007f \\u009b"),
    ],
)
def test_control_characters_and_halves_of_surrogates_are_escaped(
    text: str, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    say(text)
    assert capfd.readouterr().out == f"{said}\n"
