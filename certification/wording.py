"""Words in the reader's language, as `enterprises.language` has them; and one that is put into words when shown."""

from django.utils.functional import lazy

from enterprises.language import in_words as in_words
from enterprises.language import named as named
from enterprises.language import reads_english as reads_english
from enterprises.language import worded as worded

worded_later = lazy(worded, str)


def unit_column() -> str:
    """The column of a reporting unit's name in the reader's language."""
    return "name_en" if reads_english() else "name_zh"
