"""The caller's own saved filters."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from certification.models import SavedFilter
from certification.services.filters import change_filter, may_save_filters, remove_filter, save_filter

from ..base import ApiView, created, now
from ..idempotency import once
from ..operations import Operation, held_by
from ..pagination import whole
from ..shapes.base import page_of
from ..shapes.filters import SavedFilterChangeForm, SavedFilterForm, SavedFilterShape

MAY = held_by(may_save_filters)


def answer(row: SavedFilter) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "list": row.list,
        "list_display": row.get_list_display(),
        "name": row.name,
        "query": row.query,
        "position": row.position,
        "is_default": row.is_default,
    }


def own(request: Request, key: str) -> SavedFilter:
    """The caller's filter; anybody else's is as absent."""
    if not (key.isascii() and key.isdecimal() and len(key) <= 18):
        raise Http404
    return get_object_or_404(SavedFilter, owner=request.user, pk=int(key))


class SavedFilters(ApiView):
    """Saved filters."""

    tag = "filters"
    operations = {
        "GET": Operation(MAY, page_of(SavedFilterShape)),
        "POST": Operation(MAY, SavedFilterShape, body=SavedFilterForm, status=201, problems=(409,)),
    }

    def get(self, request: Request) -> Response:
        """The caller's own filters of all lists, in their order."""
        return whole(
            [answer(row) for row in SavedFilter.objects.filter(owner=request.user).order_by("list", "position")]
        )

    @once
    def post(self, request: Request) -> Response:
        """Keep a filter under a name; its parameters are those of the list's page."""
        given = self.body(request)
        query, is_default = given.get("query", {}), given.get("is_default", False)
        row = save_filter(request.user, given["list"], given["name"], query, at=now(), is_default=is_default)
        return created(answer(row), f"{request.path}{row.pk}/")


class SavedFilterDetail(ApiView):
    """One saved filter."""

    tag = "filters"
    operations = {
        "PATCH": Operation(MAY, SavedFilterShape, body=SavedFilterChangeForm, problems=(409,)),
        "DELETE": Operation(MAY, None, status=204),
    }

    def patch(self, request: Request, code: str) -> Response:
        """Rename it, keep other parameters, make it the default of its list or no longer."""
        return Response(answer(change_filter(own(request, code), **self.body(request))))

    def delete(self, request: Request, code: str) -> Response:
        """Remove it."""
        remove_filter(own(request, code))
        return Response(status=204)
