"""Initials of Chinese names; importing this loads the dictionary of pypinyin (see identifiers.pinyin_initials)."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin
from pypinyin.seg.simpleseg import seg as words_of


def initials(name: str) -> str:
    """The first letter of each character's sound, read word by word."""
    return "".join(map(_initials_of_word, words_of(name)))


@lru_cache(maxsize=50_000)
def _initials_of_word(word: str) -> str:
    """Words repeat from name to name, and pypinyin takes its time over each."""
    return "".join(lazy_pinyin(word, style=Style.FIRST_LETTER))
