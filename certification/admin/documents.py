"""Wordings of the bureau's papers (文书样式), with a preview as a page and as the PDF that would be printed."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.admin_rights import holds
from enterprises.admin_services import ServedAdmin
from enterprises.models import Account
from enterprises.rights import may_edit_rulebooks
from enterprises.services.rows import Rows

from ..models import DocumentWording, StageRule
from ..paperwork import WORDS
from ..services.document_wordings import (
    NAMING,
    RULED,
    TEXTS,
    document_wording_refusals,
    keep_document_wording,
)
from ..services.wording_previews import preview
from ..wording import worded


@admin.register(DocumentWording)
class DocumentWordingAdmin(ServedAdmin):
    """In which words each rule issues its papers."""

    may_edit = staticmethod(may_edit_rulebooks)
    list_display = ("title", "rule", "kind", "level", "prefix", "valid_months", "version")
    list_filter = ("rule__rulebook", "kind")
    list_select_related = ("rule__rulebook",)
    search_fields = ("title", "body", "clause")
    fields = (
        ("rule", "kind", "level"),
        ("prefix", "valid_months", "version"),
        ("issuing_body", "clause"),
        "title",
        "body",
        "placeholders",
    )
    change_form_template = "admin/certification/documentwording/change_form.html"
    formfield_overrides = {models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 9})}}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        settled: tuple[str, ...] = NAMING if obj else ()
        if obj and obj.rule.rulebook.is_frozen:
            settled += RULED
        return (*super().get_readonly_fields(request, obj), *settled, "version", "placeholders")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "rule":
            kwargs["queryset"] = StageRule.objects.filter(rulebook__frozen_at__isnull=True).select_related("rulebook")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("正文可用的占位符"))
    def placeholders(self, row: DocumentWording) -> str:
        return "\n".join(f"{{{name}}} {worded((words[0], words[1]))} · {words[2]}" for name, words in WORDS.items())

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.preview_view)
        name = "certification_documentwording_preview"
        page = path("<path:object_id>/preview/", view, name=name)
        file = path("<path:object_id>/preview.pdf", view, {"as_pdf": True}, name=f"{name}_pdf")
        return [page, file, *super().get_urls()]

    def preview_view(self, request: HttpRequest, object_id: str, as_pdf: bool = False) -> HttpResponse:
        """What is typed (or kept, if nothing is) with examples in its places; nothing is saved."""
        row: DocumentWording | None = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        errors = self._typed_into(row, request) if request.method == "POST" else {}
        refusals, shown = list(document_wording_refusals(row)), preview(row, on=timezone.localdate())
        if as_pdf and not refusals and not errors:
            return HttpResponse(shown.pdf, content_type="application/pdf")
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("预览"), "row": row}
        context |= {"said": shown.content, "refusals": refusals, "errors": errors}
        return TemplateResponse(request, "admin/certification/documentwording/preview.html", context)

    def _typed_into(self, row: DocumentWording, request: HttpRequest) -> Any:
        """What was typed, by whoever may; what the form itself finds wrong with it."""
        if not holds(request, may_edit_rulebooks):
            return {}
        form = self.get_form(request, row, change=True)(request.POST, instance=row)
        errors = {name: told for name, told in form.errors.items() if request.POST.get(name, "").strip()}
        for part in TEXTS:
            setattr(row, part, request.POST.get(part, "").replace("\r\n", "\n").strip())
        return errors

    def write(self, obj: DocumentWording, rows: Rows, *, actor: Account, at: datetime) -> None:
        keep_document_wording(obj, actor=actor, at=at)
