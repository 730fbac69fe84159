"""Background work (任务)."""

from django.contrib import admin

from enterprises.admin_rights import ReadOnlyAdmin
from enterprises.models import Account
from enterprises.roles import Role

from ..models import Job


def runs_the_system(account: Account) -> bool:
    return account.role == Role.SYSTEM_ADMIN


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Background work, for the system administrator."""

    may_view = staticmethod(runs_the_system)
    list_display = ("kind", "state", "done", "total", "message", "created_at", "finished_at")
    list_filter = ("state", "kind")
