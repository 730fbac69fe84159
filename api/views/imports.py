"""The import bench: handing tables in, what is wrong in them, taking them into the registry, undoing that."""

from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from certification.bench.asking import ask_undo, confirm
from certification.bench.closing import closing
from certification.bench.downloads import rejected_file
from certification.bench.intake import Wish, take_in
from certification.exports.listings.bench import IMPORT_FILTERS
from certification.models import ImportFile
from enterprises.rights import may_import, may_see_imports

from ..answers import imports
from ..base import ApiView, now
from ..files import attached
from ..idempotency import once
from ..operations import Operation, held_by
from ..pagination import PAGING, ordering, orders, paged
from ..parsers import StrictJSON
from ..shapes.base import Nothing, page_of
from ..shapes.imports import ClosingShape, ConfirmForm, ImportErrorShape, ImportForm, ImportRowShape, ImportShape

MULTIPART_OVERHEAD = 64 * 1024
NEWEST = dict(reversed(orders("id").items()))
IN_ORDER = orders("id")
sees, does = held_by(may_see_imports), held_by(may_import)


def visible(request: Request, key: UUID) -> ImportFile:
    rows = imports.with_people(ImportFile.objects.visible_to(request.user))
    return get_object_or_404(rows, key=key)


def accepted(request: Request, file: ImportFile) -> Response:
    """202: the worker has been asked."""
    body = imports.file(visible(request, file.key))
    return Response(body, status=202, headers={"Location": f"/api/v1/imports/{file.key}/"})


class ImportList(ApiView):
    """Tables that were handed in."""

    tag = "imports"
    parser_classes = [MultiPartParser]
    max_body_bytes = settings.IMPORT_MAX_BYTES + MULTIPART_OVERHEAD
    operations = {
        "GET": Operation(
            sees,
            page_of(ImportShape),
            query=(*IMPORT_FILTERS, ordering(NEWEST), *PAGING),
        ),
        "POST": Operation(does, ImportShape, body=ImportForm, status=202),
    }

    def get(self, request: Request) -> Response:
        """The files, the newest first."""
        narrowed = {name: self.asked[name] for name in ("kind", "state") if self.asked[name]}
        rows = imports.with_people(ImportFile.objects.visible_to(request.user).filter(**narrowed))
        return paged(request, rows, self.asked, order=NEWEST[self.asked["ordering"]], shape=imports.file)

    @once
    def post(self, request: Request) -> Response:
        """Hand a table in; it is looked at row by row, and with `dry_run=false` taken where nothing is wrong."""
        given = self.body(request)
        wish = Wish(given["kind"], at_once=not given["dry_run"], skip_bad_rows=given["skip_bad_rows"])
        return accepted(request, take_in(given["file"], wish, actor=request.user, at=now()))


class ImportDetail(ApiView):
    """One table."""

    tag = "imports"
    operations = {"GET": Operation(sees, ImportShape)}

    def get(self, request: Request, key: UUID) -> Response:
        """Where it stands, what was found, how far the worker is."""
        return Response(imports.file(visible(request, key)))


class ImportErrors(ApiView):
    """What is wrong in a table."""

    tag = "imports"
    operations = {"GET": Operation(sees, page_of(ImportErrorShape), query=(ordering(IN_ORDER), *PAGING))}

    def get(self, request: Request, key: UUID) -> Response:
        """Every error by row and column; and what stands against undoing, if that was tried in vain."""
        rows = visible(request, key).faults.all()
        return paged(request, rows, self.asked, order=IN_ORDER[self.asked["ordering"]], shape=imports.error)


class ImportRows(ApiView):
    """Where facts came from."""

    tag = "imports"
    operations = {"GET": Operation(sees, page_of(ImportRowShape), query=(ordering(IN_ORDER), *PAGING))}

    def get(self, request: Request, key: UUID) -> Response:
        """Which row made which fact."""
        rows = visible(request, key).made.select_related("achievement")
        return paged(request, rows, self.asked, order=IN_ORDER[self.asked["ordering"]], shape=imports.origin)


class ImportRejected(ApiView):
    """The rows that were not taken."""

    tag = "imports"
    operations = {"GET": Operation(sees, OpenApiTypes.BINARY)}

    def get(self, request: Request, key: UUID) -> FileResponse:
        """The bad rows as a file of the same form with the reasons; corrected, it can be handed in."""
        found = rejected_file(visible(request, key))
        if found is None:
            raise Http404
        place, name, media_type = found
        return attached(place, filename=name, media_type=media_type)


class ImportClosing(ApiView):
    """The closing sheet."""

    tag = "imports"
    operations = {"GET": Operation(sees, ClosingShape)}

    def get(self, request: Request, key: UUID) -> Response:
        """What the file says by unit, stage and year, beside what the registry holds of it."""
        return Response(imports.closing(closing(visible(request, key))))


class ImportConfirm(ApiView):
    """Taking a table into the registry."""

    tag = "imports"
    parser_classes = [StrictJSON]
    operations = {"POST": Operation(does, ImportShape, body=ConfirmForm, status=202, problems=(409,))}

    @once
    def post(self, request: Request, key: UUID) -> Response:
        """Take a checked table in: whole, or with `skip_bad_rows` its good rows."""
        file, given = visible(request, key), self.body(request)
        return accepted(request, confirm(file, **given, actor=request.user, at=now()))


class ImportUndo(ApiView):
    """Undoing an import."""

    tag = "imports"
    operations = {"POST": Operation(does, ImportShape, body=Nothing, status=202, problems=(409,))}

    @once
    def post(self, request: Request, key: UUID) -> Response:
        """Undo an import on whose rows nothing was built since; otherwise `errors` names what was."""
        file = visible(request, key)
        self.body(request)
        return accepted(request, ask_undo(file, actor=request.user, at=now()))
