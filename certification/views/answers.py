"""The one place where what a service refused becomes an answer: 403 for the person, 409 for the state."""

from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from ..errors import NotAllowed, Refused
from ..forms.refusable import STATE
from .access import View

BACK = {
    "number": "application",
    "certificate_number": "certificate",
    "title_number": "title",
    "uscc": "enterprise-file",
    "key": "grant",
    "entry": "ledger-entry",
    "document_number": "document",
    "import_key": "import",
    "evaluation": "evaluation",
    "batch": "batch",
}


def answered(view: View) -> View:
    """A refusal that the view does not show itself is told on a page of its own, with the way back."""

    @wraps(view)
    def answering(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            return refusal_page(request, refused, _way_back(kwargs))

    return answering


def refusal_page(request: HttpRequest, refused: Refused, back: str) -> HttpResponse:
    status = HTTPStatus.BAD_REQUEST
    if isinstance(refused, NotAllowed):
        status = HTTPStatus.FORBIDDEN
    elif isinstance(refused, STATE):
        status = HTTPStatus.CONFLICT
    shown = {"refusals": refused.refusals, "back": back, "is_person": status is HTTPStatus.FORBIDDEN}
    return render(request, "applications/refused.html", shown, status=status)


def _way_back(kwargs: dict[str, object]) -> str:
    for name, page in BACK.items():
        if name in kwargs:
            return reverse(page, args=[kwargs[name]])
    return reverse("home")
