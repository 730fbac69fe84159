"""Plans and their indicators (规划与指标)."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from enterprises.admin_rights import ReadOnlyAdmin, RoleInline, holds, nobody
from enterprises.admin_services import ServedAdmin
from enterprises.models import Account
from enterprises.rights import may_manage_plan
from enterprises.services.rows import Rows

from ..models import Indicator, IndicatorVersion, OutcomeRow, Plan
from ..services.plan_marks import set_marks
from ..services.plans import REVISABLE, revise_indicator


class OutcomeInline(RoleInline):
    """The printed outcome table, as it is."""

    model = OutcomeRow


@admin.register(Plan)
class PlanAdmin(ServedAdmin):
    """Plans; their texts are the source's, the marks at which a figure is at risk are the manager's."""

    may_edit = staticmethod(may_manage_plan)
    list_display = ("title", "starts_on", "ends_on", "is_closed")
    readonly_fields = ("title", "title_en", "source", "starts_on", "ends_on")
    inlines = (OutcomeInline,)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def write(self, obj: Plan, rows: Rows, *, actor: Account, at: datetime) -> None:
        set_marks(obj, at_risk_below=obj.at_risk_below, is_closed=obj.is_closed, actor=actor, at=at)


class VersionInline(RoleInline):
    """The versions of an indicator, all of them on record."""

    model = IndicatorVersion
    fields = ("version", "in_force_from", "name", "target", "opening", "opening_on", "unit", "passage")
    may_edit = staticmethod(nobody)


@admin.register(Indicator)
class IndicatorAdmin(ReadOnlyAdmin):
    """Indicators with their versions."""

    list_display = ("code", "plan", "order")
    list_filter = ("plan",)
    inlines = (VersionInline,)

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*self.list_display, "revise") if holds(request, may_manage_plan) else self.list_display

    @admin.display(description=_("修订"))
    def revise(self, indicator: Indicator) -> str:
        address = reverse("admin:certification_indicatorversion_add")
        return format_html('<a href="{}?indicator={}">{}</a>', address, indicator.pk, _("新增版本"))


@admin.register(IndicatorVersion)
class IndicatorVersionAdmin(ServedAdmin):
    """A version never changes: the plan manager adds the next one, which begins as a copy of the last."""

    may_edit = staticmethod(may_manage_plan)
    exclude = ("version",)
    list_display = ("name", "indicator", "version", "in_force_from", "target", "unit", "opening")
    list_filter = ("indicator__plan", "category", "computed_from")
    list_select_related = ("indicator",)
    search_fields = ("name", "indicator__code")

    def is_settled(self, obj: Any) -> bool:
        return obj.pk is not None

    def settled_reason(self) -> str:
        return str(_("已记载的版本不再变更；需要修订的，请在指标列表中新增版本"))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        last = IndicatorVersion.objects.filter(indicator=_number(request.GET.get("indicator"))).order_by("-version")
        found = last.first()
        return forms.model_to_dict(found, exclude=["version", "in_force_from"]) if found else {}

    def write(self, obj: IndicatorVersion, rows: Rows, *, actor: Account, at: datetime) -> None:
        asked = {name: getattr(obj, name) for name in REVISABLE}
        saved = revise_indicator(obj.indicator, asked, in_force_from=obj.in_force_from, actor=actor, at=at)
        obj.pk, obj.version = saved.pk, saved.version


LONGEST_NUMBER = 18  # of digits: what every database takes for a key


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else 0
