"""Visiting pages as an account, and reading what they say."""

import html
import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

from certification.models import Application
from enterprises.models import Account

NUMBERED = "/applications/{number}/"


def visitor(account: Account) -> Client:
    """A browser in which the account has signed in."""
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def words(response: HttpResponse) -> str:
    """The text of a page, without markup, white space single."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    plain = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))
    return re.sub(r" ?： ?", "：", plain)


def page(row: Application, part: str = "") -> str:
    return f"/applications/{row.number}/{part}"


def act(client: Client, row: Application, action: str, **said: Any) -> HttpResponse:
    """Post a move from the version that the row has in hand."""
    return client.post(page(row, "actions/"), {"action": action, "version": row.version, **said})
