"""Texts in CSV cells that an office program would take for a formula: quoted when written, unquoted when read."""

import re

QUOTE = "'"
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_QUOTED = re.compile(r"'(?=[=+\-@\t\r\n＝＋－＠])")


def harmless(text: str) -> str:
    """A text for a CSV cell, which no office program takes for a formula: one that looks like it is quoted."""
    return QUOTE + text if _FORMULA.match(text) else text


def unquoted(text: str) -> str:
    """The text that `harmless` was given."""
    return text[1:] if _QUOTED.match(text) else text
