"""Who reaches a page: a stranger signs in first, a known person without the right is told so (403)."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from enterprises.models import Account

View = Callable[..., HttpResponseBase]


def for_those_who(may: Callable[[Account], bool]) -> Callable[[View], View]:
    """Only for accounts of which the predicate (rights.py) is true."""

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not (isinstance(request.user, Account) and may(request.user)):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def account_of(request: HttpRequest) -> Account:
    """The signed-in account of a guarded page."""
    if not isinstance(request.user, Account):
        raise PermissionDenied
    return request.user
