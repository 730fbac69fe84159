"""The rules of a year (规则年度) and what each stage asks for."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.admin_rights import RoleInline
from enterprises.admin_services import ServedAdmin
from enterprises.models import Account
from enterprises.rights import may_edit_rulebooks
from enterprises.services.rows import Rows

from ..errors import Refused
from ..models import EvidenceRule, FieldRule, PanelRule, RouteStep, Rulebook, StageRule, WaitRule
from ..services.rulebook_changes import (
    copy_rulebook,
    drop_rulebook,
    drop_stage_rule,
    frozen_reason,
    keep_rulebook,
    keep_stage_rule,
)
from ..services.rulebook_versions import MOST_REASON, supplement_rulebook


class VersionForm(ActionForm):
    """What a new version of a frozen rulebook needs besides."""

    in_force_from = forms.DateField(
        label=_("启用日"), required=False, widget=forms.DateInput(attrs={"placeholder": "2026-01-31"})
    )
    reason = forms.CharField(label=_("理由"), required=False, max_length=MOST_REASON)


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
class RulebookAdmin(RuleRights, ServedAdmin):
    """The rules of a year."""

    list_display = ("title", "year", "in_force_from", "in_force_to", "frozen_at")
    readonly_fields = ("frozen_at", "digest")
    fields = ("year", "title", "basis", "in_force_from", "in_force_to", "frozen_at", "digest")
    inlines = (StageRuleInline,)
    actions = ("copy_to_next_year", "supplement")
    action_form = VersionForm

    def is_settled(self, obj: Any) -> bool:
        return bool(obj.is_frozen)

    def settled_reason(self) -> str:
        return frozen_reason()

    def write(self, obj: Rulebook, rows: Rows, *, actor: Account, at: datetime) -> None:
        keep_rulebook(obj, stages=rows, actor=actor, at=at)

    def remove(self, obj: Rulebook, *, actor: Account, at: datetime) -> None:
        drop_rulebook(obj, actor=actor, at=at)

    @admin.action(description=_("复制为下一年度（可编辑）"), permissions=["add"])
    def copy_to_next_year(self, request: HttpRequest, chosen: "QuerySet[Rulebook]") -> None:
        at = timezone.now()
        for book in chosen:
            try:
                copy = copy_rulebook(book, in_force_from=date(book.year + 1, 1, 1), actor=request.user, at=at)  # type: ignore[arg-type]
            except Refused as refused:
                self.message_user(request, str(refused), messages.ERROR)
                continue
            self.message_user(request, _("已建立“%(title)s”，请核对后修改") % {"title": copy.title}, messages.SUCCESS)

    @admin.action(description=_("以新版本补充缺少的阶段（须填启用日和理由）"), permissions=["add"])
    def supplement(self, request: HttpRequest, chosen: "QuerySet[Rulebook]") -> None:
        form, at = VersionForm(request.POST), timezone.now()
        form.fields["action"].choices = [("supplement", "")]  # type: ignore[attr-defined]
        day = form.cleaned_data["in_force_from"] if form.is_valid() else None
        for book in chosen:
            try:
                made = supplement_rulebook(
                    book,
                    in_force_from=day or timezone.localdate(at),
                    reason=request.POST.get("reason", ""),
                    actor=request.user,  # type: ignore[arg-type]
                    at=at,
                )
            except Refused as refused:
                self.message_user(request, str(refused), messages.ERROR)
                continue
            said = {"title": made.title, "day": made.in_force_from}
            self.message_user(request, _("已建立“%(title)s”自 %(day)s 起的版本，请核对后修改") % said, messages.SUCCESS)


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


class PanelInline(StagePartInline):
    """Experts, and the notice of their results."""

    model = PanelRule


@admin.register(StageRule)
class StageRuleAdmin(RuleRights, ServedAdmin):
    """What one stage asks for."""

    list_display = ("stage", "rulebook", "edition", "basis")
    list_filter = ("rulebook", "stage")
    list_select_related = ("rulebook", "edition")
    inlines = (RouteInline, WaitInline, FieldInline, EvidenceInline, PanelInline)

    def is_settled(self, obj: Any) -> bool:
        return bool(obj.rulebook.is_frozen)

    def settled_reason(self) -> str:
        return frozen_reason()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "rulebook":
            kwargs["queryset"] = Rulebook.objects.filter(frozen_at__isnull=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def write(self, obj: StageRule, rows: Rows, *, actor: Account, at: datetime) -> None:
        keep_stage_rule(obj, parts=rows, actor=actor, at=at)

    def remove(self, obj: StageRule, *, actor: Account, at: datetime) -> None:
        drop_stage_rule(obj, actor=actor, at=at)
