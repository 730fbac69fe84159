"""Configuration of rules, plans and the calendar. What is frozen or on record is shown, never changed."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from enterprises.admin_rights import ModelForm, ReadOnlyAdmin, RoleAdmin, RoleInline, holds, nobody
from enterprises.models import Account
from enterprises.rights import is_city_reviewer, may_edit_rulebooks, may_manage_plan
from enterprises.roles import Role

from .errors import Refused
from .models import (
    CalendarDay,
    Edition,
    EvidenceRule,
    FieldRule,
    Indicator,
    IndicatorVersion,
    Job,
    ModuleItem,
    OutcomeRow,
    Plan,
    RouteStep,
    Rulebook,
    StageRule,
    WaitRule,
)
from .services.plans import checked_revision, revise_indicator
from .services.rulebook_copies import copy_rulebook


def runs_the_system(account: Account) -> bool:
    return account.role == Role.SYSTEM_ADMIN


def _held(request: HttpRequest, row: Any, book: int) -> Any:
    """The row read again under its rulebook's lock: no submission freezes it while a change is written."""
    if request.method == "POST":
        list(Rulebook.objects.select_for_update().filter(pk=book))
        row.refresh_from_db()
    return row


class RuleRights:
    """Rules are the city's to edit, until the first application is submitted under them."""

    may_edit = staticmethod(may_edit_rulebooks)
    may_remove = staticmethod(may_edit_rulebooks)


class StageRuleInline(RuleRights, RoleInline):
    """The stages of a rulebook."""

    model = StageRule
    fields = ("stage", "basis", "edition")

    def is_settled(self, obj: Any) -> bool:
        return bool(obj.is_frozen)


@admin.register(Rulebook)
class RulebookAdmin(RuleRights, RoleAdmin):
    """The rules of a year."""

    list_display = ("title", "year", "in_force_from", "in_force_to", "frozen_at")
    readonly_fields = ("frozen_at", "digest")
    fields = ("year", "title", "basis", "in_force_from", "in_force_to", "frozen_at", "digest")
    inlines = (StageRuleInline,)
    actions = ("copy_to_next_year",)

    def is_settled(self, obj: Any) -> bool:
        return bool(obj.is_frozen)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        return _held(request, found, found.pk) if found else None

    @admin.action(description=_("复制为下一年度（可编辑）"), permissions=["add"])
    def copy_to_next_year(self, request: HttpRequest, chosen: "QuerySet[Rulebook]") -> None:
        for book in chosen:
            try:
                copy = copy_rulebook(book, in_force_from=date(book.year + 1, 1, 1))
            except Refused as refused:
                self.message_user(request, str(refused), messages.ERROR)
                continue
            self.message_user(request, _("已建立“%(title)s”，请核对后修改") % {"title": copy.title}, messages.SUCCESS)


class StagePartInline(RuleRights, RoleInline):
    """Rows of a stage rule, narrow enough to stand in one line."""

    formfield_overrides = {
        models.CharField: {"widget": forms.TextInput(attrs={"size": 14})},
        models.JSONField: {"widget": forms.Textarea(attrs={"rows": 1, "cols": 14})},
        models.DecimalField: {"widget": forms.NumberInput(attrs={"class": "vSmallInput"})},
    }

    def is_settled(self, obj: Any) -> bool:
        return bool(obj.rulebook.is_frozen)


class RouteInline(StagePartInline):
    """Levels and time limits."""

    model = RouteStep


class WaitInline(StagePartInline):
    """Stages that come first, and how long before."""

    model = WaitRule


class FieldInline(StagePartInline):
    """Fields of the form."""

    model = FieldRule


class EvidenceInline(StagePartInline):
    """Papers."""

    model = EvidenceRule


@admin.register(StageRule)
class StageRuleAdmin(RuleRights, RoleAdmin):
    """What one stage asks for."""

    list_display = ("stage", "rulebook", "edition", "basis")
    list_filter = ("rulebook", "stage")
    list_select_related = ("rulebook", "edition")
    inlines = (RouteInline, WaitInline, FieldInline, EvidenceInline)

    def is_settled(self, obj: Any) -> bool:
        return bool(obj.rulebook.is_frozen)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        return _held(request, found, found.rulebook_id) if found else None

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "rulebook":
            kwargs["queryset"] = Rulebook.objects.filter(frozen_at__isnull=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ModuleInline(RuleRights, RoleInline):
    """The menu of an edition."""

    model = ModuleItem

    def is_settled(self, obj: Any) -> bool:
        return is_in_frozen_use(obj)


@admin.register(Edition)
class EditionAdmin(RuleRights, RoleAdmin):
    """Editions of the standard; one that a frozen rulebook uses no longer changes."""

    list_display = ("code", "title", "in_force_from", "in_force_to")
    inlines = (ModuleInline,)

    def is_settled(self, obj: Any) -> bool:
        return is_in_frozen_use(obj)


def is_in_frozen_use(edition: Edition) -> bool:
    return StageRule.objects.filter(edition=edition, rulebook__frozen_at__isnull=False).exists()


@admin.register(CalendarDay)
class CalendarDayAdmin(RoleAdmin):
    """Holidays and moved working days, by each year's notice."""

    may_edit = staticmethod(is_city_reviewer)
    may_remove = staticmethod(is_city_reviewer)
    list_display = ("day", "name", "is_working", "source")
    list_filter = ("is_working",)
    date_hierarchy = "day"


class OutcomeInline(RoleInline):
    """The printed outcome table, as it is."""

    model = OutcomeRow


@admin.register(Plan)
class PlanAdmin(RoleAdmin):
    """Plans; their texts are the source's, the marks at which a figure is at risk are the manager's."""

    may_edit = staticmethod(may_manage_plan)
    list_display = ("title", "starts_on", "ends_on", "is_closed")
    readonly_fields = ("code", "title", "title_en", "source", "starts_on", "ends_on")
    inlines = (OutcomeInline,)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


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


class VersionForm(ModelForm):
    """A new version of an indicator."""

    class Meta:
        model = IndicatorVersion
        exclude = ("version",)

    actor: Account

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        indicator, since = asked.get("indicator"), asked.get("in_force_from")
        if indicator and since and not self.errors:
            try:
                checked_revision(indicator, asked, in_force_from=since, actor=self.actor, at=timezone.now())
            except Refused as refused:
                for refusal in refused.refusals:
                    self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
        return asked


@admin.register(IndicatorVersion)
class IndicatorVersionAdmin(RoleAdmin):
    """A version never changes: the plan manager adds the next one, which begins as a copy of the last."""

    may_edit = staticmethod(may_manage_plan)
    form = VersionForm
    list_display = ("name", "indicator", "version", "in_force_from", "target", "unit", "opening")
    list_filter = ("indicator__plan", "category", "computed_from")
    list_select_related = ("indicator",)
    search_fields = ("name", "indicator__code")

    def is_settled(self, obj: Any) -> bool:
        return obj.pk is not None

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        last = IndicatorVersion.objects.filter(indicator=_number(request.GET.get("indicator"))).order_by("-version")
        found = last.first()
        return forms.model_to_dict(found, exclude=["version", "in_force_from"]) if found else {}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        asked, actor = form.cleaned_data, form.actor
        since = asked["in_force_from"]
        saved = revise_indicator(obj.indicator, asked, in_force_from=since, actor=actor, at=timezone.now())
        obj.pk, obj.version = saved.pk, saved.version

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made: Any = super().get_form(request, obj, change, **kwargs)  # a class of this request's own
        made.actor = request.user
        return made


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() else 0


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Background work, for the system administrator."""

    may_view = staticmethod(runs_the_system)
    list_display = ("kind", "state", "done", "total", "message", "created_at", "finished_at")
    list_filter = ("state", "kind")
