"""The reader's language, for rules that know no Django (pure).

`_` marks a Chinese wording and gives it in the reader's language, as Django's gettext does in every other module.
Django is handed in when the application starts (apps.py); a rule that is tried on its own speaks Chinese.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Catalogue:
    """What translates a wording, and the code of the language it translates to."""

    translate: Callable[[str], str] = str
    language: Callable[[], str | None] = str


catalogue = Catalogue()


def _(text: str) -> str:
    """A marked wording in the reader's language."""
    return catalogue.translate(text)


def in_words(text: str) -> str:
    """A Chinese text of a row as the catalogue translates it (data_words.py); others stay as they are."""
    return catalogue.translate(text) if text else ""


def reads_english() -> bool:
    return (catalogue.language() or "").startswith("en")


def worded(names: tuple[str, str]) -> str:
    """One of (Chinese, English); the Chinese one where there is no English."""
    chinese, english = names
    return english if english and reads_english() else chinese


def named(thing: Any) -> str:
    """The name of anything with `name_zh`, `label` or `name`, and the same in English."""
    for attribute in ("name_zh", "label", "name"):
        if chinese := getattr(thing, attribute, ""):
            english = getattr(thing, f"{attribute.removesuffix('_zh')}_en", "")
            return worded((str(chinese), str(english)))
    return str(thing)
