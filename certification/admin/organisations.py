"""Certification bodies and advisers (机构)."""

from datetime import datetime

from django.contrib import admin

from enterprises.admin_services import ServedAdmin
from enterprises.models import Account
from enterprises.rights import may_keep_organisations
from enterprises.services.rows import Rows

from ..models import Organisation
from ..services.organisations import drop_organisation, keep_organisation


@admin.register(Organisation)
class OrganisationAdmin(ServedAdmin):
    """Organisations with the days of their approval; whom they advise stands in each enterprise's file."""

    may_edit = staticmethod(may_keep_organisations)
    may_remove = staticmethod(may_keep_organisations)
    list_display = ("code", "name", "is_body", "is_adviser", "approved_from", "approved_to")
    list_filter = ("is_body", "is_adviser")

    def write(self, obj: Organisation, rows: Rows, *, actor: Account, at: datetime) -> None:
        keep_organisation(obj, actor=actor, at=at)

    def remove(self, obj: Organisation, *, actor: Account, at: datetime) -> None:
        drop_organisation(obj, actor=actor, at=at)
