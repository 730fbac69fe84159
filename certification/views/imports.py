"""The import bench (/imports/): handing a table in, its errors, taking it into the registry, undoing that."""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enterprises.rights import may_import, may_see_imports

from ..bench import downloads
from ..bench.asking import ask_undo, confirm, in_the_way
from ..bench.blank import blank_table, described
from ..bench.checking import refusals_of
from ..bench.closing import closing
from ..bench.intake import Wish, earlier, take_in
from ..bench.progress import how_far
from ..forms.imports import UploadForm
from ..models import ImportFile, ImportKind
from .access import account_of, for_those_who
from .answers import answered
from .sized import sized
from .turning import Slice, sliced

PAGE, FILES = 50, 20
SHOWN = ("id", "line", "column", "value", "reason")
ORIGINS = ("id", "line", "effect", "uscc", "achievement__stage", "achievement__effective_on", "ledger_number")


def _rows(request: HttpRequest) -> Any:
    rows = ImportFile.objects.visible_to(account_of(request))
    return rows.select_related("job", "uploaded_by", "confirmed_by", "undone_by")


def _file(request: HttpRequest, import_key: uuid.UUID) -> ImportFile:
    found: ImportFile = get_object_or_404(_rows(request), key=import_key)
    return found


@for_those_who(may_see_imports)
@sized
@answered
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """The files handed in; a post hands one in, which is looked at before anything is changed."""
    if request.method != "POST":
        return _list_page(request, UploadForm())
    if not may_import(account_of(request)):
        raise PermissionDenied
    form, made = UploadForm(request.POST, request.FILES), []

    def kept() -> None:
        given = form.cleaned_data
        made.append(take_in(given["file"], Wish(given["kind"]), actor=account_of(request), at=timezone.now()))

    return redirect("import", made[0].key) if form.attempt(kept) else _list_page(request, form)


def _list_page(request: HttpRequest, form: UploadForm) -> HttpResponse:
    shown = {
        "form": form,
        "page": Paginator(_rows(request).order_by("-id"), FILES).get_page(request.GET.get("page")),
        "kinds": [(kind, described(kind)) for kind in ImportKind],
        "may_import": may_import(account_of(request)),
    }
    return render(request, "imports/list.html", shown, status=form.status)


@for_those_who(may_see_imports)
@require_safe
def one(request: HttpRequest, import_key: uuid.UUID) -> HttpResponse:
    """One file: how far it is, what is wrong in it, what can be done with it."""
    file = _file(request, import_key)
    if request.headers.get("HX-Request"):
        return _progress(request, file)
    done, total = how_far(file)
    shown = {
        "file": file,
        "done": done,
        "total": total,
        "refusals": refusals_of(file),
        "page": _turned(request, file.faults.filter(is_tie=False).values(*SHOWN)),
        "ties": file.faults.filter(is_tie=True)[:PAGE],
        "earlier": None if file.applied_at else earlier(file).first(),
        "in_the_way": in_the_way(file, skip_bad_rows=False),
        "may_import": may_import(account_of(request)),
    }
    return render(request, "imports/one.html", shown)


def _turned(request: HttpRequest, rows: Any) -> Slice:
    return sliced(rows, after=request.GET.get("after", ""), before=request.GET.get("before", ""), size=PAGE)


def _progress(request: HttpRequest, file: ImportFile) -> HttpResponse:
    """How far it is; the page is asked for anew once there is something new to see."""
    done, total = how_far(file)
    answer = render(request, "imports/progress.html", {"file": file, "done": done, "total": total})
    if not file.is_busy:
        answer["HX-Refresh"] = "true"
    return answer


@for_those_who(may_import)
@answered
@require_POST
def take(request: HttpRequest, import_key: uuid.UUID) -> HttpResponse:
    skip = request.POST.get("skip_bad_rows") == "1"
    confirm(_file(request, import_key), skip_bad_rows=skip, actor=account_of(request), at=timezone.now())
    return redirect("import", import_key)


@for_those_who(may_import)
@answered
@require_POST
def take_back(request: HttpRequest, import_key: uuid.UUID) -> HttpResponse:
    ask_undo(_file(request, import_key), actor=account_of(request), at=timezone.now())
    return redirect("import", import_key)


@for_those_who(may_see_imports)
@require_safe
def origins(request: HttpRequest, import_key: uuid.UUID) -> HttpResponse:
    """Which row made which fact."""
    file = _file(request, import_key)
    page = _turned(request, file.made.values(*ORIGINS))
    return render(request, "imports/rows.html", {"file": file, "page": page})


@for_those_who(may_see_imports)
@require_safe
def closing_sheet(request: HttpRequest, import_key: uuid.UUID) -> HttpResponse:
    """What went in against what the file says."""
    file = _file(request, import_key)
    return render(request, "imports/closing.html", {"file": file, "sheet": closing(file)})


def _csv(file: ImportFile, name: str, rows: Iterable[Iterable[Any]]) -> HttpResponse:
    stem = file.filename.rpartition(".")[0]
    answer = StreamingHttpResponse(downloads.as_csv(rows), content_type=downloads.CSV)
    answer["Content-Disposition"] = content_disposition_header(True, f"{stem}-{name}.csv") or "attachment"
    return answer  # type: ignore[return-value]


DOWNLOADS: dict[str, Callable[[ImportFile], tuple[str, Iterable[Iterable[Any]]]]] = {
    "errors": lambda file: (_("错误清单"), downloads.error_rows(file)),
    "rows": lambda file: (_("导入来源"), downloads.origin_rows(file)),
    "closing": lambda file: (_("结算单"), downloads.closing_rows(closing(file))),
}


@for_those_who(may_see_imports)
@require_safe
def download(request: HttpRequest, import_key: uuid.UUID, what: str) -> HttpResponse:
    """Errors, origins or closing sheet, whole, as CSV."""
    file = _file(request, import_key)
    if what not in DOWNLOADS:
        raise Http404
    return _csv(file, *DOWNLOADS[what](file))


@for_those_who(may_see_imports)
@require_safe
def rejected(request: HttpRequest, import_key: uuid.UUID) -> Any:
    """The bad rows as a file of the same form, with the reasons."""
    found = downloads.rejected_file(_file(request, import_key))
    if found is None:
        raise Http404
    place, name, media_type = found
    return FileResponse(place.open("rb"), as_attachment=True, filename=name, content_type=media_type)


@for_those_who(may_see_imports)
@require_safe
def blank(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty table to fill in."""
    if kind not in ImportKind.values:
        raise Http404
    answer = HttpResponse(blank_table(kind), content_type=downloads.XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{kind}.xlsx"'
    return answer


urlpatterns = [
    path("imports/", imports, name="imports"),
    path("imports/blank/<slug:kind>/", blank, name="import-blank"),
    path("imports/<uuid:import_key>/", one, name="import"),
    path("imports/<uuid:import_key>/confirm/", take, name="import-confirm"),
    path("imports/<uuid:import_key>/undo/", take_back, name="import-undo"),
    path("imports/<uuid:import_key>/rows/", origins, name="import-rows"),
    path("imports/<uuid:import_key>/closing/", closing_sheet, name="import-closing"),
    path("imports/<uuid:import_key>/rejected/", rejected, name="import-rejected"),
    path("imports/<uuid:import_key>/download/<slug:what>/", download, name="import-download"),
]
