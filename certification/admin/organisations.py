"""Certification bodies and advisers (机构); what each edition asks of certificates (版本认证规则)."""

from datetime import datetime

from django.contrib import admin

from enterprises.admin_services import ServedAdmin
from enterprises.models import Account
from enterprises.rights import may_edit_rulebooks, may_keep_organisations
from enterprises.services.rows import Rows

from ..models import EditionTerms, Organisation
from ..services.edition_terms import keep_terms
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


@admin.register(EditionTerms)
class EditionTermsAdmin(ServedAdmin):
    """Validity, surveillance and conversion of certificates, by edition; never removed."""

    may_edit = staticmethod(may_edit_rulebooks)
    list_display = ("edition", "term_months", "surveillance_months", "applications_until", "convert_by")

    def write(self, obj: EditionTerms, rows: Rows, *, actor: Account, at: datetime) -> None:
        keep_terms(obj, actor=actor, at=at)
