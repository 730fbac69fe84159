"""Values of form fields as they are kept, whoever sends them: numbers in plain digits, days as YYYY-MM-DD. Pure."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

MOST_DIGITS = 30
INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")  # controls, what turns the direction, what has no sign
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def as_kept(kind: str, value: Any) -> Any:
    """The value in the form in which a field of this kind keeps it; what cannot be read stays, to be refused."""
    if isinstance(value, int) and not isinstance(value, bool) and kind == "decimal":
        return str(value)
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").strip()
    read = _READERS.get(kind)
    return read(text) if read else text


def is_plain_number(text: str) -> bool:
    """Digits with at most a sign and a decimal point; no exponent, no full-width digit."""
    return bool(_PLAIN_NUMBER.fullmatch(text))


def is_day(text: str) -> bool:
    """A day of the calendar, written YYYY-MM-DD and no other way."""
    try:
        return bool(_DAY.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _integer(text: str) -> int | str:
    plain = _ungrouped(text)
    is_read = is_plain_number(plain) and "." not in plain and len(plain) <= MOST_DIGITS
    return int(plain) if is_read else text


def _decimal(text: str) -> str:
    plain = _ungrouped(text)
    return plain.removeprefix("+") if is_plain_number(plain) else text


def _ungrouped(text: str) -> str:
    """Without the commas between thousands; a comma anywhere else is no number."""
    half = half_width(text)
    return half.replace(",", "") if _GROUPED.fullmatch(half) else half


def _day(text: str) -> str:
    half = half_width(text)
    return half if is_day(half) else text


_READERS: dict[str, Callable[[str], int | str]] = {"integer": _integer, "decimal": _decimal, "date": _day}


def unseen(text: str) -> list[str]:
    """The characters of a line of text that nobody sees, in order: they may show it otherwise than it is kept."""
    return [each for each in dict.fromkeys(text) if unicodedata.category(each) in INVISIBLE]
