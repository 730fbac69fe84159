"""Score sheets (评分表) and the experts who can be drawn (评审专家)."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from enterprises.admin_rights import RoleInline
from enterprises.admin_services import ServedAdmin
from enterprises.models import Account
from enterprises.rights import may_run_batches
from enterprises.roles import Role
from enterprises.services.rows import Rows

from ..models import Expert, ScoreSheet, SheetItem
from ..services.experts import keep_expert
from ..services.sheets import in_use_reason, is_in_use, keep_sheet


class ItemInline(RoleInline):
    """The items of a sheet."""

    model = SheetItem
    may_edit = staticmethod(may_run_batches)
    may_remove = staticmethod(may_run_batches)

    def is_settled(self, obj: Any) -> bool:
        return is_in_use(obj)


@admin.register(ScoreSheet)
class ScoreSheetAdmin(ServedAdmin):
    """Score sheets; one that a batch was opened with no longer changes."""

    may_edit = staticmethod(may_run_batches)
    list_display = ("code", "title", "pass_line", "excellent_line", "source")
    inlines = (ItemInline,)

    def is_settled(self, obj: Any) -> bool:
        return is_in_use(obj)

    def settled_reason(self) -> str:
        return in_use_reason()

    def write(self, obj: ScoreSheet, rows: Rows, *, actor: Account, at: datetime) -> None:
        keep_sheet(obj, items=rows, actor=actor, at=at)


@admin.register(Expert)
class ExpertAdmin(ServedAdmin):
    """What is known of experts for the draw: it is about people, and the city's alone."""

    may_view = staticmethod(may_run_batches)
    may_edit = staticmethod(may_run_batches)
    list_display = ("account", "employer", "fields", "is_available")
    list_select_related = ("account",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "account":
            kwargs["queryset"] = Account.objects.filter(role=Role.EXPERT, is_active=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def write(self, obj: Expert, rows: Rows, *, actor: Account, at: datetime) -> None:
        keep_expert(obj, actor=actor, at=at)
