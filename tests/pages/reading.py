"""Reading an answer: its text without markup, its parts."""

import re
from html import unescape

from django.http import HttpResponse
from django.test import Client


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


def posted(client: Client, address: str) -> dict[str, object]:
    """What the form on a page of the administration would send, unchanged."""
    page = client.get(address).context
    forms = [page["adminform"].form, *(form for each in page["inline_admin_formsets"] for form in each.formset.forms)]
    forms += [each.formset.management_form for each in page["inline_admin_formsets"]]
    data: dict[str, object] = {}
    for form in forms:
        for field in form:
            value = field.value()
            data[field.html_name] = "" if value is None or value is False else value
    return data


def links_of(response: HttpResponse, pattern: str) -> list[str]:
    return re.findall(rf'href="({pattern}[^"]*)"', response.content.decode())
