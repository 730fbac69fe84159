"""Words in the reader's language: names that rows and rules carry in both, and the catalogue for the rest."""

from typing import Any

from django.utils.functional import lazy
from django.utils.translation import get_language, gettext


def reads_english() -> bool:
    return (get_language() or "").startswith("en")


def worded(names: tuple[str, str]) -> str:
    """One of (Chinese, English); the Chinese one where there is no English."""
    chinese, english = names
    return english if english and reads_english() else chinese


worded_later = lazy(worded, str)


def named(thing: Any) -> str:
    """The name of anything with `name_zh`, `label` or `name`, and the same in English."""
    for attribute in ("name_zh", "label", "name"):
        if chinese := getattr(thing, attribute, ""):
            english = getattr(thing, f"{attribute.removesuffix('_zh')}_en", "")
            return worded((str(chinese), str(english)))
    return str(thing)


def in_words(text: str) -> str:
    """A Chinese text of a row as the catalogue translates it (data_words.py); others stay as they are."""
    return gettext(text) if text else ""
