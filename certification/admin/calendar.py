"""Holidays and moved working days (节假日与调休)."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.admin_rights import holds
from enterprises.admin_services import ServedAdmin
from enterprises.models import Account
from enterprises.rights import may_keep_calendar
from enterprises.services.rows import Rows

from ..models import CalendarDay
from ..services.calendar_days import drop_day, keep_day
from ..services.clock import provisional_years


@admin.register(CalendarDay)
class CalendarDayAdmin(ServedAdmin):
    """Holidays and moved working days, by each year's notice."""

    may_edit = staticmethod(may_keep_calendar)
    may_remove = staticmethod(may_keep_calendar)
    list_display = ("day", "name", "is_working", "source")
    list_filter = ("is_working",)
    date_hierarchy = "day"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method == "GET" and holds(request, may_keep_calendar):
            for year in provisional_years(on=timezone.localdate()):
                said = _("尚无 %(year)s 年的调休安排，而办理期限已延入该年；请按国务院办公厅通知录入")
                self.message_user(request, said % {"year": year}, messages.WARNING)
        return super().changelist_view(request, extra_context)

    def write(self, obj: CalendarDay, rows: Rows, *, actor: Account, at: datetime) -> None:
        keep_day(obj, actor=actor, at=at)

    def remove(self, obj: CalendarDay, *, actor: Account, at: datetime) -> None:
        drop_day(obj, actor=actor, at=at)
