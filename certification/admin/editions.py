"""Editions of the standard with their menus (标准版本与模块菜单)."""

from datetime import datetime
from typing import Any

from django.contrib import admin

from enterprises.admin_rights import RoleInline
from enterprises.admin_services import ServedAdmin
from enterprises.models import Account
from enterprises.rights import may_edit_rulebooks
from enterprises.services.rows import Rows

from ..models import Edition, ModuleItem
from ..services.editions import drop_edition, frozen_reason, is_in_frozen_use, keep_edition


class ModuleInline(RoleInline):
    """The menu of an edition."""

    model = ModuleItem
    may_edit = staticmethod(may_edit_rulebooks)
    may_remove = staticmethod(may_edit_rulebooks)

    def is_settled(self, obj: Any) -> bool:
        return is_in_frozen_use(obj)


@admin.register(Edition)
class EditionAdmin(ServedAdmin):
    """Editions of the standard; one that a frozen rulebook uses no longer changes."""

    may_edit = staticmethod(may_edit_rulebooks)
    may_remove = staticmethod(may_edit_rulebooks)
    list_display = ("code", "title", "in_force_from", "in_force_to")
    inlines = (ModuleInline,)

    def is_settled(self, obj: Any) -> bool:
        return is_in_frozen_use(obj)

    def settled_reason(self) -> str:
        return frozen_reason()

    def write(self, obj: Edition, rows: Rows, *, actor: Account, at: datetime) -> None:
        keep_edition(obj, modules=rows, actor=actor, at=at)

    def remove(self, obj: Edition, *, actor: Account, at: datetime) -> None:
        drop_edition(obj, actor=actor, at=at)
