"""After how many months each kind of title is re-examined (称号复核规则)."""

from datetime import datetime

from django.contrib import admin

from enterprises.admin_services import ServedAdmin
from enterprises.models import Account
from enterprises.rights import may_edit_rulebooks
from enterprises.services.rows import Rows

from ..models import TitleTerms
from ..services.title_terms import keep_terms


@admin.register(TitleTerms)
class TitleTermsAdmin(ServedAdmin):
    """One row of each kind of title; never removed."""

    may_edit = staticmethod(may_edit_rulebooks)
    list_display = ("stage", "reexamine_months", "basis")

    def write(self, obj: TitleTerms, rows: Rows, *, actor: Account, at: datetime) -> None:
        keep_terms(obj, actor=actor, at=at)
