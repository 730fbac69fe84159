"""Wordings of messages (通知文案) with their preview, and the record of what went out (通知投递)."""

from datetime import datetime
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.admin_rights import RoleAdmin, holds
from enterprises.admin_services import ServedAdmin
from enterprises.errors import Refused
from enterprises.models import Account
from enterprises.rights import may_run_system, may_word_messages
from enterprises.services.rows import Rows

from ..models import Delivery, MessageWording
from ..notices.delivery import REASONS, try_again
from ..notices.kinds import KINDS, WORDS
from ..notices.preview import previews
from ..notices.wordings import PARTS, keep_wording, wording_refusals


@admin.register(MessageWording)
class MessageWordingAdmin(ServedAdmin):
    """In which words each kind of message is told; the kinds are given, their words are the bureau's."""

    may_edit = staticmethod(may_word_messages)
    list_display = ("kind", "subject_zh", "subject_en")
    fields = ("kind", "placeholders", "subject_zh", "body_zh", "subject_en", "body_en")
    readonly_fields = ("placeholders",)
    change_form_template = "admin/certification/messagewording/change_form.html"
    formfield_overrides = {models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 4})}}
    search_fields = ("subject_zh", "body_zh", "subject_en", "body_en")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("可用的占位符"))
    def placeholders(self, row: MessageWording) -> str:
        return "  ".join(f"{{{name}}} {WORDS[name][0]}" for name in KINDS[row.kind].words)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.preview_view)
        address = path("<path:object_id>/preview/", view, name="certification_messagewording_preview")
        return [address, *super().get_urls()]

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What is typed (or kept, if nothing is) with examples in its places, in both languages; nothing is saved."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if request.method == "POST" and holds(request, may_word_messages):
            for part in PARTS:
                setattr(row, part, request.POST.get(part, ""))
        shown = {"row": row, "previews": previews(row), "refusals": list(wording_refusals(row))}
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("预览"), **shown}
        return TemplateResponse(request, "admin/certification/messagewording/preview.html", context)

    def write(self, obj: MessageWording, rows: Rows, *, actor: Account, at: datetime) -> None:
        keep_wording(obj, actor=actor, at=at)


@admin.register(Delivery)
class DeliveryAdmin(RoleAdmin):
    """What went out by e-mail, what waits, what was given up; for the system administrator."""

    may_view = staticmethod(may_run_system)
    list_display = ("id", "kind", "recipient", "state", "attempts", "next_try", "sent_at", "reason")
    list_filter = ("state",)
    list_select_related = ("message__recipient",)
    fields = (
        ("kind", "recipient", "about"),
        ("channel", "state", "attempts"),
        ("next_try", "sent_at", "sent_to"),
        "reason",
        ("retried_by", "retried_at"),
    )
    readonly_fields = ("kind", "recipient", "about", "next_try", "reason")
    actions = ("send_again",)

    @admin.display(description=_("事项"))
    def kind(self, row: Delivery) -> str:
        return str(row.message.get_kind_display())

    @admin.display(description=_("收件人"))
    def recipient(self, row: Delivery) -> str:
        return row.message.recipient.username

    @admin.display(description=_("对象"))
    def about(self, row: Delivery) -> str:
        return row.message.about or "—"

    @admin.display(description=_("下次尝试"))
    def next_try(self, row: Delivery) -> datetime | None:
        return row.next_at if row.is_open else None

    @admin.display(description=_("最近一次原因"))
    def reason(self, row: Delivery) -> str:
        return str(REASONS.get(row.last_error, row.last_error))

    @admin.action(description=_("重新发送所选（仅限停止重试的）"), permissions=["view"])
    def send_again(self, request: HttpRequest, chosen: "QuerySet[Delivery]") -> None:
        taken = 0
        for row in chosen:
            try:
                try_again(row, actor=cast(Account, request.user), at=timezone.now())
            except Refused as refused:
                self.message_user(request, f"#{row.pk} {refused}", messages.ERROR)
                continue
            taken += 1
        if taken:
            self.message_user(request, _("已安排重新发送 %(n)s 封") % {"n": taken}, messages.SUCCESS)
