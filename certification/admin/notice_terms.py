"""What the public notices of a stage say besides their lines (公示事项)."""

from datetime import datetime

from django.contrib import admin

from enterprises.admin_services import ServedAdmin
from enterprises.models import Account
from enterprises.rights import may_edit_rulebooks
from enterprises.services.rows import Rows

from ..models import NoticeTerms
from ..services.notice_terms import keep_notice_terms


@admin.register(NoticeTerms)
class NoticeTermsAdmin(ServedAdmin):
    """One row of each stage with a panel; never removed."""

    may_edit = staticmethod(may_edit_rulebooks)
    list_display = ("stage", "phone", "supervision_phone", "phones_required")

    def write(self, obj: NoticeTerms, rows: Rows, *, actor: Account, at: datetime) -> None:
        keep_notice_terms(obj, actor=actor, at=at)
