"""For which enterprise something is to be recorded: searched by name or credit code."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from enterprises.models import Enterprise
from enterprises.search import MIN_FRAGMENT

from .access import account_of

OFFERED = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is done for the one that is found: its page and name, and the list that one comes from."""

    page: str
    title: Any
    list_page: str
    list_name: Any

    @property
    def list(self) -> str:
        return reverse(self.list_page)


def to_be_found(request: HttpRequest, wanted: Wanted) -> HttpResponse:
    """The enterprises in sight that the words fit, each with the way on."""
    words = request.GET.get("search", "").strip()[:60]
    is_too_short = 0 < len(words) < MIN_FRAGMENT
    rows = Enterprise.objects.visible_to(account_of(request)).with_places().order_by("name")
    found = rows.found_by(words)[:OFFERED] if words and not is_too_short else rows.none()
    shown = {"words": words, "is_too_short": is_too_short, "enterprises": found, "most": OFFERED, "found": wanted}
    return render(request, "enterprises/find.html", shown)
