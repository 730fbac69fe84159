"""The codes in which the inputs of eligibility are stated: sources of checks, kinds of priority, yearly items."""

from datetime import datetime

from django.contrib import admin

from enterprises.admin_services import ServedAdmin
from enterprises.models import Account
from enterprises.rights import may_edit_rulebooks
from enterprises.services.rows import Rows

from ..models import CreditSource, FigureItem, PriorityKind
from ..services.credit_sources import keep_source
from ..services.figure_items import keep_item
from ..services.priority_kinds import keep_kind


@admin.register(CreditSource)
class CreditSourceAdmin(ServedAdmin):
    """Where credit is looked up; never removed, but put out of use."""

    may_edit = staticmethod(may_edit_rulebooks)
    list_display = ("code", "name_zh", "valid_months", "is_needed", "is_active")

    def write(self, obj: CreditSource, rows: Rows, *, actor: Account, at: datetime) -> None:
        keep_source(obj, actor=actor, at=at)


@admin.register(PriorityKind)
class PriorityKindAdmin(ServedAdmin):
    """A kind of priority; never removed, but put out of use."""

    may_edit = staticmethod(may_edit_rulebooks)
    list_display = ("code", "name_zh", "needs_value", "is_active")

    def write(self, obj: PriorityKind, rows: Rows, *, actor: Account, at: datetime) -> None:
        keep_kind(obj, actor=actor, at=at)


@admin.register(FigureItem)
class FigureItemAdmin(ServedAdmin):
    """An item of the yearly figures; never removed, but put out of use."""

    may_edit = staticmethod(may_edit_rulebooks)
    list_display = ("code", "name_zh", "group_zh", "unit", "part_of", "most", "swing", "is_active")

    def write(self, obj: FigureItem, rows: Rows, *, actor: Account, at: datetime) -> None:
        keep_item(obj, actor=actor, at=at)
