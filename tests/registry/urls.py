"""Addresses of the middleware tests, beside the product's own (error pages link to those)."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from registry.urls import urlpatterns as product


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.user} {request.LANGUAGE_CODE} {gettext('Yes')}")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


urlpatterns = [
    path("test/", hello),
    path("test/broken", broken),
    path("test/forbidden", forbidden),
    path("test/post-only", require_POST(hello)),
    *product,
]
