"""Reading an answer: its text without markup, its parts."""

import re
from html import unescape

from django.http import HttpResponse


def text_of(response: HttpResponse) -> str:
    """The words of a page, white space single."""
    html = response.content.decode()
    bare = re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style).*?</\1>", " ", html))
    return re.sub(r"\s+", " ", unescape(bare)).strip()


def row_with(response: HttpResponse, words: str) -> str:
    """The text of the first table row that contains the words."""
    for row in re.findall(r"(?s)<tr.*?</tr>", response.content.decode()):
        plain = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", row))).strip()
        if words in plain:
            return plain
    raise AssertionError(f"no row with {words}")


def links_of(response: HttpResponse, pattern: str) -> list[str]:
    return re.findall(rf'href="({pattern}[^"]*)"', response.content.decode())
